/**
 * A callback handler for LangChain.js and LangGraph.js.
 *
 *   graph.invoke(input, { callbacks: [clusterforkHandler(cf)] })
 *     LangChain ──handle…Start / End / Error──▶ Tracker (who runs in what) ──▶ Teller ──▶ cf.send
 *
 * Every method is synchronous and only queues; none throws into the graph. Each run is told once,
 * however often LangChain calls: an end that has no open run is no event. The texts of prompts,
 * inputs and outputs are not read.
 */
import { fieldsOf, leavingOf, nameOf } from "./foreign.ts";
import { warnOnce, type EventSink, type HandlerOptions } from "./option.ts";
import { Tracker } from "./tracker.ts";

type Metadata = Record<string, unknown>;

export class ClusterforkHandler {
  readonly name = "clusterfork";
  /** Called in order, before the graph goes on: a call takes microseconds, and a queue would outlive a short program. */
  readonly awaitHandlers = true;
  readonly raiseError = false;
  readonly #tracker: Tracker;
  readonly #onError: (error: unknown) => void;

  constructor(sink: EventSink, options: HandlerOptions) {
    this.#tracker = new Tracker(sink, options);
    this.#onError = options.onError ?? warnOnce();
  }

  /** Runs that have begun and not ended. */
  get open(): number {
    return this.#tracker.runs.size;
  }

  #guard(work: () => void): void {
    try {
      work();
    } catch (error) {
      try {
        this.#onError(error);
      } catch {
        // The caller's own callback failed: its trouble must not become the graph's.
      }
    }
  }

  handleChainStart(
    chain: unknown,
    inputs: unknown,
    run_id: string,
    parent_id?: string,
    tags?: string[],
    metadata: Metadata = {},
    _run_type?: string,
    run_name?: string,
  ): void {
    this.#guard(() => {
      const name = run_name ?? nameOf(chain) ?? "chain";
      this.#tracker.chainStarted(chain, inputs, tags, { run_id, parent_id, name, metadata });
    });
  }

  handleChainEnd(outputs: unknown, run_id: string): void {
    this.#guard(() => this.#tracker.chainEnded(run_id, null, outputs));
  }

  handleChainError(error: unknown, run_id: string): void {
    this.#guard(() => this.#tracker.chainEnded(run_id, leavingOf(error), undefined));
  }

  handleChatModelStart(
    model: unknown,
    _messages: unknown,
    run_id: string,
    parent_id?: string,
    _extra?: Metadata,
    _tags?: string[],
    metadata: Metadata = {},
    run_name?: string,
  ): void {
    this.#guard(() => {
      const name = run_name ?? nameOf(model) ?? "model";
      this.#tracker.callStarted({ run_id, parent_id, name, metadata });
    });
  }

  handleLLMStart(
    model: unknown,
    prompts: unknown,
    run_id: string,
    parent_id?: string,
    extra?: Metadata,
    tags?: string[],
    metadata: Metadata = {},
    run_name?: string,
  ): void {
    this.handleChatModelStart(model, prompts, run_id, parent_id, extra, tags, metadata, run_name);
  }

  handleLLMEnd(
    output: unknown,
    run_id: string,
    _parent_id?: string,
    _tags?: string[],
    extra?: unknown,
  ): void {
    this.#guard(() => this.#tracker.modelEnded(run_id, output, extra));
  }

  handleLLMError(_error: unknown, run_id: string): void {
    // What a failed call cost nobody says; that it failed is told of the node, if it did not try again.
    this.#guard(() => void this.#tracker.runs.close(run_id));
  }

  handleToolStart(
    tool: unknown,
    _input: unknown,
    run_id: string,
    parent_id?: string,
    _tags?: string[],
    metadata: Metadata = {},
    run_name?: string,
    tool_call_id?: string,
  ): void {
    this.#guard(() => {
      const name = run_name ?? nameOf(tool) ?? "tool";
      this.#tracker.callStarted({ run_id, parent_id, name, metadata }, tool_call_id);
    });
  }

  handleToolEnd(output: unknown, run_id: string): void {
    const error_type = fieldsOf(output)["status"] === "error" ? "ToolError" : null;
    this.#guard(() => this.#tracker.toolEnded(run_id, error_type));
  }

  handleToolError(error: unknown, run_id: string): void {
    this.#guard(() => {
      const leaving = leavingOf(error);
      // A tool that asks a person ends by throwing; it is called again, and told of then.
      if (leaving.kind === "interrupt") this.#tracker.runs.close(run_id);
      else this.#tracker.toolEnded(run_id, leaving.kind === "error" ? leaving.error_type : null);
    });
  }

  /** `dispatchCustomEvent("task_progress", { progress: 0.4 })` inside a node. */
  handleCustomEvent(event_name: string, data: unknown, run_id: string): void {
    if (event_name === "task_progress") this.#guard(() => this.#tracker.progressed(run_id, data));
  }
}

/** A callback handler whose events go to `client`. One may serve any number of graphs at once. */
export function clusterforkHandler(client: EventSink, options: HandlerOptions = {}): ClusterforkHandler {
  return new ClusterforkHandler(client, options);
}
