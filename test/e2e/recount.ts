/** D1 as it lies on disk, counted in SQL: a second way to the numbers that a room gives. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Usage } from "../../schema/state/entity/usage.ts";
import type { WireState } from "../../schema/state/state.ts";
import { createUsage } from "../../schema/state/usage.ts";

export interface Count {
  events: number;
  by_type: Record<string, number>;
  usage: Usage;
  tasks: Record<string, number>;
  features: Record<string, number>;
  agents: Record<string, number>;
}

/** The database of a data folder, read beside the server that writes it. */
export function openArchive(data: string): DatabaseSync {
  const folder = join(data, "d1");
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    if (!name.endsWith(".sqlite")) continue;
    const db = new DatabaseSync(join(folder, name), { readOnly: true });
    const found = db.prepare("SELECT 1 FROM sqlite_master WHERE name = 'archive_cursor'").get();
    if (found !== undefined) return db;
    db.close();
  }
  throw new Error(`no database with an archive below ${folder}`);
}

export function cursorOf(db: DatabaseSync, project: string): number {
  const row = db.prepare("SELECT seq FROM archive_cursor WHERE project_id = ?").get(project);
  return Number(row?.["seq"] ?? 0);
}

export function recount(db: DatabaseSync, project: string): Count {
  const grouped = (sql: string) => {
    const rows = db.prepare(sql).all(project) as { name: string; n: number }[];
    return Object.fromEntries(rows.map(({ name, n }) => [name, n]));
  };
  const usage = createUsage();
  const sums = Object.keys(usage).map((column) => `total(${column}) AS ${column}`);
  const total = db
    .prepare(`SELECT total(events) AS events, ${sums.join(", ")} FROM archive_hour WHERE project_id = ?`)
    .get(project) as Record<string, number>;
  const by_status = (table: string) =>
    grouped(`SELECT status AS name, count(*) AS n FROM ${table} WHERE project_id = ? GROUP BY 1`);
  return {
    events: total["events"] ?? 0,
    by_type: grouped(
      `SELECT pair.value ->> 0 AS name, sum(pair.value ->> 1) AS n
       FROM archive_hour, json_each(by_type) AS pair WHERE project_id = ? GROUP BY 1`,
    ),
    usage: Object.fromEntries(Object.keys(usage).map((key) => [key, total[key] ?? 0])) as unknown as Usage,
    tasks: by_status("archive_task"),
    features: by_status("archive_feature"),
    agents: by_status("archive_agent"),
  };
}

/** Each entity's JSON by its id. */
export function rowsOf(db: DatabaseSync, table: string, project: string): Record<string, string> {
  const rows = db.prepare(`SELECT id, row FROM ${table} WHERE project_id = ?`).all(project);
  return Object.fromEntries((rows as { id: string; row: string }[]).map(({ id, row }) => [id, row]));
}

export function byStatus(entities: Iterable<{ status: string }>): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { status } of entities) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

/** The same of a room's state; whole only where nothing was forgotten. */
export function countersOf(state: WireState): Count {
  return {
    events: state.counters.events,
    by_type: Object.fromEntries(state.counters.by_type),
    usage: state.usage,
    tasks: byStatus([...state.open_tasks, ...state.closed_tasks]),
    features: byStatus([...state.open_features, ...state.closed_features]),
    agents: byStatus(state.agents),
  };
}
