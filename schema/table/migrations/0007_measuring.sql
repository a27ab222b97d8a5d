ALTER TABLE `project_setting` ADD `cost_per_hour_cap_usd` real;--> statement-breakpoint
ALTER TABLE `project_setting` ADD `simple_below` integer;--> statement-breakpoint
ALTER TABLE `project_setting` ADD `complex_above` integer;