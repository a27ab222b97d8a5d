/**
 * Every table of D1. Migrations are generated from here (`npx drizzle-kit
 * generate`) into ./migrations, and applied by `wrangler d1 migrations`, by
 * `npm start` and by the tests. A committed migration is never edited.
 */
export { account, invitation, member, organization, session, user, verification } from "./auth.ts";
export { api_key, project, project_setting } from "./project.ts";
export { share_link, team_invitation } from "./share.ts";
export { attempt } from "./attempt.ts";
export { alert_channel } from "./channel.ts";
export {
  archive_agent,
  archive_cursor,
  archive_feature,
  archive_hour,
  archive_segment,
  archive_tally,
  archive_task,
} from "./archive.ts";
