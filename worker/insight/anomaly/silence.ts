/**
 * Agents that stop without ending. Silence is measured on a clock that runs only while somebody of the project is
 * heard: a night, or telemetry that is cut, is a gap of the project and says nothing of one agent.
 *
 *   event ─▶ clock ─▶ the agent's longest pause while it had a task in hand ──task ends──▶ what is usual for its role
 *                └ a pause of everybody: a gap
 */
import type { StoredEvent } from "../../../schema/event/event.ts";
import { ascending, upperOrder } from "../../../schema/metric/statistic/order-statistic.ts";
import { findTask } from "../../../schema/state/select.ts";
import type { Agent } from "../../../schema/state/entity/agent.ts";
import type { ProjectState } from "../../../schema/state/state.ts";

/** A pause of everybody moves the clock by this at most. */
const MAX_STEP_MS = 5 * 60_000;
/** No agent is called silent before: a long model call, or a build, takes minutes. */
export const LEAST_SILENCE_MS = 10 * 60_000;
/** Times what 99 of 100 finished spans of the role show. */
const TIMES = 3;
const LEVEL = 0.99;
/**
 * Where it would be longer, these agents do not tell what they do while they do it (a tracker hears of the claim and of
 * the end), and nobody can say that one of them is silent.
 */
const MAX_SILENCE_MS = 2 * 3_600_000;
/** Finished spans of work that the limit rests on; fewer than the least, and the limit is unknown. */
const MAX_SPANS = 300;
const LEAST_SPANS = 19;
/** Roles and agents with a memory of their own. */
const MAX_ROLES = 50;
const MAX_AGENTS = 1_000;
/** Gaps shown. */
const MAX_GAPS = 50;

interface Span {
  task_id: string;
  role: string;
  /** On the project's clock. */
  heard_at: number;
  longest: number;
  heard_ms: number;
  seq: number;
}

export interface Silence {
  agent_id: string;
  task_id: string;
  silent_ms: number;
  limit_ms: number;
  /** Event time of its last word. */
  since: number;
  seq: number;
  n: number;
}

export interface Gap {
  from_ms: number;
  to_ms: number;
  seq: number;
  /** Agents that had a task in hand. */
  agents: number;
  limit_ms: number;
}

export class Silences {
  /** Of the project: ms in which somebody was heard. */
  #clock = 0;
  #time = 0;
  readonly #open = new Map<string, Span>();
  readonly #usual = new Map<string, number[]>();
  /** Sorted out of them when somebody asks, and kept until another span ends: each look asks for every agent. */
  readonly #limits = new Map<string, number>();
  /** Pauses of everybody. */
  readonly #pauses: number[] = [];
  readonly gaps: Gap[] = [];

  note(event: StoredEvent, state: ProjectState, time_ms: number): void {
    if (event.agent_id.startsWith("clusterfork:")) return;
    this.#tick(event, time_ms);
    const agent = state.agents.get(event.agent_id);
    if (agent === undefined) return;
    const span = this.#open.get(agent.id);
    if (span !== undefined) {
      span.longest = Math.max(span.longest, this.#clock - span.heard_at);
      span.heard_at = this.#clock;
      span.heard_ms = time_ms;
      span.seq = event.seq;
    }
    const task_id = inHand(state, agent);
    if (span?.task_id === task_id) return;
    if (span !== undefined) this.#finish(agent.id, span);
    if (task_id === null) return;
    const role = agent.role ?? "";
    this.#open.set(agent.id, {
      task_id,
      role,
      heard_at: this.#clock,
      longest: 0,
      heard_ms: time_ms,
      seq: event.seq,
    });
    if (this.#open.size > MAX_AGENTS) {
      const [oldest] = this.#open.keys();
      if (oldest !== undefined) this.#open.delete(oldest);
    }
  }

  /** Those silent now. What others ended for them is not held against them. */
  silent(state: ProjectState): Silence[] {
    const found: Silence[] = [];
    // Who waits for a file says nothing meanwhile, and that is told as such.
    const waiting = new Set([...state.conflicts.values()].map(({ agent_id }) => agent_id));
    for (const [agent_id, span] of this.#open) {
      const agent = state.agents.get(agent_id);
      if (agent === undefined || inHand(state, agent) !== span.task_id) {
        this.#open.delete(agent_id);
        continue;
      }
      const limit = this.#limit(span.role);
      const silent_ms = this.#clock - span.heard_at;
      if (limit === null || silent_ms <= limit.ms || waiting.has(agent_id)) continue;
      found.push({
        agent_id,
        task_id: span.task_id,
        silent_ms,
        limit_ms: limit.ms,
        since: span.heard_ms,
        seq: span.seq,
        n: limit.n,
      });
    }
    return found;
  }

  #tick(event: StoredEvent, time_ms: number): void {
    const pause = this.#time === 0 ? 0 : time_ms - this.#time;
    // A clock that jumps back moves nothing.
    if (pause <= 0) {
      this.#time = Math.max(this.#time, time_ms);
      return;
    }
    const usual = pause > LEAST_SILENCE_MS ? upperOrder(ascending(this.#pauses), LEVEL) : null;
    const limit_ms = usual === null ? Infinity : Math.max(LEAST_SILENCE_MS, TIMES * usual);
    if (pause > limit_ms && this.#open.size > 0) {
      this.gaps.push({
        from_ms: this.#time,
        to_ms: time_ms,
        seq: event.seq,
        agents: this.#open.size,
        limit_ms,
      });
      if (this.gaps.length > MAX_GAPS) this.gaps.shift();
    }
    this.#pauses.push(pause);
    if (this.#pauses.length > MAX_SPANS) this.#pauses.shift();
    this.#clock += Math.min(pause, MAX_STEP_MS);
    this.#time = time_ms;
  }

  #finish(agent_id: string, span: Span): void {
    this.#open.delete(agent_id);
    for (const role of span.role === "" ? [""] : [span.role, ""]) {
      const pauses = this.#usual.get(role) ?? [];
      if (pauses.length === 0 && this.#usual.size >= MAX_ROLES && role !== "") continue;
      pauses.push(span.longest);
      if (pauses.length > MAX_SPANS) pauses.shift();
      this.#usual.set(role, pauses);
      this.#limits.delete(role);
    }
  }

  #limit(role: string): { ms: number; n: number } | null {
    const of = (this.#usual.get(role)?.length ?? 0) >= LEAST_SPANS ? role : "";
    const pauses = this.#usual.get(of) ?? [];
    if (pauses.length < LEAST_SPANS) return null;
    let ms = this.#limits.get(of);
    if (ms === undefined) {
      const sorted = ascending(pauses);
      const usual = upperOrder(sorted, LEVEL) ?? sorted.at(-1) ?? 0;
      ms = Math.max(LEAST_SILENCE_MS, TIMES * usual);
      this.#limits.set(of, ms);
    }
    return ms > MAX_SILENCE_MS ? null : { ms, n: pauses.length };
  }
}

/** The open task that an agent works on: not one that is blocked, nor its own that waits for a reviewer. */
export function inHand(state: ProjectState, agent: Agent): string | null {
  if (agent.status !== "active" || agent.current_task === null) return null;
  const task = findTask(state, agent.current_task);
  if (task === undefined) return null;
  const is_at_work = task.status === "in_progress" || task.status === "claimed";
  const reviews = task.status === "review" && task.assignee !== agent.id && !task.approved;
  return is_at_work || reviews ? task.id : null;
}
