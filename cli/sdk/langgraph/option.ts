/** What a user of the handler may decide. */
import type { SenderEvent } from "../event.ts";

/** A sender of events: `Clusterfork`, or a view of it made by `with`. */
export interface EventSink {
  send(event: SenderEvent): void;
}

/** A run that nothing else started. */
export interface RunRef {
  run_id: string;
  /** The graph's or the chain's name; LangGraph's own default is "LangGraph". */
  name: string;
  thread_id: string | null;
  metadata: Readonly<Record<string, unknown>>;
}

/** A node of a graph; a chain without a graph is a node of itself. */
export interface NodeRef {
  name: string;
  /** With the nodes of the graphs around it: `research/agent`. */
  path: string;
  metadata: Readonly<Record<string, unknown>>;
}

export interface HandlerOptions {
  /** The feature that a run works on; default its `thread_id`, else the id of the run. */
  feature_id?: string | ((run: RunRef) => string);
  /** Its title; default the graph's name. Nothing of the input is ever taken for it. */
  title?: string | ((run: RunRef) => string);
  /** Whether the end of a run completes the feature; default true. False where a feature takes several runs. */
  completes?: boolean;
  /** The agent that a node is; default its path. */
  agent?: (node: NodeRef) => string;
  /** Nodes that are no agents; default `capture_event`. */
  ignore?: readonly string[];
  /** Also sends the messages of errors, cut short. They may quote prompts and outputs; default false. */
  error_messages?: boolean;
  /** Told what the handler itself could not do. Default: one warning on the console. */
  onError?: (error: unknown) => void;
}

/** The node that `captureEvent` is made for. */
export const CAPTURE_NODE = "capture_event";

/** Tells of a fault once: one that repeats with every call must not flood a log. */
export function warnOnce(): (error: unknown) => void {
  let told = false;
  return (error) => {
    if (told) return;
    told = true;
    console.warn(`clusterfork: an event of a graph could not be made: ${String(error)}`);
  };
}
