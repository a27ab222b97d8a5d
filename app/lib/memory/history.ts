/**
 * What became of a lesson, as the log says it: learned, judged, applied, approved, taken out. Handing over is counted
 * elsewhere and would fill the page.
 *
 *   GET query/fields ──▶ GET query (seq, type, by) + GET query (seq, agent, helpful) ──joined by seq──▶ Past[]
 *
 * A field that no event has is refused in a question, so it is looked first which there are.
 */
import type { Lesson } from "../../../schema/wire/lesson.ts";
import type { LogQuery, QueryResponse } from "../../../schema/wire/query.ts";
import { writeQuery } from "../../../schema/wire/query-write.ts";
import { DEED_TYPES, deedWords } from "./deed-words.ts";

export interface Past {
  seq: number;
  words: string;
  /** ms; null: only its place in the log is known. */
  time: number | null;
  /** Null: it is not told here. */
  by: string | null;
}

/** Events of one lesson: with more it is no history that anybody reads; Explore has all of it. */
export const MAX_PAST = 50;

/** Columns of one question: it groups by three fields at most. */
const COLUMNS = [
  ["seq", "event_type", "metadata.by"],
  ["seq", "agent_id", "metadata.helpful"],
] as const;

/** The two questions, as routes with their query; null: no event names any lesson. `fields`: those that events have. */
export function historyRoutes(lesson_id: string, fields: readonly string[]): [string, string] | null {
  if (!fields.includes(NAME)) return null;
  const [said, agents] = COLUMNS;
  return [routeOf(lesson_id, said, fields), routeOf(lesson_id, agents, fields)];
}

const NAME = "metadata.lesson_id";

function routeOf(lesson_id: string, columns: readonly string[], fields: readonly string[]): string {
  const query: LogQuery = {
    ...{ from: null, to: null, step_ms: null, heatmap: null, limit: MAX_PAST },
    where: [
      { field: NAME, op: "eq", values: [lesson_id] },
      { field: "event_type", op: "in", values: [...DEED_TYPES] },
    ],
    // Those of the envelope are always there.
    group_by: columns.filter((column) => !column.startsWith("metadata.") || fields.includes(column)),
    calculations: [{ op: "min", field: "time" }],
    order: { by: "key", descending: true },
  };
  return `/query?${new URLSearchParams(writeQuery(query)).toString()}`;
}

/** No event names a lesson. */
const NOTHING: Pick<QueryResponse, "groups" | "group_count" | "truncated"> = {
  ...{ groups: [], group_count: 0, truncated: false },
};

/** The newest first. `more`: the log has older ones. */
export function pastOf(
  { provenance, project }: Pick<Lesson, "provenance" | "project">,
  answers: readonly [QueryResponse, QueryResponse] | null,
  own_project: string,
): { past: Past[]; more: boolean } {
  const [said, agents] = answers ?? [NOTHING, NOTHING];
  const rest_of = new Map(agents.groups.map(({ key: [seq, ...rest] }) => [seq, rest]));
  const past = said.groups.flatMap(({ key: [seq, event_type, by], values: [time = null] }): Past[] => {
    if (typeof seq !== "number" || typeof event_type !== "string") return [];
    const [agent, helpful] = rest_of.get(seq) ?? [];
    return [{ seq, time, words: deedWords(event_type, helpful) ?? event_type, by: whose(agent, by) }];
  });
  const more = said.group_count > said.groups.length || said.truncated;
  // Learned without a name, or under a twin's: the events do not name it, and the book knows their places.
  const known = new Set(past.map(({ seq }) => seq));
  const nameless = project === own_project && !more ? provenance.seqs.filter((seq) => !known.has(seq)) : [];
  const others = nameless.map((seq): Past => ({
    seq,
    words: deedWords("lesson_learned", null) ?? "",
    time: null,
    by: null,
  }));
  return { past: [...past, ...others].toSorted((a, b) => b.seq - a.seq), more };
}

type Key = QueryResponse["groups"][number]["key"][number] | undefined;

/** People speak in Clusterfork's name, and it says whose words they are; nobody else's word for that counts. */
function whose(agent: Key, by: Key): string | null {
  if (typeof agent !== "string") return null;
  return agent.startsWith("clusterfork:") && typeof by === "string" ? by : agent;
}
