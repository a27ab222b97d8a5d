/** Are planted faults found, and is what nobody touched left alone? */
import { Detectors } from "../../worker/insight/anomaly/detect.ts";
import { findingKey, type Finding, type Rule } from "../../worker/insight/anomaly/finding.ts";
import type { StoredEvent } from "../../schema/event/event.ts";
import { live } from "./history.ts";
import { silenced, tenfold } from "./planted.ts";
import { share, type Row } from "./row.ts";
import { stored, team, type Log } from "./source.ts";

const FOUND = { low: 95, high: 100, words: "≥ 95 %" };
const FALSE = { low: 0, high: 1, words: "≤ 1 %" };
/** Standing findings are asked for as often as an alert engine would look, ms of event time. */
const LOOK_EVERY_MS = 60_000;

interface Outcome {
  /** One per rule and subject. */
  found: Finding[];
  calls: number;
  tasks: number;
  /** Spans of work: a task begun by an agent. */
  spans: number;
}

function watch(events: readonly StoredEvent[]): Outcome {
  const detectors = new Detectors();
  const found = new Map<string, Finding>();
  const spans = new Set<string>();
  let looked_ms = 0;
  live(events, {
    event(event, state, time_ms) {
      for (const finding of detectors.note(event, state)) found.set(findingKey(finding), finding);
      if (event.task_id !== undefined && /^task_(?:claimed|started)$/.test(event.event_type))
        spans.add(JSON.stringify([event.agent_id, event.task_id]));
      if (time_ms - looked_ms < LOOK_EVERY_MS) return;
      looked_ms = time_ms;
      for (const finding of detectors.detect({ state, now_ms: time_ms }))
        found.set(findingKey(finding), finding);
    },
  });
  return { found: [...found.values()], ...detectors.judged, spans: spans.size };
}

const isOf = (found: readonly Finding[], rules: readonly Rule[]) =>
  found.filter(({ rule }) => rules.includes(rule));

/** How often each kind of detector is wrong where nothing was planted. */
export function falseAlarmRows(log: Log): Row[] {
  const { found, calls, tasks, spans } = watch(log.events);
  const rows: [string, readonly Rule[], number][] = [
    ["false alarms, tokens per call", ["token_use"], calls],
    ["false alarms, a task's time, tokens or cost", ["task_duration", "task_tokens", "task_cost"], tasks],
    ["false alarms, loops", ["no_progress"], spans],
    ["false alarms, silent agents", ["agent_silent"], spans],
    ["false alarms, drift of an agent or the team", ["agent_drift", "team_drift"], calls],
  ];
  return rows
    .filter(([, , n]) => n > 0)
    .map(([what, rules, n]) => ({
      data: log.name,
      what,
      value: share(isOf(found, rules).length, n),
      unit: "%" as const,
      n,
      target: FALSE,
    }));
}

/** Spans with ten times the tokens, in one log; agents that fall silent, a log each. */
const TENFOLD = 60;
const SILENCED = 40;

export function plantedRows(seed: number): Row[] {
  const { events } = team(seed);
  const rows: Row[] = [];
  const add = (what: string, hits: number, n: number): void => {
    rows.push({ data: "simulated", what, value: share(hits, n), unit: "%", n, target: FOUND });
  };

  const hungry = tenfold(events, TENFOLD, seed);
  const tokens = isOf(watch(stored(hungry.events)).found, ["token_use"]);
  const isHungry = ({ subject }: Finding) =>
    hungry.truths.some((truth) => truth.agent_id === subject.agent_id && truth.task_id === subject.task_id);
  add("planted: ten times the tokens, found", tokens.filter(isHungry).length, hungry.truths.length);

  let silent = 0;
  let tried = 0;
  // A quarter of the log each: nobody has to wait for the end of it.
  const early = events.slice(0, Math.floor(events.length / 4));
  for (let number = 0; number < SILENCED; number++) {
    const { events: cut, truths } = silenced(early, number, seed);
    const [truth] = truths;
    if (truth === undefined) continue;
    tried += 1;
    const found = isOf(watch(stored(cut)).found, ["agent_silent"]);
    if (found.some(({ subject }) => subject.agent_id === truth.agent_id && subject.task_id === truth.task_id))
      silent += 1;
  }
  add("planted: agents that fall silent, found", silent, tried);

  const looping = team(seed, { loop_calls: 40 });
  const loops = isOf(watch(stored(looping.events)).found, ["no_progress"]);
  const planted = looping.truths.filter(({ plant }) => plant === "loop");
  const isFound = (task_id: string | undefined) => loops.some(({ subject }) => subject.task_id === task_id);
  add("planted: loops, found", planted.filter(({ task_id }) => isFound(task_id)).length, planted.length);

  const drifting = isOf(watch(stored(team(seed, { coder_tokens_percent: 15 }).events)).found, [
    "agent_drift",
  ]);
  add(
    "planted: coder-b uses 15 % more tokens, its drift found",
    drifting.some(({ subject }) => subject.agent_id === "coder-b") ? 1 : 0,
    1,
  );
  const burning = isOf(watch(stored(team(seed, { burn_percent: 30 }).events)).found, ["team_drift"]);
  add("planted: everybody uses 30 % more tokens, the team's drift found", Math.min(1, burning.length), 1);
  return rows;
}
