/** Every rule. An alert names the rule that found it; a rule that is gone leaves its open alerts to be cleared. */
import type { Rule } from "./condition.ts";
import { ANOMALIES } from "./rule/anomaly.ts";
import { blockedTask } from "./rule/blocked-task.ts";
import { budgetReached } from "./rule/budget.ts";
import { failedAgent } from "./rule/failed-agent.ts";
import { failingAgent } from "./rule/failing-agent.ts";
import { lockContention } from "./rule/lock-contention.ts";
import { retryBudget } from "./rule/retry-budget.ts";
import { reviewLoop } from "./rule/review-loop.ts";
import { targetMissed } from "./rule/target-missed.ts";
import { telemetryGap } from "./rule/telemetry-gap.ts";

export const RULES: readonly Rule[] = [
  blockedTask,
  failedAgent,
  retryBudget,
  lockContention,
  reviewLoop,
  budgetReached,
  failingAgent,
  targetMissed,
  telemetryGap,
  ...ANOMALIES,
];
