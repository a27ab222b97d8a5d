/** Whole rows of tasks, features and agents: what the hot state has forgotten, or knows only in part. */
import {
  withFeaturePast,
  withTaskPast,
  type StoredFeature,
  type StoredTask,
} from "../../schema/state/past.ts";
import type { Agent } from "../../schema/state/entity/agent.ts";
import type { Feature } from "../../schema/state/entity/feature.ts";
import type { Task } from "../../schema/state/entity/task.ts";
import { MAX_HISTORY_ROWS } from "./limits.ts";

const TABLE = { task: "archive_task", feature: "archive_feature", agent: "archive_agent" } as const;
export type EntityKind = keyof typeof TABLE;

interface EntityOf {
  task: Task;
  feature: Feature;
  agent: Agent;
}

/** The drain wrote each from an entity of its kind, maybe before that had all of its fields. */
const READ: { [K in EntityKind]: (row: string) => EntityOf[K] } = {
  task: (row) => withTaskPast(JSON.parse(row) as StoredTask),
  feature: (row) => withFeaturePast(JSON.parse(row) as StoredFeature),
  agent: (row) => JSON.parse(row) as Agent,
};

/** Absent parts ask for nothing. Times are ms, and compare with the newest event about the entity. */
export interface HistoryFilter {
  status?: readonly string[];
  /** Tasks only. */
  feature?: string;
  /** Tasks only: the assignee. */
  agent?: string;
  /** Agents only. */
  role?: string;
  from?: number;
  to?: number;
  /** The id that the last page ended with. */
  after?: string;
  limit?: number;
}

export interface HistoryPage<K extends EntityKind> {
  entities: EntityOf[K][];
  /** `after` of the next page; null at the end. */
  next: string | null;
}

/** The entity as the archive has it; null when it has none. */
export async function findArchived<K extends EntityKind>(
  db: D1Database,
  project_id: string,
  kind: K,
  id: string,
): Promise<EntityOf[K] | null> {
  const found = await db
    .prepare(`SELECT row FROM ${TABLE[kind]} WHERE project_id = ? AND id = ?`)
    .bind(project_id, id)
    .first<{ row: string }>();
  return found === null ? null : READ[kind](found.row);
}

/** D1 binds a hundred values to a statement; one is the project. */
const MAX_IDS = 99;

/** Those of these tasks that the archive has. */
export async function findArchivedTasks(
  db: D1Database,
  project_id: string,
  ids: readonly string[],
): Promise<Task[]> {
  const found: Task[] = [];
  for (let from = 0; from < ids.length; from += MAX_IDS) {
    const some = ids.slice(from, from + MAX_IDS);
    const { results } = await db
      .prepare(
        `SELECT row FROM ${TABLE.task} WHERE project_id = ? AND id IN (${some.map(() => "?").join(", ")})`,
      )
      .bind(project_id, ...some)
      .all<{ row: string }>();
    found.push(...results.map(({ row }) => JSON.parse(row) as Task));
  }
  return found;
}

/** One page of the archive in order of id. */
export async function listArchived<K extends EntityKind>(
  db: D1Database,
  project_id: string,
  kind: K,
  filter: HistoryFilter,
): Promise<HistoryPage<K>> {
  const limit = Math.min(filter.limit ?? MAX_HISTORY_ROWS, MAX_HISTORY_ROWS);
  const where: string[] = [];
  const values: (string | number)[] = [];
  const add = (condition: string, value: string | number | undefined) => {
    if (value === undefined) return;
    where.push(condition);
    values.push(value);
  };
  add("feature_id = ?", filter.feature);
  add("assignee = ?", filter.agent);
  add("role = ?", filter.role);
  add("status IN (SELECT value FROM json_each(?))", filter.status && JSON.stringify(filter.status));
  add("updated_at >= ?", filter.from);
  add("updated_at <= ?", filter.to);
  add("id > ?", filter.after);
  const conditions = where.map((condition) => ` AND ${condition}`).join("");
  const { results } = await db
    .prepare(
      `SELECT id, row FROM ${TABLE[kind]} WHERE project_id = ?${conditions} ORDER BY id LIMIT ${limit + 1}`,
    )
    .bind(project_id, ...values)
    .all<{ id: string; row: string }>();
  const page = results.slice(0, limit);
  return {
    entities: page.map(({ row }) => READ[kind](row)),
    next: results.length > limit ? (page.at(-1)?.id ?? null) : null,
  };
}
