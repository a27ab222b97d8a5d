/**
 * The archive: what the drain writes of each project's log. Row writes are the
 * bill, so the wide rows are JSON, an entity is one row whatever happens to it,
 * and there is one secondary index. Reads cost a thousandth of a write: other
 * questions scan the project's rows.
 *
 * The migration makes these tables WITHOUT ROWID (but for the segments, whose
 * blobs are large): with a rowid, the text keys would cost a second row each.
 *
 * No row references `project`: a room drains what it holds, also when the
 * project's row is late or gone.
 */
import { blob, index, integer, primaryKey, real, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** How far the archive is. Only its own drain moves it, in one batch with everything else. */
export const archive_cursor = sqliteTable("archive_cursor", {
  project_id: text("project_id").primaryKey(),
  /** The last seq that is in the archive. */
  seq: integer("seq").notNull(),
  /** The running maximum of event time there, ms. */
  time: integer("time").notNull(),
  /** How often events of the log were destroyed, before what is in the archive was copied. */
  generation: integer("generation").notNull().default(0),
});

/** Some thousand events. Inserted first, and only at the cursor: what keeps a step from being done twice. */
export const archive_segment = sqliteTable(
  "archive_segment",
  {
    project_id: text("project_id").notNull(),
    first_seq: integer("first_seq").notNull(),
    last_seq: integer("last_seq").notNull(),
    /** The earliest and the latest event time in it, ms. */
    first_time: integer("first_time").notNull(),
    last_time: integer("last_time").notNull(),
    /** Hex: the chain's hash after `last_seq`; empty where the segment ends inside a commit. */
    head: text("head").notNull(),
    /** gzip of the stored JSON texts, one a line; an empty line is a forgotten event. */
    events: blob("events", { mode: "buffer" }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.project_id, table.first_seq] })],
);

/** `row` is the JSON of a whole Task, folded from every event about it. */
export const archive_task = sqliteTable(
  "archive_task",
  {
    project_id: text("project_id").notNull(),
    id: text("id").notNull(),
    feature_id: text("feature_id"),
    assignee: text("assignee"),
    status: text("status").notNull(),
    updated_at: integer("updated_at").notNull(),
    last_seq: integer("last_seq").notNull(),
    row: text("row").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.project_id, table.id] }),
    index("archive_task_feature").on(table.project_id, table.feature_id),
  ],
);

export const archive_feature = sqliteTable(
  "archive_feature",
  {
    project_id: text("project_id").notNull(),
    id: text("id").notNull(),
    status: text("status").notNull(),
    updated_at: integer("updated_at").notNull(),
    last_seq: integer("last_seq").notNull(),
    row: text("row").notNull(),
  },
  (table) => [primaryKey({ columns: [table.project_id, table.id] })],
);

export const archive_agent = sqliteTable(
  "archive_agent",
  {
    project_id: text("project_id").notNull(),
    id: text("id").notNull(),
    role: text("role"),
    status: text("status").notNull(),
    /** `last_seen` of the agent, ms. */
    updated_at: integer("updated_at").notNull(),
    last_seq: integer("last_seq").notNull(),
    row: text("row").notNull(),
  },
  (table) => [primaryKey({ columns: [table.project_id, table.id] })],
);

/** What happened in one hour of event time. Sums over a project's hours are the counters of its room. */
export const archive_hour = sqliteTable(
  "archive_hour",
  {
    project_id: text("project_id").notNull(),
    /** Hours since the epoch. */
    hour: integer("hour").notNull(),
    events: integer("events").notNull(),
    /** JSON: `[[event_type, count], …]`. */
    by_type: text("by_type").notNull(),
    /** The columns of `Usage`; calls of unknown cost are `calls - reported_calls - priced_calls` (M2). */
    calls: integer("calls").notNull(),
    input_tokens: real("input_tokens").notNull(),
    cache_read_tokens: real("cache_read_tokens").notNull(),
    cache_write_tokens: real("cache_write_tokens").notNull(),
    output_tokens: real("output_tokens").notNull(),
    reasoning_tokens: real("reasoning_tokens").notNull(),
    reported_calls: integer("reported_calls").notNull(),
    reported_usd: real("reported_usd").notNull(),
    priced_calls: integer("priced_calls").notNull(),
    priced_usd: real("priced_usd").notNull(),
  },
  (table) => [primaryKey({ columns: [table.project_id, table.hour] })],
);

/** What is added up for the metrics in one hour of event time: events, and the facts of tasks and features. */
export const archive_tally = sqliteTable(
  "archive_tally",
  {
    project_id: text("project_id").notNull(),
    /** Hours since the epoch. */
    hour: integer("hour").notNull(),
    /** JSON: `WireCell[]`, see schema/metric/cell.ts. */
    cells: text("cells").notNull(),
  },
  (table) => [primaryKey({ columns: [table.project_id, table.hour] })],
);
