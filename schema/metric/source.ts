/** What a room knows, for `measure`. */
import { allFeatures, allTasks } from "../state/select.ts";
import type { ProjectState } from "../state/state.ts";
import type { Known } from "./ask.ts";
import type { Tally } from "./tally.ts";
import { snapTo } from "./window.ts";

export function knownOf(state: ProjectState, tally: Tally): Known {
  return {
    slots: tally.slots(),
    tasks: allTasks(state),
    features: allFeatures(state),
    snap: snapTo(tally.now_ms, tally.days_until_ms),
    first_ms: state.counters.first_time,
  };
}
