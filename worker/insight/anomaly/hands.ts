/**
 * Who has what in hand, as each event found it: what the room's own state tells only of now. The rules of the fold
 * itself, over events that are stripped to what moves a task from hand to hand, so it stays small: some 2.5 MB where
 * every limit is reached, and far less else, for tasks that nobody took up are not in it.
 */
import type { Json, StoredEvent } from "../../../schema/event/event.ts";
import { apply, createState } from "../../../schema/state/apply.ts";
import type { ProjectState } from "../../../schema/state/state.ts";

/** Whom work goes to. */
const NAMED = ["assignee", "from_agent", "to_agent", "role"];
/** They begin no work. */
const PLANS = new Set(["task_created", "feature_requested", "feature_planned"]);
/** Closed tasks kept: what comes late finds them; beyond them all are forgotten at once. */
const MAX_CLOSED = 200;

export class Hands {
  readonly state: ProjectState = createState();

  note(event: StoredEvent): void {
    if (PLANS.has(event.event_type) || event.agent_id.startsWith("clusterfork:")) return;
    // What cannot be folded is told by the room, which folds it too.
    apply(this.state, stripped(event), () => undefined);
    if (this.state.closed_tasks.size > MAX_CLOSED) this.state.closed_tasks.clear();
  }
}

function stripped({ metadata = {}, metrics: _, feature_id: __, ...event }: StoredEvent): StoredEvent {
  const named: { [key: string]: Json } = {};
  for (const key of NAMED) {
    const value = metadata[key];
    if (typeof value === "string" && Object.hasOwn(metadata, key)) named[key] = value;
  }
  return { ...event, metadata: named };
}
