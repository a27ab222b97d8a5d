/**
 * Entities and hours as rows of D1. Ids and rows travel as one JSON text per
 * statement and are taken apart by SQLite: a step is a handful of statements,
 * not thousands.
 */
import type { Agent } from "../../schema/state/entity/agent.ts";
import type { Task } from "../../schema/state/entity/task.ts";
import type { Usage } from "../../schema/state/entity/usage.ts";
import {
  withFeaturePast,
  withTaskPast,
  type StoredFeature,
  type StoredTask,
} from "../../schema/state/past.ts";
import { createUsage } from "../../schema/state/usage.ts";
import type { Entities, EntityIds } from "./entities.ts";
import type { Hour } from "./hours.ts";
import { LOOKUP_IDS, MAX_STATEMENT_LENGTH } from "./limits.ts";

const USAGE_COLUMNS = Object.keys(createUsage()) as (keyof Usage)[];

/** Entities as the archive holds them, and the texts they were read from, to tell what changed. */
export interface Archived {
  entities: Entities;
  texts: { [K in keyof Entities]: Map<string, string> };
}

export function noneArchived(): Archived {
  return {
    entities: { tasks: new Map(), features: new Map(), agents: new Map() },
    texts: { tasks: new Map(), features: new Map(), agents: new Map() },
  };
}

const TABLE = { tasks: "archive_task", features: "archive_feature", agents: "archive_agent" } as const;

/** Reads those of `ids` that are not read yet. One round trip. */
export async function readEntities(
  db: D1Database,
  project_id: string,
  ids: Partial<EntityIds>,
  into: Archived,
): Promise<void> {
  const wanted: { kind: keyof Entities; statement: D1PreparedStatement }[] = [];
  for (const kind of ["tasks", "features", "agents"] as const) {
    const missing = [...(ids[kind] ?? [])].filter((id) => !into.entities[kind].has(id));
    for (let from = 0; from < missing.length; from += LOOKUP_IDS) {
      const statement = db
        .prepare(
          `SELECT id, row FROM ${TABLE[kind]} WHERE project_id = ?1 AND id IN (SELECT value FROM json_each(?2))`,
        )
        .bind(project_id, JSON.stringify(missing.slice(from, from + LOOKUP_IDS)));
      wanted.push({ kind, statement });
    }
  }
  if (wanted.length === 0) return;
  const replies = await db.batch<{ id: string; row: string }>(wanted.map(({ statement }) => statement));
  replies.forEach(({ results }, i) => {
    const kind = wanted[i]?.kind;
    if (kind === undefined) return;
    for (const { id, row } of results) {
      // The archive wrote this text from an entity of this kind.
      if (kind === "tasks") into.entities.tasks.set(id, withTaskPast(JSON.parse(row) as StoredTask));
      else if (kind === "features")
        into.entities.features.set(id, withFeaturePast(JSON.parse(row) as StoredFeature));
      else into.entities.agents.set(id, JSON.parse(row) as Agent);
      into.texts[kind].set(id, row);
    }
  });
}

