/** A node that sends an event of its user's own: of a graph that has a node for it. */
import type { SenderEvent } from "../event.ts";
import { fieldsOf, textOf } from "./foreign.ts";
import { CAPTURE_NODE, warnOnce, type EventSink } from "./option.ts";

/** An event without what the node knows by itself: the agent is `capture_event` unless it says otherwise. */
export type Captured = Omit<SenderEvent, "agent_id"> & { agent_id?: string };

export interface CaptureOptions {
  /** Told when the event could not be made. Default: one warning on the console. */
  onError?: (error: unknown) => void;
}

/**
 * A node for `graph.addNode("capture_event", …)`. `event` is the event, or makes it of the graph's state;
 * nothing else of the state is sent. It changes nothing in the state, and never fails.
 */
export function captureEvent<State>(
  client: EventSink,
  event: Captured | ((state: State, config: unknown) => Captured | null),
  options: CaptureOptions = {},
): (state: State, config?: unknown) => Record<string, never> {
  const onError = options.onError ?? warnOnce();
  return (state, config) => {
    try {
      const made = typeof event === "function" ? event(state, config) : event;
      if (made !== null) send(client, made, config);
    } catch (error) {
      try {
        onError(error);
      } catch {
        // The caller's own callback failed: its trouble must not become the graph's.
      }
    }
    return {};
  };
}

function send(client: EventSink, event: Captured, config: unknown): void {
  const { metadata, configurable } = fieldsOf(config);
  const { langgraph_checkpoint_ns, thread_id: named } = fieldsOf(metadata);
  const thread_id = textOf(fieldsOf(configurable)["thread_id"]) ?? textOf(named);
  // One node at one step is one event, also when LangGraph tries it again.
  const task = textOf(langgraph_checkpoint_ns)?.split("|").at(-1);
  client.send({
    agent_id: CAPTURE_NODE,
    ...(task === undefined ? {} : { id: `${task}:${event.event_type}`.slice(-128) }),
    ...(thread_id === null ? {} : { feature_id: thread_id, session_id: thread_id }),
    ...event,
  });
}
