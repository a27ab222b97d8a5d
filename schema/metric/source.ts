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
    tasks_from: tasksFrom(state),
    learned: state.targets,
    first_ms: state.counters.first_time,
  };
}

/** The closed ones are forgotten in order of closing: since the oldest that is left closed, none is missing. */
function tasksFrom({ counters, closed_tasks }: ProjectState): number {
  if (counters.forgotten_tasks === 0) return -Infinity;
  const [oldest] = closed_tasks.values();
  return oldest?.closed_at ?? -Infinity;
}
