/**
 * Work that goes on and is already beyond what is ordinary for its like: the same limits by which it is judged when it
 * ends (outlier.ts), so that somebody may stop it while it can be stopped.
 *
 * Its time counts only in hours in which anybody of the project was heard: a night makes no work long.
 */
import type { ComplexityBounds } from "../../../schema/metric/complexity.ts";
import type { Agent } from "../../../schema/state/entity/agent.ts";
import type { ProjectState } from "../../../schema/state/state.ts";
import type { Task } from "../../../schema/state/entity/task.ts";
import { beganAt, recordOfTask, soFar, type Measure, type WorkRecord } from "../work/record.ts";
import type { Detectors } from "./detect.ts";
import type { Finding, Rule } from "./finding.ts";
import { inHand } from "./silence.ts";

const MEASURES: readonly [Measure, Rule][] = [
  ["work", "task_duration"],
  ["tokens", "task_tokens"],
  ["cost", "task_cost"],
];
/** Work of an agent that was not heard for so long does not go on: it was left, or the agent is silent. */
const LEFT_AFTER_MS = 60 * 60_000;

export interface Overseer {
  now_ms: number;
  /** The project's own bounds. */
  complexity?: ComplexityBounds | undefined;
  /** How much of the time since then was worked in, ms. */
  activeSince: (from_ms: number) => number;
  /** What like work may take as the project was told, which no overrun lies below; null: nobody was told. */
  target: (record: WorkRecord, measure: Measure) => number | null;
  /** The limit that such an overrun was told by: it stands until the task ends, for limits move and work does not shrink. */
  toldOf: (task_id: string, rule: Rule) => number | null;
}

export function* overruns(
  state: ProjectState,
  detectors: Pick<Detectors, "expect">,
  { now_ms, complexity, activeSince, target, toldOf }: Overseer,
): Generator<Finding> {
  for (const task of state.open_tasks.values()) {
    const began_ms = beganAt(task);
    const agent = task.assignee === null ? undefined : state.agents.get(task.assignee);
    // What is blocked waits, and what is in nobody's hand was left: neither grows.
    if (began_ms === null || agent === undefined || !isWorkedOn(state, agent, task)) continue;
    const is_heard = now_ms - agent.last_seen <= LEFT_AFTER_MS;
    const record = recordOfTask(task, complexity);
    for (const [measure, rule] of MEASURES) {
      const told = toldOf(task.id, rule);
      const so_far = soFar(record, measure, now_ms);
      if (so_far === null || (told === null && !is_heard)) continue;
      const expected = detectors.expect(record, measure, now_ms);
      const limit = told ?? Math.max(expected?.limit ?? Infinity, target(record, measure) ?? 0);
      // By the wall clock first: most are within it, and their hours need not be counted.
      if (told === null && so_far <= limit) continue;
      const value = measure === "work" ? activeSince(began_ms) : so_far;
      if (told === null && value <= limit) continue;
      yield {
        rule,
        subject: { task_id: task.id, ...(task.assignee === null ? {} : { agent_id: task.assignee }) },
        value,
        target: limit,
        severity: "warning",
        words: "it goes on beyond what is ordinary for its like",
        since: state.time,
        evidence: [task.first_seq],
        ...(expected === null ? {} : { usual: expected.usual, samples: expected.n }),
      };
    }
  }
}

/** Its own agent has it in hand, or waits for its review. */
function isWorkedOn(state: ProjectState, agent: Agent, task: Task): boolean {
  return inHand(state, agent) === task.id || (task.status === "review" && agent.status === "active");
}
