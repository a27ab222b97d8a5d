/**
 * What a team set out to finish, and until when.
 *
 * | event          | what it does                                                                        |
 * |----------------|-------------------------------------------------------------------------------------|
 * | sprint_started | the sprint of its `sprint_id` begins; said again, what it names anew counts: another |
 * |                | end, other features. After its end it goes on                                       |
 * | sprint_ended   | it is over; without a `sprint_id` the current one is                                |
 *
 * A sprint without a `sprint_id` is known by the seq of its event. The current one is the one that began last, until
 * it is ended: who starts the next has ended the one before. Past its planned end it is overdue, and still current.
 */
import type { StoredEvent } from "../event/event.ts";
import { idIn, idsIn, momentIn, textIn } from "./field.ts";
import { forgetOldest } from "./forget.ts";
import { MAX_REASON_CHARS, MAX_SPRINT_FEATURES, MAX_SPRINTS, MAX_TITLE_CHARS } from "./limits.ts";
import type { ProjectState } from "./state.ts";
import type { Sprint } from "./entity/sprint.ts";
import type { Fold } from "./subject.ts";

export const foldSprintStarted: Fold = (state, event, { time_ms }) => {
  const id = sprintIn(event) ?? `sprint-${event.seq}`;
  const known = state.sprints.get(id);
  if (known === undefined) {
    state.sprints.set(id, {
      id,
      title: textIn(event, "title", MAX_TITLE_CHARS),
      goal: textIn(event, "goal", MAX_REASON_CHARS),
      features: idsIn(event, "features", MAX_SPRINT_FEATURES) ?? [],
      started_at: time_ms,
      ends_at: momentIn(event, "ends_at"),
      ended_at: null,
      seq: event.seq,
    });
    forgetOldest(state.sprints, MAX_SPRINTS);
    return;
  }
  known.title = textIn(event, "title", MAX_TITLE_CHARS) ?? known.title;
  known.goal = textIn(event, "goal", MAX_REASON_CHARS) ?? known.goal;
  known.features = idsIn(event, "features", MAX_SPRINT_FEATURES) ?? known.features;
  known.ends_at = momentIn(event, "ends_at") ?? known.ends_at;
  known.started_at = Math.min(known.started_at, time_ms);
  if (known.ended_at !== null && time_ms > known.ended_at) known.ended_at = null;
  known.seq = event.seq;
};

export const foldSprintEnded: Fold = (state, event, { time_ms }) => {
  const id = sprintIn(event);
  const sprint = id === null ? currentSprint(state) : state.sprints.get(id);
  if (sprint === undefined || sprint === null) return;
  sprint.ended_at = Math.max(sprint.ended_at ?? 0, time_ms);
  sprint.seq = event.seq;
};

/** Null: none is going on. */
export function currentSprint({ sprints }: Pick<ProjectState, "sprints">): Sprint | null {
  let last: Sprint | null = null;
  for (const sprint of sprints.values())
    if (last === null || sprint.started_at >= last.started_at) last = sprint;
  return last === null || last.ended_at !== null ? null : last;
}

/** An empty one names nothing. */
function sprintIn(event: StoredEvent): string | null {
  const id = idIn(event, "sprint_id");
  return id === "" ? null : id;
}
