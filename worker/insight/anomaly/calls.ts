/**
 * Tokens per model call of one agent on one task: the figure that is comparable while tasks differ in length. Judged
 * once the calls suffice for a mean, and again when the span ends.
 */
import type { StoredEvent } from "../../../schema/event/event.ts";
import { endsTask } from "../../../schema/event/type.ts";
import { Drift, type DriftVerdict } from "./drift.ts";
import { Outliers, type Verdict } from "./outlier.ts";

/** Calls below which their mean says little. */
const LEAST_CALLS = 3;
/** Calls after which a span is judged although it goes on, so that a hungry one is seen while it runs. */
const JUDGED_AFTER = 6;
/** Spans under way; the one longest without a call is forgotten. */
const MAX_SPANS = 2_000;

interface Span {
  agent_id: string;
  role: string;
  task_id: string;
  model: string;
  calls: number;
  log_sum: number;
  since: number;
  evidence: number[];
}

export interface CallsVerdict {
  agent_id: string;
  role: string;
  task_id: string;
  calls: number;
  /** Geometric mean of the tokens of a call. */
  tokens: number;
  since: number;
  evidence: number[];
  outlier: Verdict;
  /** Absent where the span was judged before. */
  agent?: DriftVerdict;
  team?: DriftVerdict;
}

const TEAM = "";

export class Calls {
  readonly #spans = new Map<string, Span>();
  readonly #outliers = new Outliers("amounts");
  readonly #agents = new Drift();
  readonly #team = new Drift();

  *note(event: StoredEvent, time_ms: number): Generator<CallsVerdict> {
    const { task_id } = event;
    if (task_id === undefined) return;
    if (endsTask(event.event_type)) {
      for (const [key, span] of this.#spans) {
        if (span.task_id !== task_id) continue;
        this.#spans.delete(key);
        if (span.calls >= LEAST_CALLS && span.calls < JUDGED_AFTER) yield* this.#judge(span, time_ms);
      }
      return;
    }
    if (event.event_type !== "tokens_used") return;
    const tokens = tokensOf(event);
    if (!(tokens > 0)) return;
    const key = `${event.agent_id.length}:${event.agent_id}${task_id}`;
    const model = typeof event.metadata?.["model"] === "string" ? event.metadata["model"] : "";
    const span = this.#spans.get(key) ?? {
      agent_id: event.agent_id,
      role: event.agent_role ?? "",
      task_id,
      model,
      calls: 0,
      log_sum: 0,
      since: time_ms,
      evidence: [],
    };
    span.calls += 1;
    span.log_sum += Math.log(tokens);
    span.evidence.push(event.seq);
    if (span.evidence.length > JUDGED_AFTER) span.evidence.shift();
    this.#spans.delete(key);
    this.#spans.set(key, span);
    if (this.#spans.size > MAX_SPANS) {
      const [oldest] = this.#spans.keys();
      if (oldest !== undefined) this.#spans.delete(oldest);
    }
    if (span.calls === JUDGED_AFTER) yield* this.#judge(span, time_ms);
  }

  *#judge(span: Span, time_ms: number): Generator<CallsVerdict> {
    const tokens = Math.exp(span.log_sum / span.calls);
    const { agent_id, role, task_id, calls, since, model } = span;
    const outlier = this.#outliers.judge(tokens, [`${role}·${model}`, role, ""], time_ms);
    if (outlier === null) return;
    const evidence = [...span.evidence];
    yield {
      agent_id,
      role,
      task_id,
      calls,
      tokens,
      since,
      evidence,
      outlier,
      agent: this.#agents.note(agent_id, outlier.z),
      team: this.#team.note(TEAM, outlier.z),
    };
  }
}

function tokensOf({ metrics }: StoredEvent): number {
  const of = (name: string): number => metrics?.[name] ?? 0;
  return of("input_tokens") + of("cache_read_tokens") + of("cache_write_tokens") + of("output_tokens");
}
