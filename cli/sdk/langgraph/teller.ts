/**
 * What the runs of nodes become.
 *
 * | run                        | events                                                                    |
 * |----------------------------|---------------------------------------------------------------------------|
 * | graph begins               | feature_requested, feature_started; feature_reopened when its thread goes on |
 * | graph ends                 | feature_completed, unless a node waits for a person; agent_idle           |
 * | node begins                | agent_initialized once, task_created, task_claimed, task_started          |
 * | node ends                  | task_progress when steps are saved, task_completed, agent_idle            |
 * | node ends with a `Command` | the same, and a handoff to each node that it goes to                      |
 * | node is interrupted        | escalated_to_user, task_blocked, agent_idle                               |
 * | answer arrives             | human_intervened, task_unblocked                                          |
 * | node fails                 | task_failed; agent_crashed once the graph ends by it                      |
 *
 * A task is LangGraph's own of one node at one step: a retry and a resumption have the same id.
 * Ids of events are made of the run's id, so that telling twice adds nothing.
 */
import { textOf, type Fields, type Leaving } from "./foreign.ts";
import type { EventSink, HandlerOptions, RunRef } from "./option.ts";
import type { Root, Run, Scope } from "./run.ts";

/** Longest message of an error that is sent when its user wants that, in UTF-16 units. */
const MAX_MESSAGE_CHARS = 500;
/** Tasks that one waits for, as far as they are told: a fan-out of thousands is one obstacle, not thousands. */
const MAX_DEPENDENCIES = 100;

type Part = { metadata?: Fields; metrics?: Record<string, number>; of_no_task?: true };

export class Teller {
  readonly #sink: EventSink;
  readonly #options: HandlerOptions;

  constructor(sink: EventSink, options: HandlerOptions) {
    this.#sink = sink;
    this.#options = options;
  }

