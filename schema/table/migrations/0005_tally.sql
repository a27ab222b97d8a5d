-- WITHOUT ROWID is added by hand (drizzle cannot say it): one row written per insert instead of two.
CREATE TABLE `archive_tally` (
	`project_id` text NOT NULL,
	`hour` integer NOT NULL,
	`cells` text NOT NULL,
	PRIMARY KEY(`project_id`, `hour`)
) WITHOUT ROWID;
--> statement-breakpoint
-- What was copied before has no tally: each room copies its log anew, with its next event.
DELETE FROM archive_segment;
--> statement-breakpoint
DELETE FROM archive_task;
--> statement-breakpoint
DELETE FROM archive_feature;
--> statement-breakpoint
DELETE FROM archive_agent;
--> statement-breakpoint
DELETE FROM archive_hour;
--> statement-breakpoint
UPDATE archive_cursor SET seq = 0, time = 0;
