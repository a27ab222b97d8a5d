/**
 * Work that goes on and is already beyond what is ordinary for its like: the same limits by which it is judged when it
 * ends (outlier.ts), so that somebody may stop it while it can be stopped.
 */
import type { ProjectState } from "../../../schema/state/state.ts";
import { beganAt, recordOfTask, soFar, type Measure } from "../work/record.ts";
import type { Detectors } from "./detect.ts";
import type { Finding, Rule } from "./finding.ts";

const MEASURES: readonly [Measure, Rule][] = [
  ["work", "task_duration"],
  ["tokens", "task_tokens"],
  ["cost", "task_cost"],
];
/** A blocked task waits, which is told as such. */
const AT_WORK = new Set(["claimed", "in_progress", "review"]);

export interface Overrun extends Finding {
  /** Before that it is none: it will be, if nothing ends it, ms. */
  due_ms: number;
}

/** `least`: what like work may take as the project was told, which no overrun lies below; null: nobody was told. */
export function* overruns(
  state: ProjectState,
  detectors: Pick<Detectors, "expect">,
  now_ms: number,
  least: (record: ReturnType<typeof recordOfTask>, measure: Measure) => number | null,
): Generator<Overrun> {
  for (const task of state.open_tasks.values()) {
    const began_ms = beganAt(task);
    if (began_ms === null || !AT_WORK.has(task.status)) continue;
    const record = recordOfTask(task);
    for (const [measure, rule] of MEASURES) {
      const expected = detectors.expect(record, measure);
      const value = soFar(record, measure, now_ms);
      if (expected === null || value === null) continue;
      const limit = Math.max(expected.limit, least(record, measure) ?? 0);
      // An amount grows by events alone; time by itself.
      if (measure !== "work" && value <= limit) continue;
      yield {
        rule,
        subject: { task_id: task.id, ...(task.assignee === null ? {} : { agent_id: task.assignee }) },
        value,
        target: limit,
        severity: "warning",
        words: `it goes on beyond what was ordinary for ${expected.n} tasks of its like`,
        since: measure === "work" ? began_ms + limit : state.time,
        evidence: [task.first_seq],
        usual: expected.usual,
        samples: expected.n,
        due_ms: measure === "work" ? began_ms + limit : 0,
      };
    }
  }
}
