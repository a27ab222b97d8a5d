/** Follows the runs: which begins in which, and what its end means. The words for it are the teller's. */
import { providerId } from "../../../schema/event/provider-id.ts";
import {
  fieldsOf,
  isGraph,
  isHidden,
  isNode,
  resumption,
  targetsOf,
  textOf,
  type Fields,
  type Leaving,
} from "./foreign.ts";
import { createRoot, createRun, createScope, ref, runRef } from "./opening.ts";
import { CAPTURE_NODE, type EventSink, type HandlerOptions } from "./option.ts";
import { Runs, Steps, type Run } from "./run.ts";
import { Teller } from "./teller.ts";
import { modelCall } from "./usage.ts";

/** The longest id of an event that the server takes, in UTF-16 units. */
const MAX_ID_CHARS = 128;

/** What LangChain says of a run that begins. */
export interface Beginning {
  run_id: string;
  parent_id: string | undefined;
  name: string;
  metadata: Fields;
}

export class Tracker {
  readonly runs = new Runs();
  readonly #options: HandlerOptions;
  readonly #teller: Teller;
  readonly #ignored: ReadonlySet<string>;

  constructor(sink: EventSink, options: HandlerOptions) {
    this.#options = options;
    this.#teller = new Teller(sink, options);
    this.#ignored = new Set(options.ignore ?? [CAPTURE_NODE]);
  }

  chainStarted(chain: unknown, inputs: unknown, tags: unknown, beginning: Beginning): void {
    const { run_id, parent_id, name, metadata } = beginning;
    if (this.runs.has(run_id)) return;
    const around = this.runs.around(parent_id, metadata);
    if (around === null) {
      if (isGraph(chain, metadata)) this.#openGraph(beginning, inputs);
      else this.#openChain(beginning);
      return;
    }
    const { root, scope } = around;
    const begins = isHidden(tags) && textOf(metadata["langgraph_node"]) === "__start__";
    if (begins && scope === null && Number(metadata["langgraph_step"]) > 0) this.#teller.threadGoesOn(root);
    if (isNode(tags) && !isHidden(tags) && !this.#ignored.has(name)) this.#openNode(beginning, around);
    else this.runs.open(run_id, createRun("inner", around, name, metadata));
  }

  #openGraph({ run_id, name, metadata }: Beginning, inputs: unknown): void {
    const named = runRef(run_id, name, metadata);
    const resumed = resumption(inputs);
    const root = createRoot(this.#options, named, run_id, "graph");
    root.answered = resumed === "answered";
    this.#teller.rootStarted(root, named, resumed);
    const within = { root, scope: null, steps: new Steps() };
    this.runs.open(run_id, createRun("root", within, named.name, metadata));
  }

  /** A chain that is no graph is a graph of one node. */
  #openChain({ run_id, name, metadata }: Beginning): void {
    const named = runRef(run_id, name, metadata);
    const root = createRoot(this.#options, named, run_id);
    this.#teller.rootStarted(root, named, null);
    const scope = createScope(this.#options, run_id, { root, scope: null }, name, metadata);
    this.#teller.nodeStarted(scope, []);
    this.runs.open(run_id, createRun("root", { root, scope, steps: scope.steps }, named.name, metadata));
  }

  #openNode({ run_id, name, metadata }: Beginning, around: Run): void {
    const { root } = around;
    const scope = createScope(this.#options, run_id, around, name, metadata);
    if (around.scope === null) scope.answered = root.answered;
    else if (around.scope.answered) {
      // The answer is for a node in there.
      scope.answered = true;
      around.scope.answered = false;
    }
    this.#teller.nodeStarted(scope, around.steps.enter(scope.step ?? 0, scope.task_id));
    this.runs.open(run_id, createRun("node", { root, scope, steps: scope.steps }, name, metadata));
  }

  chainEnded(run_id: string, leaving: Leaving | null, outputs: unknown): void {
    const run = this.runs.close(run_id);
    if (run === undefined || run.kind === "inner") return;
    const { root, scope, kind } = run;
    if (scope !== null) this.#teller.nodeEnded(scope, leaving, targetsOf(outputs));
    // The first nodes that begin are those that waited; what follows them is ordinary work.
    if (kind === "node" && scope?.around === null) root.answered = false;
    if (kind === "root") this.#teller.rootEnded(run, leaving);
  }

  /** A call of a model or a tool. */
  callStarted(beginning: Beginning, tool_call_id: string | null = null): void {
    const { run_id, parent_id, name, metadata } = beginning;
    if (this.runs.has(run_id)) return;
    const around = this.runs.around(parent_id, metadata) ?? this.#outside(beginning);
    this.#teller.answerTaken(around.scope);
    this.runs.open(run_id, createRun("inner", around, ref(name), metadata, tool_call_id));
  }

  /** What a call outside of any run is counted for: an agent by its name, and no task. */
  #outside({ run_id, name, metadata }: Beginning): Pick<Run, "root" | "scope" | "steps"> {
    const root = createRoot(this.#options, runRef(run_id, name, metadata), undefined);
    return { root, scope: null, steps: new Steps() };
  }

  modelEnded(run_id: string, output: unknown, extra: unknown): void {
    const run = this.runs.close(run_id);
    // An answer out of LangChain's cache cost nothing.
    if (run === undefined || fieldsOf(extra)["cached"] === true) return;
    const { response_id, metadata, metrics } = modelCall(output, run.metadata);
    this.#teller.tell(ref(providerId(response_id) ?? run_id, MAX_ID_CHARS), "tokens_used", run, {
      metadata: { operation: "chat", ...metadata },
      metrics: { ...metrics, duration_ms: Date.now() - run.started_ms },
    });
  }

  toolEnded(run_id: string, error_type: string | null): void {
    const run = this.runs.close(run_id);
    if (run === undefined) return;
    this.#teller.tell(`${run_id}:tool`, "tool_called", run, {
      metadata: {
        tool: run.name,
        success: error_type === null,
        ...(error_type === null ? {} : { error_type }),
        ...(run.tool_call_id === null ? {} : { tool_call_id: run.tool_call_id }),
      },
      metrics: { duration_ms: Date.now() - run.started_ms },
    });
  }

  progressed(run_id: string, data: unknown): void {
    const run = this.runs.get(run_id);
    const { progress, percent } = fieldsOf(data);
    const metadata = typeof progress === "number" ? { progress } : { percent };
    if (run === undefined || run.scope === null || typeof (progress ?? percent) !== "number") return;
    this.#teller.tell(`${run_id}:progress-${JSON.stringify(metadata)}`, "task_progress", run, { metadata });
  }
}
