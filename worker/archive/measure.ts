/**
 * How much one step may take on. Small events may touch large rows: some
 * thousand tasks with full lists are hundreds of MB, while the isolate has 128
 * and D1 takes only so much in one message. So the rows' lengths are asked
 * before the rows are.
 */
import type { StoredEvent } from "../../schema/event/event.ts";
import { clockAfter, foldTime } from "../../schema/state/clock.ts";
import { dayKeysOf } from "./days.ts";
import { mentionedIds } from "./entities.ts";
import { hourOf } from "./hours.ts";
import { LOOKUP_IDS, MAX_STEP_LENGTH } from "./limits.ts";

/** Length of a stored row, UTF-16 units, by what it is of. What is not stored yet is as short as its events. */
type Lengths = Map<string, number>;
type Kind = "task" | "feature" | "agent" | "hour" | "tally";
interface Measured {
  id: string | number;
  length: number;
  feature_id?: string | null;
  assignee?: string | null;
}

const QUERY: Record<Kind, string> = {
  task: "SELECT id, feature_id, assignee, length(row) AS length FROM archive_task",
  feature: "SELECT id, length(row) AS length FROM archive_feature",
  agent: "SELECT id, length(row) AS length FROM archive_agent",
  tally: "SELECT hour AS id, length(cells) AS length FROM archive_tally",
  hour: "SELECT hour AS id, length(by_type) AS length FROM archive_hour",
};
const keyOf = (kind: Kind, id: string | number) => `${kind} ${id}`;

/** How many of the events, from the first, fit into one step; at least one. `now_ms` as for `countHours`. */
export async function affordable(
  db: D1Database,
  project_id: string,
  events: readonly StoredEvent[],
  now_ms: number,
): Promise<number> {
  const { tasks, features, agents } = mentionedIds(events);
  const hours = hoursOf(events, now_ms);
  const lengths: Lengths = new Map();
  const [related = []] = await measure(db, project_id, lengths, [
    ["task", [...tasks]],
    ["feature", [...features]],
    ["agent", [...agents]],
    ["hour", [...new Set(hours)]],
    ["tally", [...new Set([...hours, ...hours.flatMap(dayKeysOf)])]],
  ]);
  const others = (field: "feature_id" | "assignee", known: ReadonlySet<string>) => [
    ...new Set(related.flatMap((task) => task[field] ?? [])).difference(known),
  ];
  await measure(db, project_id, lengths, [
    ["feature", others("feature_id", features)],
    ["agent", others("assignee", agents)],
  ]);
  const of_task = new Map(related.map((task) => [task.id, task]));

  let length = 0;
  const met = new Set<string>();
  const meet = (kind: Kind, id: string | number | null | undefined) => {
    if (id === null || id === undefined) return;
    const key = keyOf(kind, id);
    if (met.has(key)) return;
    met.add(key);
    length += lengths.get(key) ?? 0;
  };
  for (const [index, event] of events.entries()) {
    const ids = mentionedIds([event]);
    for (const id of ids.tasks) {
      meet("task", id);
      meet("feature", of_task.get(id)?.feature_id);
      meet("agent", of_task.get(id)?.assignee);
    }
    for (const id of ids.features) meet("feature", id);
    for (const id of ids.agents) meet("agent", id);
    meet("hour", hours[index]);
    meet("tally", hours[index]);
    for (const key of dayKeysOf(hours[index] ?? 0)) meet("tally", key);
    if (length > MAX_STEP_LENGTH && index > 0) return index;
  }
  return events.length;
}

function hoursOf(events: readonly StoredEvent[], now_ms: number): number[] {
  let running_ms = now_ms;
  return events.map((event) => {
    const time_ms = foldTime(event, running_ms);
    running_ms = clockAfter(event, time_ms, running_ms);
    return hourOf(time_ms);
  });
}

/** Fills `lengths`; returns the rows of each wanted kind. One round trip. */
async function measure(
  db: D1Database,
  project_id: string,
  lengths: Lengths,
  wanted: readonly (readonly [Kind, readonly (string | number)[]])[],
): Promise<Measured[][]> {
  const asked: { nth: number; kind: Kind; statement: D1PreparedStatement }[] = [];
  wanted.forEach(([kind, ids], nth) => {
    const column = kind === "hour" || kind === "tally" ? "hour" : "id";
    const prepared = db.prepare(
      `${QUERY[kind]} WHERE project_id = ?1 AND ${column} IN (SELECT value FROM json_each(?2))`,
    );
    for (let from = 0; from < ids.length; from += LOOKUP_IDS) {
      const statement = prepared.bind(project_id, JSON.stringify(ids.slice(from, from + LOOKUP_IDS)));
      asked.push({ nth, kind, statement });
    }
  });
  const rows: Measured[][] = wanted.map(() => []);
  if (asked.length === 0) return rows;
  const replies = await db.batch<Measured>(asked.map(({ statement }) => statement));
  replies.forEach(({ results }, i) => {
    const { nth, kind } = asked[i] ?? {};
    if (nth === undefined || kind === undefined) return;
    for (const row of results) {
      lengths.set(keyOf(kind, row.id), row.length);
      rows[nth]?.push(row);
    }
  });
  return rows;
}
