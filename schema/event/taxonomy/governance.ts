/**
 * What Clusterfork itself decides: budgets, alerts, targets, forecasts, models,
 * the Board. Senders may not send these (T5); they arise from the log alone.
 */
import {
  anyNumber,
  cost,
  eventType,
  fraction,
  label,
  labels,
  name,
  prose,
  structure,
  text,
  title,
  usd,
} from "../field.ts";

const reason = text(prose);
/** The event, rule or meeting that an event follows from. */
const cause = { cause: structure(label), reason };

const budget = { budget_id: structure(label), scope: structure(label), period: structure(label), ...cause };
const money = { limit_usd: cost(usd), amount_usd: cost(usd), used_usd: cost(usd), remaining_usd: cost(usd) };

const alert = {
  alert_id: structure(label),
  rule: structure(label),
  metric: structure(label),
  severity: structure(label),
  title: title(label),
  message: text(prose),
  /** Whom it is about. */
  agent: name(label),
  by: name(label),
  assignee: name(label),
  until: structure(label),
  /** The seqs of the events that it rests on. */
  evidence: structure(labels),
  ...cause,
};
const measurement = { value: cost(anyNumber), target: cost(anyNumber), samples: structure(anyNumber) };

const forecast = {
  forecast_id: structure(label),
  metric: structure(label),
  method: structure(label),
  horizon: structure(label),
  ...cause,
};
const interval = {
  predicted: cost(anyNumber),
  low: cost(anyNumber),
  high: cost(anyNumber),
  coverage: structure(fraction),
  samples: structure(anyNumber),
};

const sop = {
  sop_id: structure(label),
  version: structure(label),
  title: title(label),
  proposal: text(prose),
  by: name(label),
  evidence: structure(labels),
  ...cause,
};

const directive = {
  directive_id: structure(label),
  meeting_id: structure(label),
  shareholder: structure(label),
  kind: structure(label),
  title: title(label),
  directive: text(prose),
  until: structure(label),
  outcome: structure(label),
  ...cause,
};

const plan = {
  plan_id: structure(label),
  agent: name(label),
  role: structure(label),
  metric: structure(label),
  goal: text(prose),
  outcome: structure(label),
  ...cause,
};

export const governance = {
  budget_set: eventType("A budget stands.", { ...budget, by: name(label) }, money),
  budget_reserved: eventType(
    "Part of a budget is set aside for work that begins.",
    { ...budget, reservation_id: structure(label) },
    money,
  ),
  budget_settled: eventType(
    "A reservation became real cost.",
    { ...budget, reservation_id: structure(label) },
    money,
  ),
  budget_released: eventType(
    "A reservation was given back.",
    { ...budget, reservation_id: structure(label) },
    money,
  ),
  budget_exceeded: eventType("More was spent than the budget allows.", budget, money),
  alert_raised: eventType("A metric left its target.", alert, measurement),
  alert_acknowledged: eventType("Somebody has seen an alert.", alert),
  alert_snoozed: eventType("An alert is silent for a while.", alert),
  alert_assigned: eventType("An alert is somebody's to look after, or nobody's any more.", alert),
  alert_cleared: eventType("A metric is back within its target.", alert, measurement),
  target_recalibrated: eventType(
    "A target follows what was observed.",
    { metric: structure(label), scope: structure(label), method: structure(label), ...cause },
    { ...measurement, previous: cost(anyNumber) },
  ),
  forecast_made: eventType("What will be, and how surely.", forecast, interval),
  forecast_scored: eventType("What came of a forecast.", forecast, {
    ...interval,
    actual: cost(anyNumber),
    error: cost(anyNumber),
  }),
  sop_proposed: eventType("The way of working could be better.", sop),
  sop_adopted: eventType("The way of working changed.", sop),
  model_assigned: eventType("An agent or a role gets another model.", {
    agent: name(label),
    role: structure(label),
    model: structure(label),
    previous_model: structure(label),
    ...cause,
  }),
  board_met: eventType("The Board looked at the metrics.", {
    meeting_id: structure(label),
    summary: text(prose),
    shareholders: structure(labels),
    ...cause,
  }),
  directive_issued: eventType("The Board wants something.", directive),
  directive_closed: eventType("A directive is fulfilled, withdrawn or expired.", directive),
  gate_overridden: eventType("Somebody let work pass a closed gate.", {
    gate: structure(label),
    directive_id: structure(label),
    by: name(label),
    ...cause,
  }),
  pip_opened: eventType("An agent's performance improvement plan began.", plan, measurement),
  pip_closed: eventType("An agent's performance improvement plan ended.", plan, measurement),
};
