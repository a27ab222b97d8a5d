CREATE TABLE `project_setting` (
	`project_id` text PRIMARY KEY NOT NULL,
	`delivery` text DEFAULT 'live' NOT NULL,
	`forward_url` text,
	`forward_key` text,
	`forwarded_hour` integer,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`project_id`) REFERENCES `project`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `share_link` (
	`id` text PRIMARY KEY NOT NULL,
	`project_id` text NOT NULL,
	`name` text NOT NULL,
	`views` text NOT NULL,
	`redactions` text NOT NULL,
	`passphrase_hash` text,
	`expires_at` integer,
	`created_at` integer NOT NULL,
	`created_by` text,
	`ready_at` integer,
	`revoked_at` integer,
	`last_opened_at` integer,
	`opened_count` integer DEFAULT 0 NOT NULL,
	FOREIGN KEY (`project_id`) REFERENCES `project`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`created_by`) REFERENCES `user`(`id`) ON UPDATE no action ON DELETE set null
);
--> statement-breakpoint
CREATE INDEX `share_link_project_id` ON `share_link` (`project_id`);--> statement-breakpoint
CREATE TABLE `team_invitation` (
	`id` text PRIMARY KEY NOT NULL,
	`team_id` text NOT NULL,
	`role` text NOT NULL,
	`note` text DEFAULT '' NOT NULL,
	`secret_sha256` text NOT NULL,
	`created_at` integer NOT NULL,
	`created_by` text,
	`expires_at` integer NOT NULL,
	`accepted_at` integer,
	`accepted_by` text,
	`revoked_at` integer,
	FOREIGN KEY (`team_id`) REFERENCES `organization`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`created_by`) REFERENCES `user`(`id`) ON UPDATE no action ON DELETE set null,
	FOREIGN KEY (`accepted_by`) REFERENCES `user`(`id`) ON UPDATE no action ON DELETE set null
);
--> statement-breakpoint
CREATE INDEX `team_invitation_team_id` ON `team_invitation` (`team_id`);--> statement-breakpoint
ALTER TABLE `project` ADD `sample` integer DEFAULT false NOT NULL;