/**
 * What a shared view shows of the state, such that folding redacted events
 * gives the redacted state, byte for byte (S2):
 *
 *   events ──redactEvent──▶ redacted events
 *     │ fold                      │ fold
 *     ▼                           ▼
 *   state ───redactState───▶ redacted state
 *
 * It asks two things of the fold: no decision depends on a title, a text, a
 * cost, or on a name in any way but whether it is there and whether it equals
 * another one. It asks three of the alias: it is injective, it leaves names
 * that begin with `clusterfork:` as they are, and it gives no other name that
 * beginning.
 */
import { aliasMark, policyFor, type Alias, type ViewPolicy } from "../event/view.ts";
import type { Agent } from "./entity/agent.ts";
import type { Budget, Reservation, WireSpending } from "./entity/budget.ts";
import type { Alert } from "./entity/alert.ts";
import type { Decision } from "./entity/decision.ts";
import type { Escalation } from "./entity/escalation.ts";
import type { Feature, FeaturePast } from "./entity/feature.ts";
import type { FileLock, LockConflict } from "./entity/lock.ts";
import type { Foretold } from "./entity/forecast.ts";
import type { Sop } from "./entity/sop.ts";
import type { Sprint } from "./entity/sprint.ts";
import type { Task } from "./entity/task.ts";
import type { Usage } from "./entity/usage.ts";
import type { WireState } from "./state.ts";
import { createUsage } from "./usage.ts";

/** A redacted copy; the argument stays as it is, and entries without anything to hide may be shared. */
export function redactState(wire: WireState, policy: ViewPolicy, alias: Alias): WireState {
  const view = { policy, alias };
  return {
    ...wire,
    open_tasks: wire.open_tasks.map((task) => redactTask(task, view)),
    closed_tasks: wire.closed_tasks.map((task) => redactTask(task, view)),
    open_features: wire.open_features.map((feature) => redactFeature(feature, view)),
    closed_features: wire.closed_features.map((feature) => redactFeature(feature, view)),
    agents: wire.agents.map((agent) => redactAgent(agent, view)),
    locks: wire.locks.map((lock) => redactLock(lock, view)),
    conflicts: wire.conflicts.map((conflict) => redactConflict(conflict, view)),
    escalations: wire.escalations.map((entry) => redactEscalation(entry, view)),
    decisions: wire.decisions.map((decision) => redactDecision(decision, view)),
    open_alerts: wire.open_alerts.map((alert) => redactAlert(alert, view)),
    closed_alerts: wire.closed_alerts.map((alert) => redactAlert(alert, view)),
    ...(policy.cost ? withoutFigures(wire) : {}),
    sprints: wire.sprints.map((sprint) => redactSprint(sprint, view)),
    sops: wire.sops.map((sop) => redactSop(sop, view)),
    usage: redactUsage(wire.usage, view),
    unassigned: { ...wire.unassigned, usage: redactUsage(wire.unassigned.usage, view) },
    spending: redactSpending(wire.spending, view),
  };
}

export interface View {
  policy: ViewPolicy;
  alias: Alias;
}

function name(value: string, { policy, alias }: View): string {
  return policy.name ? alias(value) : value;
}

function nameOrNull(value: string | null, view: View): string | null {
  return value === null ? null : name(value, view);
}

/** Calls are structure: how often, not how much. */
export function redactUsage(usage: Usage, { policy }: View): Usage {
  return policy.cost ? { ...createUsage(), calls: usage.calls } : usage;
}

/** A view without titles has none to date. */
function untitled<P extends { titled_at: number | null }>(past: P, policy: ViewPolicy): P {
  return policy.title ? { ...past, titled_at: null } : past;
}

/** As the events of the same view tell files apart. */
function unnamed(past: FeaturePast, { policy, alias }: View): FeaturePast {
  if (!policy.name || past.files.length === 0) return past;
  return { ...past, files: past.files.map((mark) => aliasMark(mark, alias)) };
}

export function redactTask(task: Task, view: View): Task {
  const { policy } = view;
  return {
    ...task,
    title: policy.title ? null : task.title,
    assignee: nameOrNull(task.assignee, view),
    blocked_reason: policy.text ? null : task.blocked_reason,
    failure_reason: policy.text ? null : task.failure_reason,
    files: task.files.map((path) => name(path, view)),
    usage: redactUsage(task.usage, view),
    past: untitled(task.past, policy),
  };
}

export function redactFeature(feature: Feature, view: View): Feature {
  return {
    ...feature,
    title: view.policy.title ? null : feature.title,
    requested_by: nameOrNull(feature.requested_by, view),
    usage: redactUsage(feature.usage, view),
    past: unnamed(untitled(feature.past, view.policy), view),
  };
}

