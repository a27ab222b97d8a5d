/**
 * All detectors as one fold over the log: `note` after each event was folded, `detect` for what stands now.
 *
 *   event + state ─▶ note ─▶ calls, loops, silences, locks   (bounded memory, past only)
 *                      └ a task ended ─▶ noteEnd ─▶ tasks
 *   state, now    ─▶ detect ─▶ Finding[]                     (what an alert is made of)
 *
 * What happened at one moment (an expensive task) stands for an hour; what lasts (silence, waiting) for as long as it
 * lasts. Reads no clock: `now_ms` is event time, or the moment at which somebody asks.
 */
import { eventTime, type StoredEvent } from "../../../schema/event/event.ts";
import { findTask } from "../../../schema/state/select.ts";
import type { ComplexityBounds } from "../../../schema/metric/complexity.ts";
import type { ProjectState } from "../../../schema/state/state.ts";
import type { Task } from "../../../schema/state/entity/task.ts";
import { durationWords } from "../forecast/words.ts";
import { strataOf, stratumWords } from "../target/stratum.ts";
import { measured, recordOfTask, type Measure, type WorkRecord } from "../work/record.ts";
import { Calls, type CallsVerdict } from "./calls.ts";
import { Contentions, REFUSALS, WAITING_MS } from "./contention.ts";
import { findingKey, type Finding, type Rule } from "./finding.ts";
import { LOOP_CALLS, Loops } from "./loop.ts";
import { Outliers } from "./outlier.ts";
import { Silences } from "./silence.ts";

/** How long a moment stays a finding. */
export const STANDS_MS = 60 * 60_000;
/** Change requests for one task that are a quarrel; the target of a task is two. */
export const PING_PONG_CYCLES = 3;
/** Findings of moments kept; the oldest is forgotten. */
const MAX_FINDINGS = 500;

export interface Context {
  state: ProjectState;
  now_ms: number;
}

/** Measures judged when a task ends, and the rule that speaks. */
const AT_END: readonly [Measure, Rule, (value: number) => string][] = [
  ["work", "task_duration", durationWords],
  ["tokens", "task_tokens", (value) => `${Math.round(value)} tokens`],
  ["cost", "task_cost", (value) => `$${value.toFixed(2)}`],
];

