/**
 * The risk that a reviewer asks for changes, learned from the live state alone: the newest submissions and verdicts
 * that its tasks keep, lived through in order of time. The state does not keep who reviewed and what was tested when,
 * so of the signs of `review.ts` those of files, agent, kind and repetition speak here.
 */
import { codeOf, MOVE, timeOf } from "../../../schema/state/move.ts";
import { allTasks } from "../../../schema/state/select.ts";
import type { ProjectState, Task } from "../../../schema/state/state.ts";
import type { StoredEvent } from "../../../schema/event/event.ts";
import { Reviews, type ChangeRisk } from "./review.ts";

/** Submissions and verdicts lived through, the newest: about 200 verdicts, for each tenth of which a model is fitted. */
const MAX_MOVES_SEEN = 400;

const TYPES = new Map<number, string>([
  [MOVE.submit, "agent_submitted"],
  [MOVE.approve, "reviewer_approved"],
  [MOVE.change, "reviewer_changes_requested"],
]);

/** Of a task that waits for its verdict; null where too few verdicts are known. */
export function changeRisk(state: ProjectState, task: Task): ChangeRisk | null {
  const moves = [...allTasks(state)].flatMap((each) =>
    each.past.moves.flatMap((move) => {
      const type = TYPES.get(codeOf(move));
      return type === undefined ? [] : [{ task: each, at_ms: timeOf(move), type }];
    }),
  );
  moves.sort((a, b) => a.at_ms - b.at_ms);
  const reviews = new Reviews();
  const cycles = new Map<string, number>();
  let risk: ChangeRisk | null = null;
  for (const { task: one, at_ms, type } of moves.slice(-MAX_MOVES_SEEN)) {
    const before = cycles.get(one.id) ?? 0;
    if (type === "reviewer_changes_requested") cycles.set(one.id, before + 1);
    const then = { ...one, review_cycles: before };
    const noted = reviews.note(eventOf(one, at_ms, type), {
      ...state,
      open_tasks: new Map([[one.id, then]]),
      closed_tasks: new Map(),
    });
    if (one.id === task.id && noted.risk !== undefined) risk = noted.risk;
  }
  return risk;
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
