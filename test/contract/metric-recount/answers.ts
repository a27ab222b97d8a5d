/** What the product says of a log: from the live state with its tally, and from sums by the hour as the archive keeps them. */
import type { StoredEvent } from "../../../schema/event/event.ts";
import { type Known } from "../../../schema/metric/measure.ts";
import { Tally } from "../../../schema/metric/tally.ts";
import { snapTo, snapToHour } from "../../../schema/metric/window.ts";
import { apply, createState } from "../../../schema/state/apply.ts";
import { allFeatures, allTasks } from "../../../schema/state/select.ts";
import { strict } from "../../../schema/state/testing.ts";
import { HOUR_MS } from "../../../worker/archive/hours.ts";
import { HourTally } from "../../../worker/archive/tally.ts";
import { foldWhole } from "../../sample/whole-fold.ts";

export interface Answers {
  now_ms: number;
  live: Known;
  history: Known;
  /** Tasks that the live state had forgotten when more was told of them: it has them twice, or without their beginning. */
  returned: number;
}

export function answersOf(events: readonly StoredEvent[]): Answers {
  const state = createState();
  const tally = new Tally();
  state.observer = tally;
  for (const event of events) apply(state, event, strict);
  const hours = new HourTally();
  const whole = foldWhole(events, hours);
  const { first_time } = state.counters;
  const tasks = [...allTasks(state)];
  const returned = tasks.filter(
    ({ id, partial }) => partial && whole.tasks.get(id)?.partial === false,
  ).length;
  return {
    now_ms: state.time,
    // As `knownOf` has it, in lists: it is asked more than once.
    live: {
      slots: [...tally.slots()],
      tasks,
      features: [...allFeatures(state)],
      snap: snapTo(tally.now_ms),
      first_ms: first_time,
    },
    history: {
      slots: Array.from(hours.hours, ([hour, cells]) => ({
        start_ms: hour * HOUR_MS,
        span_ms: HOUR_MS,
        cells,
      })),
      tasks: [...whole.tasks.values()],
      features: [...whole.features.values()],
      snap: snapToHour,
      first_ms: first_time,
    },
    returned,
  };
}