export class Detectors {
  readonly #calls = new Calls();
  readonly #tasks = new Map(
    AT_END.map(([measure]) => [measure, new Outliers(measure === "work" ? "times" : "amounts")]),
  );
  readonly #loops = new Loops();
  readonly #silences = new Silences();
  readonly #contentions = new Contentions();
  /** Of moments, by their key, with when they end to stand. */
  readonly #moments = new Map<string, { finding: Finding; until_ms: number }>();
  /** Values that were judged, for whoever asks how often a rule is wrong. */
  readonly judged: Record<"calls" | "tasks", number> = { calls: 0, tasks: 0 };

  /** After `apply`. */
  note(event: StoredEvent, state: ProjectState): Finding[] {
    const found = this.noteEvent(event, state);
    if (event.event_type !== "task_completed" || event.task_id === undefined) return found;
    const task = findTask(state, event.task_id);
    if (task?.closed_at !== eventTime(event)) return found;
    return [...found, ...this.noteEnd(task, event.seq)];
  }

  /** What `note` does but for tasks that end. `state`: who has what in hand is all that is asked of it. */
  noteEvent(event: StoredEvent, state: ProjectState): Finding[] {
    const found: Finding[] = [];
    const time_ms = eventTime(event);
    for (const verdict of this.#calls.note(event, time_ms)) {
      this.judged.calls += 1;
      found.push(...callFindings(verdict));
    }
    const loop = this.#loops.note(event, time_ms);
    if (loop !== null)
      found.push({
        rule: "no_progress",
        subject: { agent_id: loop.agent_id, ...(loop.task_id === null ? {} : { task_id: loop.task_id }) },
        value: loop.calls,
        target: LOOP_CALLS - 1,
        severity: "critical",
        words: `${loop.calls} of the last ${loop.of} tool calls of ${loop.agent_id} were the same (${loop.tool}), with nothing committed and no test result changed between`,
        since: loop.since,
        evidence: loop.evidence.slice(-LOOP_CALLS),
      });
    this.#silences.note(event, state, time_ms);
    this.#contentions.note(event, time_ms);
    for (const finding of found) this.#keep(finding, time_ms);
    return found;
  }

  /** A finished task, once each, in order of closing. `seq`: of an event that shows it. */
  /** `bounds`: the project's own, by which like work is told from other work. */
  noteEnd(task: Task, seq: number, bounds?: ComplexityBounds): Finding[] {
    if (task.closed_at === null) return [];
    const found = [...this.#ended(task, task.closed_at, seq, bounds)];
    for (const finding of found) this.#keep(finding, task.closed_at);
    return found;
  }

  /** For work that goes on: what is usual of its like, and the most that is ordinary. Null where nobody knows. */
  expect(record: WorkRecord, measure: Measure, now_ms: number): ReturnType<Outliers["expect"]> {
    return this.#tasks.get(measure)?.expect(strataOf(record), now_ms) ?? null;
  }

  detect({ state, now_ms }: Context): Finding[] {
    for (const [key, { until_ms }] of this.#moments) if (until_ms < now_ms) this.#moments.delete(key);
    return [
      ...[...this.#moments.values()].map(({ finding, until_ms }) => ({ ...finding, until: until_ms })),
      ...this.#silent(state),
      ...this.#gaps(now_ms),
      ...this.#contended(state, now_ms),
      ...quarrels(state),
    ];
  }

  #keep(finding: Finding, time_ms: number): void {
    const key = findingKey(finding);
    const known = this.#moments.get(key);
    // The newest word about it, since its beginning.
    const since = known === undefined ? finding.since : Math.min(known.finding.since, finding.since);
    this.#moments.delete(key);
    this.#moments.set(key, { finding: { ...finding, since }, until_ms: time_ms + STANDS_MS });
    if (this.#moments.size <= MAX_FINDINGS) return;
    const [oldest] = this.#moments.keys();
    if (oldest !== undefined) this.#moments.delete(oldest);
  }

  *#ended(
    task: Task,
    time_ms: number,
    seq: number,
    bounds: ComplexityBounds | undefined,
  ): Generator<Finding> {
    const record = recordOfTask(task, bounds);
    for (const [measure, rule, words] of AT_END) {
      const found = measured(record, measure);
      const verdict = found.ok
        ? this.#tasks.get(measure)?.judge(found.value, strataOf(record), time_ms)
        : null;
      if (!found.ok || verdict === null || verdict === undefined) continue;
      this.judged.tasks += 1;
      if (!verdict.is_outlier) continue;
      const { usual, limit, n, stratum } = verdict;
      yield {
        rule,
        subject: { task_id: task.id, ...(task.assignee === null ? {} : { agent_id: task.assignee }) },
        value: found.value,
        target: limit,
        severity: "warning",
        words: `${words(found.value)} where ${words(usual)} is usual and ${words(limit)} the most that is ordinary, from the last ${n} ${stratumWords(stratum)}`,
        since: time_ms,
        evidence: [seq],
        ...{ usual, samples: n },
      };
    }
  }

  #silent(state: ProjectState): Finding[] {
    return this.#silences.silent(state).map(({ agent_id, task_id, silent_ms, limit_ms, since, seq, n }) => ({
      rule: "agent_silent",
      subject: { agent_id, task_id },
      value: silent_ms,
      target: limit_ms,
      samples: n,
      severity: "critical",
      words: `${agent_id} has a task in hand and has said nothing for ${durationWords(silent_ms)}, while others were heard; ${durationWords(limit_ms)} is the most to expect from ${n} spans of work`,
      since,
      evidence: [seq],
    }));
  }

  #gaps(now_ms: number): Finding[] {
    return this.#silences.gaps
      .filter(({ to_ms }) => now_ms - to_ms <= STANDS_MS)
      .map(({ from_ms, to_ms, seq, agents, limit_ms }) => ({
        rule: "telemetry_gap",
        subject: {},
        value: to_ms - from_ms,
        target: limit_ms,
        severity: "info",
        words: `nobody was heard for ${durationWords(to_ms - from_ms)} although ${agents} agent${agents === 1 ? "" : "s"} had a task in hand; nothing is known of that time`,
        since: from_ms,
        evidence: [seq],
      }));
  }

  #contended(state: ProjectState, now_ms: number): Finding[] {
    return this.#contentions.contended(state, now_ms).map((one) => {
      const by_waiting = one.refusals < REFUSALS;
      return {
        rule: "lock_contention",
        subject: { path: one.path },
        value: by_waiting ? one.waited_ms : one.refusals,
        target: by_waiting ? WAITING_MS : REFUSALS - 1,
        severity: "warning",
        words: by_waiting
          ? `somebody has waited for the file for ${durationWords(one.waited_ms)}`
          : `the file was refused ${one.refusals} times within an hour, to ${one.agents} agent${one.agents === 1 ? "" : "s"}`,
        since: one.since,
        evidence: one.evidence,
      };
    });
  }
}

