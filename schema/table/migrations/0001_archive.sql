-- WITHOUT ROWID is added by hand (drizzle cannot say it): one row written per insert instead of two.
CREATE TABLE `archive_agent` (
	`project_id` text NOT NULL,
	`id` text NOT NULL,
	`role` text,
	`status` text NOT NULL,
	`updated_at` integer NOT NULL,
	`last_seq` integer NOT NULL,
	`row` text NOT NULL,
	PRIMARY KEY(`project_id`, `id`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `archive_cursor` (
	`project_id` text PRIMARY KEY NOT NULL,
	`seq` integer NOT NULL,
	`time` integer NOT NULL
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `archive_feature` (
	`project_id` text NOT NULL,
	`id` text NOT NULL,
	`status` text NOT NULL,
	`updated_at` integer NOT NULL,
	`last_seq` integer NOT NULL,
	`row` text NOT NULL,
	PRIMARY KEY(`project_id`, `id`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `archive_hour` (
	`project_id` text NOT NULL,
	`hour` integer NOT NULL,
	`events` integer NOT NULL,
	`by_type` text NOT NULL,
	`calls` integer NOT NULL,
	`input_tokens` real NOT NULL,
	`cache_read_tokens` real NOT NULL,
	`cache_write_tokens` real NOT NULL,
	`output_tokens` real NOT NULL,
	`reasoning_tokens` real NOT NULL,
	`reported_calls` integer NOT NULL,
	`reported_usd` real NOT NULL,
	`priced_calls` integer NOT NULL,
	`priced_usd` real NOT NULL,
	PRIMARY KEY(`project_id`, `hour`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `archive_segment` (
	`project_id` text NOT NULL,
	`first_seq` integer NOT NULL,
	`last_seq` integer NOT NULL,
	`first_time` integer NOT NULL,
	`last_time` integer NOT NULL,
	`head` text NOT NULL,
	`events` blob NOT NULL,
	PRIMARY KEY(`project_id`, `first_seq`)
);
--> statement-breakpoint
CREATE TABLE `archive_task` (
	`project_id` text NOT NULL,
	`id` text NOT NULL,
	`feature_id` text,
	`assignee` text,
	`status` text NOT NULL,
	`updated_at` integer NOT NULL,
	`last_seq` integer NOT NULL,
	`row` text NOT NULL,
	PRIMARY KEY(`project_id`, `id`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `archive_task_feature` ON `archive_task` (`project_id`,`feature_id`);