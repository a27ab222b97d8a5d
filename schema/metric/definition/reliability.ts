import { HOUR_MS } from "../slot.ts";
import { mean, needs, quotient, type Metric } from "../metric.ts";
import { CLOSED, WORK_TOLD } from "./need.ts";

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
      "up ÷ (up + down), of agents that sent a heartbeat within the day before and are at work: who has handed in, judged, finished, been blocked, idled or stopped is at rest until it says something of work again. Up to 5 minutes between two events are up; a longer silence, and the time from a crash to the next event, are down; absences over a day, and silences of agents without heartbeats, are excluded. n: hours at work, to a tenth; below half an hour unknown, and unknown where fewer than 6 heartbeats of agents at work, or not half of them, come within 5 minutes of the one before",
    excludes: "absences over a day, silences of agents without heartbeats, with few or with ones far apart",
    needs: [needs("agent_heartbeat")],
    read: ({ sums, is_heard }) => {
      if (!is_heard) return { value: null, n: 0, excluded: sums.absences + sums.gaps };
      const duty_ms = sums.up_ms + sums.down_ms;
      const value = duty_ms < MIN_DUTY_MS ? null : quotient(sums.up_ms, duty_ms);
      return { value, n: Math.round((duty_ms / HOUR_MS) * 10) / 10, excluded: sums.absences };
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
    formula:
      "closed tasks with an escalated_to_user ÷ closed tasks; escalations that name no task: excluded; unknown where nothing but the opening and closing of tasks is ever told",
    excludes: "escalations that name no task, and tasks of which only that they open and close is told",
    needs: [CLOSED, WORK_TOLD],
    read: ({ sums, is_told }) => {
      const closed = sums.completed_tasks + sums.failed_tasks;
      return is_told
        ? mean(sums.escalated_tasks, closed, sums.loose_escalations)
        : { value: null, n: 0, excluded: closed };
    },
  },
  {
    id: "retry_budget_exhaustion",
    label: "Retry budgets exhausted",
    category: "reliability",
    unit: "count",
    direction: "down",
    target: { kind: "fixed", bound: "=", value: 0 },
    words: "How often a task had no attempt left.",
    formula:
      "retry_budget_exhausted events; unknown where no task closed and none was exhausted, and where nothing but the opening and closing of tasks is ever told",
    excludes: "tasks of which only that they open and close is told",
    needs: [needs(...CLOSED.any, "retry_budget_exhausted"), WORK_TOLD],
    read: ({ sums, is_told }) => {
      const closed = sums.completed_tasks + sums.failed_tasks;
      if (!is_told) return { value: null, n: 0, excluded: closed };
      const n = Math.max(closed, sums.exhausted);
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
    needs: [needs("agent_crashed")],
    read: ({ sums }) => mean(Math.min(sums.recoveries, sums.crashes), sums.crashes, sums.stray_recoveries),
  },
];
