/**
 * The runs that are open, as a tree.
 *
 *   root ── scope of a node (agent, task) ── scope of a node of a graph in it ── …
 *     └── every run, of chain, model or tool, knows the scope it runs in
 *
 * LangChain usually says which run is the parent. Where it does not (a runnable that was called
 * without its config), LangGraph's checkpoint namespace still tells the node.
 */
import { textOf, type Fields } from "./foreign.ts";

/** Runs in memory: a graph of ten thousand runs at once is a leak of somebody's, and must not become ours. */
export const MAX_OPEN_RUNS = 10_000;

/** A run that nothing else started, and what is true for all below it. */
export interface Root {
  run_id: string;
  agent_id: string;
  /** `graph`, or the name of a chain or a call that is its own agent. */
  role: string;
  feature_id: string | undefined;
  session_id: string;
  /** Steps are saved: LangGraph has a checkpointer, and so a thread. */
  saved: boolean;
  /** Agents that were made known, and how many runs of nodes each has open. */
  busy: Map<string, number>;
  /** Tries of each task. */
  attempts: Map<string, number>;
  /** A person's answer has come and no node has taken it yet. */
  answered: boolean;
  /** Some node waits for a person. */
  waits: boolean;
  /** The agent and task of the innermost node that failed. */
  failed: { scope: Scope; error_type: string } | null;
}

/** Where work happens: a node of a graph, or a chain that is its own. */
export interface Scope {
  root: Root;
  /** The node around the graph that this one is in. */
  around: Scope | null;
  run_id: string;
  path: string;
  role: string;
  agent_id: string;
  task_id: string;
  namespace: string | null;
  step: number | null;
  started_ms: number;
  /** Took a person's answer, or holds nodes of which one did. */
  answered: boolean;
  /** Told a person that it waits, itself or a node in it. */
  escalated: boolean;
  /** Nodes of its own graph that a node inside sent it to. */
  goes_to: readonly string[] | null;
  /** Tasks of the newest steps of the graph in it. */
  steps: Steps;
}

export interface Run {
  kind: "root" | "node" | "inner";
  root: Root;
  /** Null in a root that is a graph: what happens there happens in no node. */
  scope: Scope | null;
  /** What a graph directly in this run goes through. */
  steps: Steps;
  name: string;
  metadata: Fields;
  tool_call_id: string | null;
  started_ms: number;
}

export class Steps {
  #step = -1;
  #now: string[] = [];
  #before: string[] = [];

  /** Notes the task of a step; returns those it had to wait for: a step begins when the one before is over. */
  enter(step: number, task_id: string): readonly string[] {
    if (step > this.#step) {
      this.#before = this.#now;
      this.#now = [];
      this.#step = step;
    }
    if (!this.#now.includes(task_id)) this.#now.push(task_id);
    return this.#before;
  }
}

export class Runs {
  readonly #open = new Map<string, Run>();
  readonly #namespaces = new Map<string, Run>();

  has(run_id: string): boolean {
    return this.#open.has(run_id);
  }

  /** The run in which one with this parent, or these metadata, happens. */
  around(parent_id: string | undefined, metadata: Fields): Run | null {
    const parent = parent_id === undefined ? undefined : this.#open.get(parent_id);
    if (parent !== undefined) return parent;
    const namespace = textOf(metadata["langgraph_checkpoint_ns"]);
    return (namespace === null ? undefined : this.#namespaces.get(namespace)) ?? null;
  }

  open(run_id: string, run: Run): void {
    this.#open.set(run_id, run);
    if (run.kind === "node" && run.scope?.namespace) this.#namespaces.set(run.scope.namespace, run);
    if (this.#open.size <= MAX_OPEN_RUNS) return;
    for (const oldest of this.#open.keys()) {
      this.close(oldest);
      break;
    }
  }

  get(run_id: string): Run | undefined {
    return this.#open.get(run_id);
  }

  /** The run, which is over; undefined when it is not known, or its end was told before. */
  close(run_id: string): Run | undefined {
    const run = this.#open.get(run_id);
    if (run === undefined) return undefined;
    this.#open.delete(run_id);
    const namespace = run.scope?.namespace;
    if (namespace && this.#namespaces.get(namespace) === run) this.#namespaces.delete(namespace);
    return run;
  }

  get size(): number {
    return this.#open.size;
  }
}
