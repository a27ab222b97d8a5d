import { HOUR_MS } from "../slot.ts";
import { mean, quotient, type Metric } from "../metric.ts";

/** Silence counts from five minutes on: of less than this one alone decides. */
const MIN_DUTY_MS = 1_800_000;

export const RELIABILITY: readonly Metric[] = [
  {
    id: "agent_uptime",
    label: "Agent uptime",
    category: "reliability",
    unit: "ratio",
    direction: "up",
    target: { kind: "fixed", bound: ">", value: 0.99 },
    words: "The share of the time in which agents had work in hand that they were heard.",
    formula:
      "up ÷ (up + down), of agents that sent a heartbeat within the day before and are at work: who has handed in, judged, finished, been blocked, idled or stopped is at rest until it says something of work again. Up to 5 minutes between two events are up; a longer silence, and the time from a crash to the next event, are down; absences over a day, and silences of agents without heartbeats, are excluded. n: hours at work; below half an hour unknown",
    excludes: "absences over a day, silences of agents without heartbeats",
    needs: ["agent_heartbeat"],
    read: ({ sums }) => {
      const duty_ms = sums.up_ms + sums.down_ms;
      const value = duty_ms < MIN_DUTY_MS ? null : quotient(sums.up_ms, duty_ms);
      return { value, n: duty_ms / HOUR_MS, excluded: sums.absences };
    },
  },
  {
    id: "escalation_rate",
    label: "Escalation rate",
    category: "reliability",
    unit: "ratio",
    direction: "down",
    target: { kind: "fixed", bound: "<", value: 0.05 },
    words: "The share of closed tasks that were escalated to a person.",
    formula: "closed tasks with an escalated_to_user ÷ closed tasks; escalations that name no task: excluded",
    excludes: "escalations that name no task",
    needs: ["task_completed"],
    read: ({ sums }) =>
      mean(sums.escalated_tasks, sums.completed_tasks + sums.failed_tasks, sums.loose_escalations),
  },
  {
    id: "retry_budget_exhaustion",
    label: "Retry budgets exhausted",
    category: "reliability",
    unit: "count",
    direction: "down",
    target: { kind: "fixed", bound: "=", value: 0 },
    words: "How often a task had no attempt left.",
    formula: "retry_budget_exhausted events; unknown where no task closed and none was exhausted",
    needs: ["task_completed", "retry_budget_exhausted"],
    read: ({ sums }) => {
      const n = Math.max(sums.completed_tasks + sums.failed_tasks, sums.exhausted);
      return { value: n === 0 ? null : sums.exhausted, n, excluded: 0 };
    },
  },
  {
    id: "state_recovery",
    label: "State recovery",
    category: "reliability",
    unit: "ratio",
    direction: "up",
    target: { kind: "fixed", bound: ">=", value: 1 },
    words: "The share of crashes from which the agent came back with its state.",
    formula:
      "agent_crashed followed by agent_recovered as the agent's next event, but for state_restored = false ÷ agent_crashed; recoveries without a crash: excluded",
    excludes: "recoveries without a crash",
    needs: ["agent_crashed", "agent_recovered"],
    read: ({ sums }) => mean(Math.min(sums.recoveries, sums.crashes), sums.crashes, sums.stray_recoveries),
  },
];
