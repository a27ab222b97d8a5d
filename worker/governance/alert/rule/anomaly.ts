/**
 * What insight/anomaly finds, as alerts. The words are new ones: those of a finding name agents, paths and amounts,
 * which links hide while they show the words.
 */
import { duration } from "../../../../schema/event/describe/duration.ts";
import type { Alert } from "../../../../schema/state/entity/alert.ts";
import { EXPLAIN, type Finding, type Rule as FindingRule } from "../../../insight/anomaly/finding.ts";
import { BARE, MINUTE_MS, type Condition, type Rule, type Scene } from "../condition.ts";

interface Words {
  metric: string;
  title: (finding: Finding) => string;
  message: (finding: Finding) => string;
}

const task = ({ subject }: Finding): string =>
  subject.task_id === undefined ? "An agent" : `Task ${subject.task_id}`;
/** Amounts are told against each other: what a call costs may be hidden. */
const times = ({ value, usual }: Finding): string =>
  usual === undefined || !(usual > 0) ? "far more than" : `${(value / usual).toFixed(1)} times what`;
const sample = ({ samples }: Finding): string =>
  samples === undefined ? "" : ` (from ${String(samples)} of its like)`;
const STOP = "See what it does, and stop it if that is not worth it.";

const WORDS: Partial<Record<FindingRule, Words>> = {
  token_use: {
    metric: "tokens_per_call",
    title: (found) => `${task(found)}: an agent's calls are unusually large`,
    message: (found) => `A call takes ${times(found)} is usual for its role${sample(found)}. ${STOP}`,
  },
  task_duration: {
    metric: "work_ms",
    title: (found) => `${task(found)} takes unusually long`,
    message: (found) =>
      `${duration(found.value)} of work${found.usual === undefined ? "" : `, where ${duration(found.usual)} is usual`} and ${duration(found.target)} the most that is ordinary${sample(found)}. ${STOP}`,
  },
  task_tokens: {
    metric: "tokens",
    title: (found) => `${task(found)} uses unusually many tokens`,
    message: (found) => `It took ${times(found)} is usual${sample(found)}. ${STOP}`,
  },
  task_cost: {
    metric: "cost_usd",
    title: (found) => `${task(found)} is unusually expensive`,
    message: (found) => `It took ${times(found)} is usual${sample(found)}. ${STOP}`,
  },
  agent_drift: {
    metric: "tokens_per_call_drift",
    title: ({ value }) => `An agent's calls have become ${value > 0 ? "larger" : "smaller"} than its role's`,
    message: (found) =>
      `Not one call, but their average over several tasks${sample(found)}. Compare its instructions and tools with those of its peers.`,
  },
  team_drift: {
    metric: "team_tokens_drift",
    title: ({ value }) => `Everybody's calls have become ${value > 0 ? "larger" : "smaller"}`,
    message: () =>
      "All roles moved together: look for a change of model, of prompts or of the shared context.",
  },
  no_progress: {
    metric: "equal_calls",
    title: (found) => `${task(found)}: the same tool call again and again`,
    message: ({ value }) =>
      `${String(value)} of its last 20 calls were the same, with nothing committed and no test result changed between. Interrupt it, and say what to try instead.`,
  },
  agent_silent: {
    metric: "agent_silence_ms",
    title: (found) => `${task(found)}: its agent has fallen silent`,
    message: (found) =>
      `Nothing for ${duration(found.value)} while others were heard; ${duration(found.target)} is the most to expect${sample(found)}. Restart the agent, or hand the task over.`,
  },
};

/** Of amounts and times: less than three times the usual is not worth a person's look, however rare it is. */
const LEAST_TIMES = 3;
/** Tasks of one rule at once that are told as one alert: their cause is one too, or nobody reads them all. */
const MANY = 4;
/** Seqs that an alert of many names: a person reads some. */
const MAX_EVIDENCE = 10;
/** Standing conditions flicker as figures waver about a limit. */
const CLEAR_MS = 5 * MINUTE_MS;
const AGES: ReadonlySet<FindingRule> = new Set(["task_duration", "agent_silent"]);

function ruleOf(id: FindingRule, words: Words): Rule {
  return {
    id,
    hold_ms: 0,
    clear_ms: CLEAR_MS,
    ...(AGES.has(id) ? { ages: true as const } : {}),
    believable: EXPLAIN[id],
    *conditions(scene): Generator<Condition> {
      const told = [...scene.state.open_alerts.values()].filter(({ rule }) => rule === id);
      const is_told = (one: Finding) => told.some(({ task_id }) => task_id === (one.subject.task_id ?? null));
      const found = scene.findings.filter((one) => one.rule === id && (is_told(one) || isWorth(one, scene)));
      const fresh = found.filter((one) => one.subject.task_id !== undefined && !is_told(one));
      const is_grouped = told.some(({ task_id, agent_id }) => task_id === null && agent_id === null);
      const [first] = fresh;
      if (first !== undefined && (fresh.length >= MANY || is_grouped)) {
        yield grouped(first, fresh, words);
        for (const one of found) if (!fresh.includes(one)) yield conditionOf(one, scene, words);
      } else for (const one of found) yield conditionOf(one, scene, words);
    },
  };
}

function isWorth({ rule, value, usual, subject }: Finding, { state }: Scene): boolean {
  if (usual !== undefined && value < LEAST_TIMES * usual) return false;
  // Everybody's calls moved: that each one's did is the same news.
  if (rule === "agent_drift")
    return ![...state.open_alerts.values()].some((alert) => alert.rule === "team_drift");
  if (rule !== "task_duration") return true;
  // What kept it waiting was told, or nobody wanted to be told.
  const about = ({ task_id, rule: other }: Alert) => task_id === subject.task_id && other !== rule;
  return ![...state.open_alerts.values(), ...state.closed_alerts.values()].some(about);
}

function conditionOf(found: Finding, { state }: Scene, { metric, title, message }: Words): Condition {
  const { subject, severity, value, target, samples = null, since, evidence, until } = found;
  const { task_id = null, agent_id = null } = subject;
  const known =
    task_id === null ? undefined : (state.open_tasks.get(task_id) ?? state.closed_tasks.get(task_id));
  return {
    ...BARE,
    ...{ severity, metric, value, target, samples, agent_id, task_id, evidence },
    feature_id: subject.feature_id ?? known?.feature_id ?? null,
    title: title(found),
    message: message(found),
    since_ms: since,
    // That it stands no longer is told by no event.
    worse_ms: until === undefined ? null : until + 1,
  };
}

/** Of tasks, each with its own figure. */
function grouped(first: Finding, all: readonly Finding[], { metric, title }: Words): Condition {
  const tasks = all.map(({ subject }) => subject.task_id ?? "");
  const until = Math.min(...all.map((one) => one.until ?? Infinity));
  return {
    ...BARE,
    severity: first.severity,
    metric,
    title: `${String(all.length)} at once: ${title(first)}`,
    message: `The same holds for ${tasks.slice(1, MANY).join(", ")}${tasks.length > MANY ? " and others" : ""}. Look for one cause: a model, a tool, a server that all of them wait for.`,
    samples: all.length,
    since_ms: Math.max(...all.map(({ since }) => since)),
    worse_ms: until === Infinity ? null : until + 1,
    evidence: all.flatMap(({ evidence }) => evidence.slice(-1)).slice(0, MAX_EVIDENCE),
  };
}

export const ANOMALIES: readonly Rule[] = (Object.entries(WORDS) as [FindingRule, Words][]).map(
  ([found_by, words]) => ruleOf(found_by, words),
);