  /** A run tells an event of a type once: run and type are its id. */
  #send(run: string, event_type: string, root: Root, scope: Scope | null, part: Part = {}): void {
    this.tell(`${run}:${event_type}`, event_type, { root, scope }, part);
  }

  tell(id: string, event_type: string, { root, scope }: Pick<Run, "root" | "scope">, part: Part = {}): void {
    this.#sink.send({
      id,
      event_type,
      timestamp: Date.now(),
      agent_id: scope?.agent_id ?? root.agent_id,
      agent_role: scope?.role ?? root.role,
      task_id: part.of_no_task === true ? null : (scope?.task_id ?? null),
      ...(root.feature_id === undefined ? {} : { feature_id: root.feature_id }),
      session_id: root.session_id,
      ...(part.metadata === undefined ? {} : { metadata: { ...part.metadata } }),
      ...(part.metrics === undefined ? {} : { metrics: part.metrics }),
    });
  }

  rootStarted(root: Root, run: RunRef, resumed: "answered" | "continued" | null): void {
    if (root.feature_id === undefined) return;
    const { title } = this.#options;
    const told = typeof title === "function" ? title(run) : title;
    const id = root.run_id;
    if (resumed === null) {
      const metadata = { title: told ?? run.name, kind: "graph_run" };
      this.#send(id, "feature_requested", root, null, { metadata });
    }
    if (resumed === "continued") this.#send(id, "feature_reopened", root, null);
    this.#send(id, "feature_started", root, null);
  }

  /** A thread that has steps behind it: an earlier run may have completed its feature. */
  threadGoesOn(root: Root): void {
    this.#send(root.run_id, "feature_reopened", root, null);
  }

  rootEnded(run: Run, leaving: Leaving | null): void {
    const { root } = run;
    const metrics = { duration_ms: Date.now() - run.started_ms };
    let crashed: string | null = null;
    if (leaving?.kind === "error") {
      const scope = this.#culprit(root, leaving.error_type);
      crashed = scope?.agent_id ?? root.agent_id;
      this.#send(root.run_id, "agent_crashed", root, scope, { metadata: this.#fault(leaving) });
    } else if (leaving === null && !root.waits && root.feature_id !== undefined)
      if (this.#options.completes ?? true)
        this.#send(root.run_id, "feature_completed", root, null, { metrics });
    // Last, so that nothing told of the graph makes it look busy.
    if (crashed !== root.agent_id) this.#send(`${root.run_id}:graph`, "agent_idle", root, null);
  }

  /** The node that the graph ended by; a graph can also end by itself, at its recursion limit for one. */
  #culprit({ failed }: Root, error_type: string): Scope | null {
    return failed?.error_type === error_type ? failed.scope : null;
  }

  nodeStarted(scope: Scope, dependencies: readonly string[]): void {
    const { root, run_id, role } = scope;
    const busy = root.busy.get(scope.agent_id);
    if (busy === undefined)
      this.#send(run_id, "agent_initialized", root, scope, {
        metadata: { role, runtime: scope.step === null ? "langchain" : "langgraph" },
      });
    root.busy.set(scope.agent_id, (busy ?? 0) + 1);
    const attempt = (root.attempts.get(scope.task_id) ?? 0) + 1;
    root.attempts.set(scope.task_id, attempt);
    const metadata = {
      title: scope.step === null ? role : `${role}, step ${scope.step}`,
      ...(dependencies.length === 0 ? {} : { dependencies: dependencies.slice(0, MAX_DEPENDENCIES) }),
      ...(scope.around === null ? {} : { parent_id: scope.around.task_id }),
    };
    this.#send(run_id, "task_created", root, scope, { metadata });
    this.#send(run_id, "task_claimed", root, scope, { metadata: { attempt } });
    this.#send(run_id, "task_started", root, scope, { metadata: { attempt } });
  }

  /** Says that a person's answer has come, once it is clear which of nested nodes took it. */
  answerTaken(scope: Scope | null): void {
    if (scope?.answered !== true) return;
    scope.answered = false;
    const { root, run_id } = scope;
    this.#send(run_id, "human_intervened", root, scope, { metadata: { action: "resume" } });
    this.#send(run_id, "task_unblocked", root, scope);
  }

  nodeEnded(scope: Scope, leaving: Leaving | null, targets: readonly string[]): void {
    const { root, run_id } = scope;
    this.answerTaken(scope);
    const metrics = { duration_ms: Date.now() - scope.started_ms };
    if (leaving?.kind === "interrupt") this.escalate(scope);
    else if (leaving?.kind === "error") {
      // The innermost one that failed is told of when the graph ends by it.
      if (root.failed?.error_type !== leaving.error_type || !root.failed.scope.path.startsWith(scope.path))
        root.failed = { scope, error_type: leaving.error_type };
      this.#send(run_id, "task_failed", root, scope, {
        metadata: { ...this.#fault(leaving), attempt: root.attempts.get(scope.task_id) ?? 1 },
        metrics,
      });
    } else {
      if (root.failed?.scope.task_id === scope.task_id) root.failed = null;
      this.#saved(scope);
      this.#send(run_id, "task_completed", root, scope, { metrics });
      // After the end: a task that was handed over while open would be the next agent's work.
      this.#handOver(scope, scope.goes_to ?? targets);
      // The command is for the graph around: its node goes there once it has ended too.
      if (leaving?.kind === "command" && scope.goes_to === null && scope.around !== null)
        scope.around.goes_to = leaving.goto;
    }
    const busy = (root.busy.get(scope.agent_id) ?? 1) - 1;
    root.busy.set(scope.agent_id, busy);
    if (busy === 0) this.#send(run_id, "agent_idle", root, scope);
  }

  /** A checkpoint belongs to the graph that saved it: the task of the node around, else the node's own. */
  #saved(scope: Scope): void {
    const { root, run_id, around, step } = scope;
    if (!root.saved || step === null) return;
    const message = `Checkpoint after step ${step}: ${scope.path}`;
    const metadata = around === null ? { message, progress: 1, step } : { message, step };
    this.#send(run_id, "task_progress", root, around ?? scope, { metadata });
  }

  #handOver(scope: Scope, targets: readonly string[]): void {
    const above = scope.path.slice(0, scope.path.length - scope.role.length);
    targets.forEach((name, n) => {
      const path = above + name;
      const to_agent = this.#options.agent?.({ name, path, metadata: {} }) ?? path;
      if (to_agent === scope.agent_id) return;
      const metadata = { from_agent: scope.agent_id, to_agent };
      // The flow goes on with another agent; the task that ended stays whose it was.
      this.#send(`${scope.run_id}:${n}`, "handoff", scope.root, scope, { metadata, of_no_task: true });
    });
  }

  /** Only the innermost node tells; the ones around it merely hold it. */
  escalate(scope: Scope): void {
    if (scope.escalated) return;
    const { root, run_id } = scope;
    const metadata = { reason: `${scope.role} waits for an answer`, kind: "interrupt" };
    this.#send(run_id, "escalated_to_user", root, scope, { metadata });
    this.#send(run_id, "task_blocked", root, scope, { metadata: { reason: metadata.reason } });
    root.waits = true;
    for (let holds: Scope | null = scope; holds !== null; holds = holds.around) holds.escalated = true;
  }

  /** What may be said of an error: its message can quote a prompt. */
  #fault({ error_type, message }: { error_type: string; message: string }): Fields {
    const text = textOf(message);
    return {
      error_type,
      reason: `ended by ${error_type}`,
      message_chars: message.length,
      ...(this.#options.error_messages === true && text !== null
        ? { error: text.slice(0, MAX_MESSAGE_CHARS).toWellFormed() }
        : {}),
    };
  }
}