function* callFindings(verdict: CallsVerdict): Generator<Finding> {
  const { agent_id, task_id, tokens, calls, since, evidence, outlier, agent, team, role } = verdict;
  const of = role === "" ? "agents" : `agents of role ${role}`;
  if (outlier.is_outlier)
    yield {
      rule: "token_use",
      subject: { agent_id, task_id },
      value: tokens,
      target: outlier.limit,
      severity: "warning",
      ...{ usual: outlier.usual, samples: outlier.n },
      words: `${Math.round(tokens)} tokens a call over ${calls} calls, where ${Math.round(outlier.usual)} is usual and ${Math.round(outlier.limit)} the most that is ordinary, from ${outlier.n} tasks of ${of}`,
      since,
      evidence,
    };
  if (agent?.is_out === true)
    yield {
      rule: "agent_drift",
      subject: { agent_id },
      value: agent.value,
      target: Math.sign(agent.value) * agent.limit,
      severity: "info",
      samples: agent.n,
      words: `tokens a call of ${agent_id} have moved ${agent.value > 0 ? "up" : "down"} against its role: their weighted average stands ${agent.value.toFixed(2)} standard deviations from the median, ${agent.limit.toFixed(2)} is the limit, after ${agent.n} tasks`,
      since,
      evidence,
    };
  if (team?.is_out === true)
    yield {
      rule: "team_drift",
      subject: {},
      value: team.value,
      target: Math.sign(team.value) * team.limit,
      severity: "info",
      samples: team.n,
      words: `tokens a call of the whole team have moved ${team.value > 0 ? "up" : "down"}: their weighted average stands ${team.value.toFixed(2)} standard deviations from the median, ${team.limit.toFixed(2)} is the limit`,
      since,
      evidence,
    };
}

function quarrels(state: ProjectState): Finding[] {
  const found: Finding[] = [];
  for (const task of state.open_tasks.values())
    if (task.review_cycles >= PING_PONG_CYCLES && !task.approved)
      found.push({
        rule: "review_ping_pong",
        subject: { task_id: task.id, ...(task.assignee === null ? {} : { agent_id: task.assignee }) },
        value: task.review_cycles,
        target: PING_PONG_CYCLES - 1,
        severity: "warning",
        words: `changes were requested ${task.review_cycles} times; somebody should decide`,
        since: task.status_at,
        evidence: [task.last_seq],
      });
  return found;
}
