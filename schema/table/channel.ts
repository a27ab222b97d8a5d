/** Where the alerts of a project are told besides its pages. */
import { index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { user } from "./auth.ts";
import { project } from "./project.ts";

export const alert_channel = sqliteTable(
  "alert_channel",
  {
    /** 12 characters [a-z0-9]. */
    id: text("id").primaryKey(),
    project_id: text("project_id")
      .notNull()
      .references(() => project.id, { onDelete: "cascade" }),
    /** `webhook`, `slack` or `email`. */
    kind: text("kind").notNull(),
    name: text("name").notNull(),
    /** What may be shown of the target: an origin, or an e-mail address. */
    shown: text("shown").notNull(),
    /** The whole target as JSON, sealed with the installation's secret: an address may hold one too. */
    sealed: text("sealed").notNull(),
    /** The least severity that is told. */
    least: text("least").notNull(),
    created_at: integer("created_at", { mode: "timestamp_ms" }).notNull(),
    created_by: text("created_by").references(() => user.id, { onDelete: "set null" }),
  },
  (table) => [index("alert_channel_project_id").on(table.project_id)],
);
