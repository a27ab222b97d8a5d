/** Whether a reviewer will ask for changes: said when work is handed in, scored by the next verdict on it. */
import type { OwnEvent } from "../../../schema/event/own.ts";
import { codeOf, MOVE, timeOf } from "../../../schema/state/move.ts";
import { findTask } from "../../../schema/state/select.ts";
import type { ProjectState } from "../../../schema/state/state.ts";
import type { Task } from "../../../schema/state/entity/task.ts";
import type { ReviewLearner } from "./review-state.ts";
import { aboutOf, isSaid, madeEvent, NEWS_MS, scoredEvent } from "./say.ts";

export const CHANGES = "changes";
const MAX_PER_LOOK = 20;

export function changesMade(state: ProjectState, reviews: ReviewLearner, now_ms: number): OwnEvent[] {
  const events: OwnEvent[] = [];
  for (const task of state.open_tasks.values()) {
    if (task.status !== "review" || now_ms - task.status_at > NEWS_MS) continue;
    const at_ms = task.status_at;
    const id = `${CHANGES}:${task.id}`;
    const risk = reviews.riskOf(task.id);
    if (risk === null || isSaid(state, id, at_ms)) continue;
    const figures = { predicted: risk.probability, samples: risk.n };
    const about = aboutOf(task);
    events.push(madeEvent({ id, metric: CHANGES, method: risk.way, at_ms, about, figures }));
    if (events.length === MAX_PER_LOOK) break;
  }
  return events;
}

export function changesScored(state: ProjectState): OwnEvent[] {
  return [...state.open_forecasts.values()].flatMap((made): OwnEvent[] => {
    if (made.metric !== CHANGES || made.task_id === null) return [];
    const task = findTask(state, made.task_id);
    const verdict = task === undefined ? null : verdictAfter(task, made.made_at ?? 0);
    if (task === undefined || verdict === null) return [];
    return [scoredEvent(made, verdict.asked ? 1 : 0, verdict.at_ms, aboutOf(task))];
  });
}

function verdictAfter({ past }: Task, from_ms: number): { asked: boolean; at_ms: number } | null {
  for (const move of past.moves) {
    const code = codeOf(move);
    if (timeOf(move) < from_ms || (code !== MOVE.approve && code !== MOVE.change)) continue;
    return { asked: code === MOVE.change, at_ms: timeOf(move) };
  }
  return null;
}