export function redactAgent(agent: Agent, view: View): Agent {
  const { pip } = agent;
  return {
    ...agent,
    id: name(agent.id, view),
    usage: redactUsage(agent.usage, view),
    pip: pip !== null && view.policy.cost ? { ...pip, value: null, target: null } : pip,
  };
}

function redactLock(lock: FileLock, view: View): FileLock {
  return { ...lock, path: name(lock.path, view), agent_id: name(lock.agent_id, view) };
}

function redactConflict(conflict: LockConflict, view: View): LockConflict {
  return {
    ...conflict,
    path: name(conflict.path, view),
    agent_id: name(conflict.agent_id, view),
    holder_agent_id: nameOrNull(conflict.holder_agent_id, view),
  };
}

function redactEscalation(entry: Escalation, view: View): Escalation {
  const { text } = policyFor(
    { event_type: `escalated_to_${entry.to}`, agent_id: entry.agent_id },
    view.policy,
  );
  return {
    ...entry,
    agent_id: name(entry.agent_id, view),
    reason: text ? null : entry.reason,
  };
}

function redactDecision(decision: Decision, view: View): Decision {
  const { policy } = view;
  return {
    ...decision,
    agent_id: name(decision.agent_id, view),
    title: policy.title ? null : decision.title,
    rationale: policy.text ? null : decision.rationale,
    alternatives: policy.text ? [] : decision.alternatives,
  };
}

/** How much there is, was and may be spent is hidden; that there are budgets, of what, and how many calls, is not. */
function redactSpending(spending: WireSpending, view: View): WireSpending {
  return {
    months: spending.months.map(({ from, usage }) => ({ from, usage: redactUsage(usage, view) })),
    budgets: spending.budgets.map((budget) => redactBudget(budget, view)),
    held: spending.held.map((reservation) => redactReservation(reservation, view)),
    ended: spending.ended.map((reservation) => redactReservation(reservation, view)),
  };
}

function redactBudget(budget: Budget, view: View): Budget {
  const { cost, title } = view.policy;
  return {
    ...budget,
    title: title ? null : budget.title,
    agent: nameOrNull(budget.agent, view),
    set_by: nameOrNull(budget.set_by, view),
    limit: cost ? null : budget.limit,
    accounts: budget.accounts.map((account) => ({
      ...account,
      usage: redactUsage(account.usage, view),
      ...(cost ? { assumed: 0, over_calls: 0, over: 0, announced: 0 } : {}),
    })),
    days: cost ? budget.days.map(({ day }) => ({ day, usd: 0, tokens: 0 })) : budget.days,
  };
}

function redactReservation(reservation: Reservation, view: View): Reservation {
  const hidden = view.policy.cost ? { usd: null, tokens: null, settled_usd: 0, settled_tokens: 0 } : {};
  return { ...reservation, key_id: null, agent: nameOrNull(reservation.agent, view), ...hidden };
}
function redactSprint(sprint: Sprint, { policy }: View): Sprint {
  return { ...sprint, title: policy.title ? null : sprint.title, goal: policy.text ? null : sprint.goal };
}

function redactSop(sop: Sop, view: View): Sop {
  const { policy } = view;
  return {
    ...sop,
    agent_id: name(sop.agent_id, view),
    title: policy.title ? null : sop.title,
    text: policy.text ? null : sop.text,
  };
}

function redactAlert(alert: Alert, view: View): Alert {
  const { policy } = view;
  return {
    ...alert,
    ...(policy.cost ? { value: null, target: null } : {}),
    title: policy.title ? null : alert.title,
    message: policy.text ? null : alert.message,
    agent_id: nameOrNull(alert.agent_id, view),
    path: nameOrNull(alert.path ?? null, view),
    acknowledged_by: nameOrNull(alert.acknowledged_by, view),
    assignee: nameOrNull(alert.assignee, view),
  };
}

/** Targets and forecasts of times too: their events carry all figures under one name, whatever they measure. */
export function withoutFigures(
  wire: Pick<WireState, "targets" | "open_forecasts" | "scored_forecasts">,
): typeof wire {
  const foretold = (one: Foretold): Foretold => ({
    ...one,
    predicted: null,
    low: null,
    high: null,
    actual: null,
  });
  return {
    targets: wire.targets.map((target) => ({ ...target, target: null, previous: null })),
    open_forecasts: wire.open_forecasts.map(foretold),
    scored_forecasts: wire.scored_forecasts.map(foretold),
  };
}
