/**
 * Will the reviewer ask for changes? The probability for each submission, with its reasons: a small logistic
 * regression with a ridge penalty on what is known when the work is handed in, where its Brier score over the last
 * hundred verdicts beats that of the plain rate, else that rate. Past only: a submission is learned from at its verdict.
 *
 *   submitted ─▶ signs of it ─▶ probability ──verdict──▶ scored ─▶ learned
 */
import type { StoredEvent } from "../../../schema/event/event.ts";
import { brier, type Foretold } from "../../../schema/metric/statistic/brier.ts";
import {
  fitLogistic,
  probabilityOf,
  type LogisticModel,
  type Observed,
} from "../../../schema/metric/statistic/logistic.ts";
import { smoothedRate } from "../../../schema/metric/statistic/wilson.ts";
import { findTask } from "../../../schema/state/select.ts";
import type { ProjectState } from "../../../schema/state/state.ts";

/** Verdicts learned from: the newest. */
const MAX_ROWS = 300;
/** Verdicts below which the rate alone is said. */
const LEAST_ROWS = 40;
/** Verdicts below which nothing is said. */
const LEAST_RATE = 5;
/** The model is fitted anew after so many verdicts: one more changes little. */
const FIT_EVERY = 10;
/** Penalty, in rows: as if that many verdicts spoke against every sign. */
const RIDGE = 5;
/** Scores that model and rate are compared by. */
const MAX_SCORES = 100;
/** An agent's, reviewer's or kind's own rate weighs as much as the project's after so many verdicts. */
const PRIOR_WEIGHT = 10;
/** Agents, reviewers and kinds with a rate of their own. */
const MAX_NAMES = 1_000;
/** Submissions whose verdict is awaited. */
const MAX_AWAITED = 1_000;
/** In log odds: below it a sign is no reason that a person would name. */
const LEAST_REASON = 0.15;

interface Sign {
  name: string;
  words: string;
}

/** In the order of the rows. */
const SIGNS: readonly Sign[] = [
  { name: "no tests", words: "no tests in this submission" },
  { name: "failing tests", words: "its last tests failed" },
  { name: "files", words: "many files touched" },
  { name: "again", words: "handed in again after a review" },
  { name: "agent's rate", words: "this agent's work is often sent back" },
  { name: "new agent", words: "the agent is new here" },
  { name: "reviewer's rate", words: "this reviewer often asks for changes" },
  { name: "kind's rate", words: "work of this kind is often sent back" },
];

export interface ChangeRisk {
  task_id: string;
  probability: number;
  /** In words, the weightiest first; empty where only the rate is known. */
  reasons: string[];
  way: "rate" | "model";
  /** Verdicts that it rests on. */
  n: number;
}

interface Rate {
  asked: number;
  verdicts: number;
}

interface Awaited {
  x: number[];
  agent_id: string;
  kind: string;
  rate: number;
  model: number | null;
  said: number | null;
}

interface Testing {
  /** Of tests since the last submission; null: none. */
  last: "passed" | "failed" | null;
}

export class Reviews {
  readonly #rows: Observed[] = [];
  readonly #rates = new Map<string, Rate>();
  readonly #awaited = new Map<string, Awaited>();
  readonly #testing = new Map<string, Testing>();
  readonly #scores: { rate: Foretold; model: Foretold }[] = [];
  readonly #all: Rate = { asked: 0, verdicts: 0 };
  #model: LogisticModel | null = null;

