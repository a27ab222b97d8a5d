/** Projects and the API keys of their senders and readers. Clusterfork's own tables. */
import { index, integer, real, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import { organization, user } from "./auth.ts";

export const project = sqliteTable(
  "project",
  {
    /** `p` and 15 characters [a-z0-9]; names the project's room and stands in its keys. */
    id: text("id").primaryKey(),
    team_id: text("team_id")
      .notNull()
      .references(() => organization.id, { onDelete: "cascade" }),
    name: text("name").notNull(),
    /** Second part of its page addresses. Stays when the project is renamed, so links stay good. */
    slug: text("slug").notNull(),
    /** Fed by the simulated team, and labelled so wherever it is shown. */
    sample: integer("sample", { mode: "boolean" }).notNull().default(false),
    created_at: integer("created_at", { mode: "timestamp_ms" }).notNull(),
  },
  (table) => [uniqueIndex("project_team_slug").on(table.team_id, table.slug)],
);

/**
 * What people see of a key. The hash of its secret is not here: the room alone
 * holds it and decides. `ready_at` is null until the room knows the key; such a
 * row was never shown to anyone, and is revoked by the next look at the list.
 */
export const api_key = sqliteTable(
  "api_key",
  {
    /** 12 characters [a-z0-9]. */
    id: text("id").primaryKey(),
    project_id: text("project_id")
      .notNull()
      .references(() => project.id, { onDelete: "cascade" }),
    name: text("name").notNull(),
    scopes: text("scopes", { mode: "json" }).$type<string[]>().notNull(),
    created_at: integer("created_at", { mode: "timestamp_ms" }).notNull(),
    ready_at: integer("ready_at", { mode: "timestamp_ms" }),
    revoked_at: integer("revoked_at", { mode: "timestamp_ms" }),
    created_by: text("created_by").references(() => user.id, { onDelete: "set null" }),
  },
  (table) => [index("api_key_project_id").on(table.project_id)],
);

/** What a project's admins set. A project without a row has the defaults. */
export const project_setting = sqliteTable("project_setting", {
  project_id: text("project_id")
    .primaryKey()
    .references(() => project.id, { onDelete: "cascade" }),
  /** `live`: frames of at most 50 ms; `batched`: one a minute. */
  delivery: text("delivery").notNull().default("live"),
  /** Origin of the installation that gets this project's hourly sums; null: nothing leaves. */
  forward_url: text("forward_url"),
  /** The key it is sent with, sealed with the installation's secret. */
  forward_key: text("forward_key"),
  /** Hours since the epoch: the last one that was forwarded; null: none yet. */
  forwarded_hour: integer("forwarded_hour"),
  /** JSON of an `IntakeSettings` (schema/wire/intake.ts); null: the defaults. */
  intake: text("intake"),
  /** What an hour of work is meant to stay below, USD; null: no cap. */
  cost_per_hour_cap_usd: real("cost_per_hour_cap_usd"),
  /** Numbers of files: fewer are simple, more than `complex_above` are complex; both null: as usual. */
  simple_below: integer("simple_below"),
  complex_above: integer("complex_above"),
  /** JSON of a `LearningSettings` (schema/wire/learning.ts); null: the defaults. */
  learning: text("learning"),
  updated_at: integer("updated_at", { mode: "timestamp_ms" }).notNull(),
});
