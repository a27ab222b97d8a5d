/**
 * What Clusterfork itself decides: budgets, alerts, targets, forecasts, models,
 * the Board. Senders may not send these (T5); they arise from the log alone.
 */
import {
  amount,
  anyNumber,
  cost,
  count,
  eventType,
  flag,
  fraction,
  label,
  labels,
  name,
  percent,
  prose,
  proses,
  structure,
  text,
  title,
} from "../field.ts";

const reason = text(prose);
/** The event, rule or meeting that an event follows from. */
const cause = { cause: structure(label), reason };

const budget = { budget_id: structure(label), ...cause };
const limits = { limit_usd: cost(amount), limit_tokens: cost(amount) };
const amounts = { amount_usd: cost(amount), amount_tokens: cost(amount) };
/** Who spends on what: a budget's scope names one of them, a reservation what it is for. */
const spender = { agent: name(label), role: structure(label), feature: structure(label) };
const threshold = {
  ...budget,
  /** How often the budget had been set. */
  revision: structure(count),
  /** RFC 3339: when the budget's period began; the epoch for a lifetime. */
  period_start: structure(label),
};
const standing = {
  ...limits,
  threshold_percent: cost(percent),
  used_usd: cost(amount),
  used_tokens: cost(amount),
  unknown_calls: cost(count),
};

const alert = {
  alert_id: structure(label),
  rule: structure(label),
  metric: structure(label),
  severity: structure(label),
  title: title(label),
  message: text(prose),
  /** Whom it is about. */
  agent: name(label),
  /** The file that it is about. */
  path: name(label),
  by: name(label),
  assignee: name(label),
  until: structure(label),
  /** Of an alert that is told anew: how often its words were renewed without that it became worse. */
  renewed: structure(count),
  /** RFC 3339: since when it is so, by the clock of what it is about; an import tells of the past. */
  since: structure(label),
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
  /** Whom it is for, and for which kinds of tasks; absent: everybody, and all. */
  roles: structure(labels),
  kinds: structure(labels),
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
  /** RFC 3339: when the first of what it rests on happened. */
  since: structure(label),
  evidence: structure(labels),
  goal: text(prose),
  outcome: structure(label),
  ...cause,
};

export const governance = {
  budget_set: eventType(
    "A budget stands, with another limit perhaps, or is taken away.",
    {
      ...budget,
      ...spender,
      title: title(label),
      /** `project`, `feature`, `agent` or `role`. */
      scope: structure(label),
      /** `month` or `lifetime`. */
      period: structure(label),
      /** `usd` or `tokens`. */
      unit: structure(label),
      hard: structure(flag),
      removed: structure(flag),
      by: name(label),
    },
    limits,
  ),
  budget_reserved: eventType(
    "Part of every budget that a call falls under is set aside for it.",
    {
      ...spender,
      reservation_id: structure(label),
      task: structure(label),
      /** The id of the key that asked, which alone gives it back. */
      holder: name(label),
      /** RFC 3339: from then on it holds nothing any more. */
      expires_at: structure(label),
      ...cause,
    },
    amounts,
  ),
  budget_settled: eventType(
    "A reservation became real cost. Not needed: the tokens_used that names the reservation settles it.",
    { ...budget, reservation_id: structure(label) },
    amounts,
  ),
  budget_released: eventType("A reservation was given back.", { reservation_id: structure(label), ...cause }),
  budget_warned: eventType("A good part of a budget is used.", threshold, standing),
  budget_exceeded: eventType("A budget is used up.", threshold, standing),
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
  events_forgotten: eventType(
    "Events were destroyed on purpose; the log keeps their places.",
    { seqs: structure(prose, "a list of seqs and ranges, as 3,6-7"), by: name(label), reason },
    { events: structure(anyNumber) },
  ),
  lesson_approved: eventType("Somebody looked at a lesson: it may be given out.", {
    lesson_id: name(label),
    /** `project` or `team`: who may find it from now on. */
    scope: structure(label),
    by: name(label),
    reason,
  }),
  lessons_purged: eventType("What a key taught was destroyed, and what was derived from it.", {
    key_id: name(label),
    by: name(label),
    reason,
  }),
  reflection_made: eventType(
    "A feature that ended or rests, or tasks of none, were looked back on.",
    {
      /** `merged`, `done` or `abandoned`; `rested` of one that nobody ends; `tasks` of those of no feature. */
      outcome: structure(label),
      grade: structure(label),
      /** What was found, by the kinds of the analyst. */
      patterns: structure(labels),
      /** Ids of the lessons that were drawn from it. */
      lessons: structure(labels),
      recommendations: text(proses),
      /** Seqs of the decisions that were recorded on the way. */
      decisions: structure(labels),
      summary: text(prose),
      /** The language model that was to word the lessons; absent: none was asked. */
      model: structure(label),
      /** Of each lesson, in their order: `model`, or why it has the built-in words. */
      wording: structure(labels),
    },
    {
      /** Of what ended it, of the trouble since, or of the last before it rested. */
      seq: structure(count),
      quality_score: structure(fraction),
      cost_usd: cost(amount),
      /** Against the middle of what was foretold first. */
      cost_delta_usd: cost(anyNumber),
      tokens: cost(count),
      /** Quality per thousand tokens. */
      efficiency: cost(anyNumber),
      cycle_count: structure(count),
    },
  ),
  pip_closed: eventType("An agent's performance improvement plan ended.", plan, measurement),
};