/** Upserts of what differs from what was read. */
export function entityStatements(
  db: D1Database,
  project_id: string,
  archived: Archived,
): D1PreparedStatement[] {
  const { entities, texts } = archived;
  const tasks: Json[][] = [];
  const moved: Json[][] = [];
  for (const task of entities.tasks.values()) {
    const row = JSON.stringify(task);
    const before = texts.tasks.get(task.id);
    if (row === before) continue;
    const { id, feature_id, assignee, status, updated_at, last_seq } = task;
    tasks.push([id, feature_id, assignee, status, updated_at, last_seq, row]);
    if (before !== undefined && (JSON.parse(before) as Task).feature_id !== feature_id)
      moved.push([id, feature_id]);
  }
  const features: Json[][] = [];
  for (const feature of entities.features.values()) {
    const row = JSON.stringify(feature);
    if (row === texts.features.get(feature.id)) continue;
    features.push([feature.id, feature.status, feature.updated_at, feature.last_seq, row]);
  }
  const agents: Json[][] = [];
  for (const agent of entities.agents.values()) {
    const row = JSON.stringify(agent);
    if (row === texts.agents.get(agent.id)) continue;
    agents.push([agent.id, agent.role, agent.status, agent.last_seen, agent.last_seq, row]);
  }
  const upsert = (table: string, columns: string[], unindexed: string[], rows: Json[][]) =>
    statements(db, project_id, rows, upsertOf(table, "id", columns, unindexed));
  return [
    // `feature_id` stands in an index, and an index is rewritten whenever its column is set: so it is set apart.
    ...upsert(
      "archive_task",
      ["id", "feature_id", "assignee", "status", "updated_at", "last_seq", "row"],
      ["assignee", "status", "updated_at", "last_seq", "row"],
      tasks,
    ),
    ...statements(
      db,
      project_id,
      moved,
      `UPDATE archive_task SET feature_id = given.value ->> 1 FROM json_each(?2) AS given
       WHERE project_id = ?1 AND archive_task.id = given.value ->> 0`,
    ),
    ...upsert(
      "archive_feature",
      ["id", "status", "updated_at", "last_seq", "row"],
      ["status", "updated_at", "last_seq", "row"],
      features,
    ),
    ...upsert(
      "archive_agent",
      ["id", "role", "status", "updated_at", "last_seq", "row"],
      ["role", "status", "updated_at", "last_seq", "row"],
      agents,
    ),
  ];
}

const HOUR_COLUMNS = ["events", "by_type", ...USAGE_COLUMNS];

export async function readHours(
  db: D1Database,
  project_id: string,
  numbers: readonly number[],
): Promise<Map<number, Hour>> {
  const hours = new Map<number, Hour>();
  for (let from = 0; from < numbers.length; from += LOOKUP_IDS) {
    const { results } = await db
      .prepare(
        "SELECT * FROM archive_hour WHERE project_id = ?1 AND hour IN (SELECT value FROM json_each(?2))",
      )
      .bind(project_id, JSON.stringify(numbers.slice(from, from + LOOKUP_IDS)))
      .all<HourRow>();
    for (const row of results) hours.set(row.hour, hourIn(row));
  }
  return hours;
}

export type HourRow = Usage & { hour: number; events: number; by_type: string };

export function hourIn(row: HourRow): Hour {
  const usage = createUsage();
  for (const key of USAGE_COLUMNS) usage[key] = row[key];
  return {
    hour: row.hour,
    events: row.events,
    by_type: new Map(JSON.parse(row.by_type) as [string, number][]),
    usage,
  };
}

export function hourStatements(
  db: D1Database,
  project_id: string,
  hours: Iterable<Hour>,
): D1PreparedStatement[] {
  const rows = Array.from(hours, ({ hour, events, by_type, usage }): Json[] => [
    hour,
    events,
    JSON.stringify([...by_type]),
    ...USAGE_COLUMNS.map((key) => usage[key]),
  ]);
  return statements(
    db,
    project_id,
    rows,
    upsertOf("archive_hour", "hour", ["hour", ...HOUR_COLUMNS], HOUR_COLUMNS),
  );
}

type Json = string | number | null;

export function upsertOf(table: string, key: string, columns: string[], updated: string[]): string {
  const values = columns.map((_, i) => `value ->> ${i}`).join(", ");
  const set = updated.map((column) => `${column} = excluded.${column}`).join(", ");
  return `INSERT INTO ${table} (project_id, ${columns.join(", ")})
          SELECT ?1, ${values} FROM json_each(?2) WHERE true
          ON CONFLICT (project_id, ${key}) DO UPDATE SET ${set}`;
}

/** One statement per MAX_STATEMENT_LENGTH of rows. */
export function statements(
  db: D1Database,
  project_id: string,
  rows: readonly Json[][],
  query: string,
): D1PreparedStatement[] {
  const texts: string[] = [];
  let part: string[] = [];
  let length = 0;
  for (const row of rows) {
    const text = JSON.stringify(row);
    if (length > 0 && length + text.length > MAX_STATEMENT_LENGTH) {
      texts.push(`[${part.join(",")}]`);
      part = [];
      length = 0;
    }
    part.push(text);
    length += text.length;
  }
  if (length > 0) texts.push(`[${part.join(",")}]`);
  const prepared = db.prepare(query);
  return texts.map((text) => prepared.bind(project_id, text));
}
