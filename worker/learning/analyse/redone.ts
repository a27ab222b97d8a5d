/** Work that was taken up though there was nothing to do: done before by somebody else, or filed twice. */
import type { StoredEvent } from "../../../schema/event/event.ts";
import { textOf, type FeatureCase } from "./case.ts";
import { FINISHED, needless } from "./closing.ts";
import { evidenceOf, type Pattern } from "./pattern.ts";

/** Tasks, and the least share of those that were finished: less is what happens wherever several work. */
const LEAST_TASKS = 3;
const LEAST_SHARE = 0.05;
/** A task that stood claimed for longer was not worked on all the time. */
const MAX_WORK_MS = 8 * 3_600_000;

export function redone({ events, tasks }: FeatureCase): Pattern[] {
  const known = new Map(tasks.map((task) => [task.id, task]));
  /** Of each task the last. */
  const closings = new Map<string, StoredEvent>();
  for (const event of events)
    if (event.task_id !== undefined && FINISHED.has(event.event_type)) closings.set(event.task_id, event);
  const found: Pattern[] = [];
  for (const why of ["done already", "duplicate"] as const) {
    const own = [...closings].filter(([, closing]) => needless(closing) === why);
    const last = own.at(-1)?.[1];
    if (last === undefined || own.length < LEAST_TASKS || own.length < LEAST_SHARE * closings.size) continue;
    const ids = own.map(([id]) => id);
    const spent_ms = ids.reduce((sum, id) => {
      const { started_at = null, closed_at = null } = known.get(id) ?? {};
      const span_ms = started_at === null || closed_at === null ? 0 : closed_at - started_at;
      return sum + Math.min(MAX_WORK_MS, Math.max(0, span_ms));
    }, 0);
    found.push({
      kind: "redone",
      is_good: false,
      tasks: ids,
      evidence: evidenceOf(own.map(([, { seq }]) => seq)),
      effect: { value: own.length, usual: null, unit: "times", samples: closings.size },
      facts: {
        why,
        title: known.get(last.task_id ?? "")?.title || (last.task_id ?? ""),
        said: textOf(last.metadata?.["reason"]) ?? textOf(last.metadata?.["summary"]) ?? "",
      },
      time_ms: spent_ms > 0 ? spent_ms : null,
    });
  }
  return found;
}
