/**
 * The risk that a reviewer asks for changes, learned from the live state alone: the newest submissions and verdicts
 * that its tasks keep, lived through in order of time. The state does not keep who reviewed and what was tested when,
 * so of the signs of `review.ts` those of files, agent, kind and repetition speak here.
 */
import { codeOf, MOVE, timeOf } from "../../../schema/state/move.ts";
import { allTasks } from "../../../schema/state/select.ts";
import type { ProjectState } from "../../../schema/state/state.ts";
import type { Task } from "../../../schema/state/entity/task.ts";
import type { StoredEvent } from "../../../schema/event/event.ts";
import { Reviews, type ChangeRisk } from "./review.ts";

/** Submissions and verdicts lived through, the newest: about 200 verdicts, for each tenth of which a model is fitted. */
const MAX_MOVES_SEEN = 400;

/** Twice what a state holds open. */
const MAX_TASKS_KNOWN = 5_000;

const TYPES = new Map<number, string>([
  [MOVE.submit, "agent_submitted"],
  [MOVE.approve, "reviewer_approved"],
  [MOVE.change, "reviewer_changes_requested"],
]);

/** Moves are learned from once, so that a further look costs only what is new. */
export class ReviewLearner {
  readonly #reviews = new Reviews();
  readonly #cycles = new Map<string, number>();
  /** Of what waits for its verdict. */
  readonly #risks = new Map<string, ChangeRisk>();
  #until_ms = -Infinity;
  /** What was said up to here was looked at. */
  #seq = 0;

  learn(state: ProjectState): void {
    const moves: { task: Task; at_ms: number; type: string }[] = [];
    for (const task of allTasks(state)) {
      if (task.last_seq <= this.#seq) continue;
      const { moves: past } = task.past;
      // They are in order of time: where the last is known, all are.
      if (past.length === 0 || timeOf(past.at(-1) ?? 0) <= this.#until_ms) continue;
      for (const move of past) {
        const type = TYPES.get(codeOf(move));
        const at_ms = timeOf(move);
        if (type !== undefined && at_ms > this.#until_ms) moves.push({ task, at_ms, type });
      }
    }
    this.#seq = state.seq;
    moves.sort((a, b) => a.at_ms - b.at_ms);
    for (const { task, at_ms, type } of moves.slice(-MAX_MOVES_SEEN)) this.#live(state, task, at_ms, type);
    this.#until_ms = moves.at(-1)?.at_ms ?? this.#until_ms;
  }

  /** Of a task that waits for its verdict; null where too few verdicts are known. */
  riskOf(task_id: string): ChangeRisk | null {
    return this.#risks.get(task_id) ?? null;
  }

  #live(state: ProjectState, task: Task, at_ms: number, type: string): void {
    const before = this.#cycles.get(task.id) ?? 0;
    if (type === "reviewer_changes_requested") note(this.#cycles, task.id, before + 1);
    const then = { ...task, review_cycles: before };
    const { risk } = this.#reviews.note(eventOf(task, at_ms, type), {
      ...state,
      open_tasks: new Map([[task.id, then]]),
      closed_tasks: new Map(),
    });
    if (type !== "agent_submitted") this.#risks.delete(task.id);
    else if (risk !== undefined && risk !== null) note(this.#risks, task.id, risk);
  }
}

function note<V>(map: Map<string, V>, id: string, value: V): void {
  map.delete(id);
  map.set(id, value);
  if (map.size <= MAX_TASKS_KNOWN) return;
  const [oldest] = map.keys();
  if (oldest !== undefined) map.delete(oldest);
}

function eventOf(task: Task, at_ms: number, event_type: string): StoredEvent {
  const time = new Date(at_ms).toISOString();
  return {
    ...{ id: "", seq: 0, v: 1, key_id: "", source: "api", timestamp: time, received_at: time },
    // The verdict's own agent is not known; that of the work is.
    agent_id: event_type === "agent_submitted" ? (task.assignee ?? "") : "",
    event_type,
    task_id: task.id,
  };
}