  /** After `apply`. The probability where the event hands work in; what was said, and what came, where it is a verdict. */
  note(
    event: StoredEvent,
    state: ProjectState,
  ): { risk?: ChangeRisk | null; scored?: Foretold & { base: number } } {
    const { task_id } = event;
    if (task_id === undefined) return {};
    switch (event.event_type) {
      case "test_passed":
      case "test_failed":
        this.#tested(task_id, event.event_type === "test_passed" ? "passed" : "failed");
        return {};
      case "agent_submitted":
      case "review_requested":
      case "coder_resubmitted":
        return { risk: this.#submitted(event, task_id, state) };
      case "reviewer_approved":
        return this.#verdict(event, task_id, false);
      case "reviewer_changes_requested":
      case "reviewer_rejected":
        return this.#verdict(event, task_id, true);
      default:
        return {};
    }
  }

  #tested(task_id: string, last: "passed" | "failed"): void {
    this.#testing.delete(task_id);
    this.#testing.set(task_id, { last });
    forgetBeyond(this.#testing, MAX_AWAITED);
  }

  #submitted(event: StoredEvent, task_id: string, state: ProjectState): ChangeRisk | null {
    // The same submission told twice, as handed in and as waiting for a reviewer.
    const awaited = this.#awaited.get(task_id);
    if (awaited !== undefined) return this.#risk(task_id, awaited);
    const task = findTask(state, task_id);
    const testing = this.#testing.get(task_id);
    this.#testing.delete(task_id);
    const agent_id = event.agent_id;
    const kind = task?.kind ?? "";
    const base = this.#base();
    const own = this.#rates.get(`agent ${agent_id}`);
    const reviewer = textOf(event, "reviewer") ?? textOf(event, "to");
    const x = [
      testing === undefined ? 1 : 0,
      testing?.last === "failed" ? 1 : 0,
      Math.log1p(task?.files.length ?? 0) - 1,
      event.event_type === "coder_resubmitted" || (task?.review_cycles ?? 0) > 0 ? 1 : 0,
      this.#apart(`agent ${agent_id}`, base),
      (own?.verdicts ?? 0) < 3 ? 1 : 0,
      reviewer === null ? 0 : this.#apart(`reviewer ${reviewer}`, base),
      this.#apart(`kind ${kind}`, base),
    ];
    const model = this.#model === null ? null : probabilityOf(this.#model, x);
    const fresh: Awaited = { x, agent_id, kind, rate: base, model, said: null };
    this.#awaited.set(task_id, fresh);
    forgetBeyond(this.#awaited, MAX_AWAITED);
    const risk = this.#risk(task_id, fresh);
    fresh.said = risk?.probability ?? null;
    return risk;
  }

  #risk(task_id: string, { x, rate, model }: Awaited): ChangeRisk | null {
    const n = this.#all.verdicts;
    if (n < LEAST_RATE) return null;
    if (model === null || this.#model === null || !this.#isBetter())
      return { task_id, probability: rate, reasons: [], way: "rate", n };
    const { weights } = this.#model;
    const reasons = SIGNS.map(({ words }, index) => ({
      words,
      weight: (weights[index] ?? 0) * (x[index] ?? 0),
    }))
      .filter(({ weight }) => weight >= LEAST_REASON)
      .sort((a, b) => b.weight - a.weight)
      .map(({ words }) => words);
    return { task_id, probability: model, reasons, way: "model", n: this.#model.n };
  }

  #verdict(event: StoredEvent, task_id: string, came: boolean): { scored?: Foretold & { base: number } } {
    const awaited = this.#awaited.get(task_id);
    this.#awaited.delete(task_id);
    this.#all.verdicts += 1;
    this.#all.asked += came ? 1 : 0;
    this.#count(`reviewer ${event.agent_id}`, came);
    if (awaited === undefined) return {};
    this.#count(`agent ${awaited.agent_id}`, came);
    this.#count(`kind ${awaited.kind}`, came);
    if (awaited.model !== null) {
      this.#scores.push({
        rate: { probability: awaited.rate, came },
        model: { probability: awaited.model, came },
      });
      if (this.#scores.length > MAX_SCORES) this.#scores.shift();
    }
    this.#rows.push({ x: awaited.x, came });
    if (this.#rows.length > MAX_ROWS) this.#rows.shift();
    if (this.#rows.length >= LEAST_ROWS && this.#all.verdicts % FIT_EVERY === 0)
      this.#model = fitLogistic(this.#rows, RIDGE);
    return awaited.said === null ? {} : { scored: { probability: awaited.said, came, base: awaited.rate } };
  }

  #base(): number {
    return smoothedRate(this.#all.asked, this.#all.verdicts, 0.5, 2);
  }

  #apart(name: string, base: number): number {
    const { asked, verdicts } = this.#rates.get(name) ?? { asked: 0, verdicts: 0 };
    return smoothedRate(asked, verdicts, base, PRIOR_WEIGHT) - base;
  }

  #count(name: string, came: boolean): void {
    const rate = this.#rates.get(name) ?? { asked: 0, verdicts: 0 };
    this.#rates.delete(name);
    this.#rates.set(name, { asked: rate.asked + (came ? 1 : 0), verdicts: rate.verdicts + 1 });
    forgetBeyond(this.#rates, MAX_NAMES);
  }

  #isBetter(): boolean {
    if (this.#scores.length < LEAST_ROWS) return false;
    const by_model = brier(this.#scores.map(({ model }) => model)) ?? 1;
    return by_model < (brier(this.#scores.map(({ rate }) => rate)) ?? 0);
  }
}

function forgetBeyond<V>(map: Map<string, V>, limit: number): void {
  if (map.size <= limit) return;
  const [oldest] = map.keys();
  if (oldest !== undefined) map.delete(oldest);
}

function textOf(event: StoredEvent, name: string): string | null {
  const value = event.metadata?.[name];
  return typeof value === "string" ? value : null;
}
