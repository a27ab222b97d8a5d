/**
 * What insight/anomaly finds, as alerts. The words are new ones: those of a finding name agents, paths and amounts,
 * which links hide while they show the words.
 */
import { duration } from "../../../../schema/event/describe/duration.ts";
import { REFUSALS } from "../../../insight/anomaly/contention.ts";
import { EXPLAIN, type Finding, type Rule as FindingRule } from "../../../insight/anomaly/finding.ts";
import { BARE, MINUTE_MS, type Condition, type Rule } from "../condition.ts";

interface Words {
  metric: string;
  title(finding: Finding): string;
  message(finding: Finding): string;
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
      `${duration(found.value)} where ${duration(found.usual ?? 0)} is usual and ${duration(found.target)} the most that is ordinary${sample(found)}. ${STOP}`,
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
  lock_contention: {
    metric: "lock_refusals",
    title: () => "A file is refused again and again",
    message: ({ value }) =>
      `${String(value)} refusals within an hour. Let one agent do what touches it, or split the file.`,
  },
};

/** Of a rule of the same name that says more: what waits for a lock is one alert per task. */
const OWN_ID: Partial<Record<FindingRule, string>> = { lock_contention: "lock_refusals" };
/** Standing conditions flicker as figures waver about a limit. */
const CLEAR_MS = 5 * MINUTE_MS;
const AGES: ReadonlySet<FindingRule> = new Set(["task_duration", "agent_silent"]);

function ruleOf(found_by: FindingRule, { metric, title, message }: Words): Rule {
  return {
    id: OWN_ID[found_by] ?? found_by,
    hold_ms: 0,
    clear_ms: CLEAR_MS,
    ...(AGES.has(found_by) ? { ages: true as const } : {}),
    believable: EXPLAIN[found_by],
    *conditions({ state, findings }): Generator<Condition> {
      for (const found of findings) {
        if (found.rule !== found_by || !isRefusals(found)) continue;
        const { subject, severity, value, target, samples = null, since, evidence, until, due_ms } = found;
        const { task_id = null, agent_id = null } = subject;
        const known =
          task_id === null ? undefined : (state.open_tasks.get(task_id) ?? state.closed_tasks.get(task_id));
        yield {
          ...BARE,
          ...{ severity, metric, value, target, samples, agent_id, task_id, evidence },
          feature_id: subject.feature_id ?? known?.feature_id ?? null,
          title: title(found),
          message: message(found),
          since_ms: since,
          // That it stands no longer is told by no event.
          worse_ms: until === undefined ? null : until + 1,
          ...(due_ms === undefined ? {} : { due_ms }),
        };
      }
    },
  };
}

/** Of a file: waiting for it is told by rule/lock-contention.ts. */
function isRefusals({ rule, target }: Finding): boolean {
  return rule !== "lock_contention" || target === REFUSALS - 1;
}

export const ANOMALIES: readonly Rule[] = (Object.entries(WORDS) as [FindingRule, Words][]).map(
  ([found_by, words]) => ruleOf(found_by, words),
);
