/**
 * Budgets: what may be spent, what was, and what is set aside.
 *
 * | event           | what it does                                                                   |
 * |-----------------|--------------------------------------------------------------------------------|
 * | budget_set      | a new budget, or another limit, title, hardness of a known one; `removed` ends it |
 * | budget_reserved | holds an amount of all budgets that it falls under, until its `expires_at`      |
 * | tokens_used     | adds to the budgets it falls under, in the period of its event time; one that names a reservation of its agent settles it |
 * | budget_released | gives a reservation back                                                       |
 * | budget_warned, budget_exceeded | a threshold was told of                                         |
 *
 * - A call falls under a budget by its own agent, role and feature: where it names no feature, its task's; where it
 *   names no role, its agent's.
 * - Nothing here reads a clock: whether a reservation still holds is asked at a time (budget-standing.ts).
 * - A call is late when it was *received* after its reservation had ended: until then the amount was held, whatever
 *   the sender's clock says.
 * - A call that settles is as young as its reservation at least, whatever its clock says, and adds to the budgets that
 *   the reservation fell under beside those of its own words: else an old clock, or another feature, would free what
 *   was held and charge nobody for it.
 * - Another agent's call that names a reservation counts as its own and leaves the hold to whoever it belongs to.
 * - A call of unknown cost that names a reservation counts as what was reserved for it (`assumed`), else as nothing;
 *   it is counted as unknown all the same (M2).
 */
import type { StoredEvent } from "../event/event.ts";
import { openAccounts } from "./budget-opening.ts";
import { accountOf, dayOf, monthOf } from "./budget-period.ts";
import { amountIn, idIn, labelIn, nameIn, numberIn, textIn } from "./field.ts";
import { forgetOldest } from "./forget.ts";
import {
  MAX_BUDGET_ACCOUNTS,
  MAX_BUDGET_DAYS,
  MAX_BUDGETS,
  MAX_ENDED_RESERVATIONS,
  MAX_HELD_RESERVATIONS,
  MAX_SPENDING_MONTHS,
  MAX_TITLE_CHARS,
} from "./limits.ts";
import {
  BUDGET_PERIODS,
  BUDGET_SCOPES,
  BUDGET_UNITS,
  type Budget,
  type BudgetAccount,
  type Reservation,
  type Spending,
} from "./entity/budget.ts";
import type { ProjectState } from "./state.ts";
import type { Usage } from "./entity/usage.ts";
import type { Fold } from "./subject.ts";
import { addCall, addUsage, createUsage } from "./usage.ts";

export function createSpending(): Spending {
  return { months: new Map(), budgets: new Map(), held: new Map(), ended: new Map() };
}

/** By whom, as what, and for what something is spent. */
export interface Spender {
  agent: string | null;
  role: string | null;
  feature_id: string | null;
}

export function fallsUnder(spender: Spender, budget: Budget): boolean {
  switch (budget.scope) {
    case "project":
      return true;
    case "feature":
      return budget.feature_id === spender.feature_id;
    case "agent":
      return budget.agent === spender.agent;
    case "role":
      return budget.role === spender.role;
  }
}

export const foldBudgetSet: Fold = (state, event, { time_ms }) => {
  const { budgets } = state.spending;
  const id = labelIn(event, "budget_id");
  if (id === null) return;
  if (event.metadata?.removed === true) {
    budgets.delete(id);
    return;
  }
  const known = budgets.get(id);
  const budget = known ?? createBudget(state, event, id, time_ms);
  if (budget === null) return;
  budget.title = textIn(event, "title", MAX_TITLE_CHARS);
  budget.limit = amountIn(event, budget.unit === "usd" ? "limit_usd" : "limit_tokens");
  budget.hard = event.metadata?.hard === true;
  budget.revision += 1;
  budget.set_at = time_ms;
  budget.set_by = nameIn(event, "by");
  for (const account of budget.accounts) account.announced = 0;
  if (known === undefined) budgets.set(id, budget);
};

/** Null where the event does not say enough, or no further budget may be set. */
function createBudget(state: ProjectState, event: StoredEvent, id: string, time_ms: number): Budget | null {
  const scope = BUDGET_SCOPES.find((name) => name === event.metadata?.scope);
  const period = BUDGET_PERIODS.find((name) => name === event.metadata?.period);
  const unit = BUDGET_UNITS.find((name) => name === event.metadata?.unit);
  if (scope === undefined || period === undefined || unit === undefined) return null;
  const feature_id = scope === "feature" ? idIn(event, "feature") : null;
  const agent = scope === "agent" ? nameIn(event, "agent") : null;
  const role = scope === "role" ? labelIn(event, "role") : null;
  if (scope !== "project" && (feature_id ?? agent ?? role) === null) return null;
  if (state.spending.budgets.size >= MAX_BUDGETS) return null;
  const opening = openAccounts(state, { scope, feature_id, agent, role, period }, time_ms);
  return {
    id,
    title: null,
    scope,
    feature_id,
    agent,
    role,
    period,
    unit,
    limit: null,
    hard: false,
    revision: 0,
    set_at: time_ms,
    set_by: null,
    counted_from: opening === null ? time_ms : null,
    first_at: null,
    accounts: opening?.map(({ from, usage }) => createAccount(from, { ...usage })) ?? [],
    days: [],
  };
}

function createAccount(from: number, usage = createUsage()): BudgetAccount {
  return { from, usage, assumed: 0, late_calls: 0, over_calls: 0, over: 0, announced: 0 };
}

export const foldReserved: Fold = (state, event, { time_ms }) => {
  const { held, ended } = state.spending;
  const id = labelIn(event, "reservation_id");
  const expires_at = Date.parse(labelIn(event, "expires_at") ?? "");
  if (id === null || Number.isNaN(expires_at) || held.has(id) || ended.has(id)) return;
  held.set(id, {
    id,
    key_id: nameIn(event, "holder"),
    agent: nameIn(event, "agent"),
    role: labelIn(event, "role"),
    feature_id: idIn(event, "feature"),
    task_id: idIn(event, "task"),
    usd: amountIn(event, "amount_usd"),
    tokens: amountIn(event, "amount_tokens"),
    made_at: time_ms,
    expires_at,
    calls: 0,
    settled_usd: 0,
    settled_tokens: 0,
    released: false,
  });
  if (held.size <= MAX_HELD_RESERVATIONS) return;
  // The room grants none while so many hold, so this one has expired.
  let first: Reservation | null = null;
  for (const each of held.values()) if (first === null || each.expires_at < first.expires_at) first = each;
  if (first !== null) end(state.spending, first);
};

export const foldReleased: Fold = (state, event) => {
  const reservation = state.spending.held.get(labelIn(event, "reservation_id") ?? "");
  if (reservation === undefined) return;
  reservation.released = true;
  end(state.spending, reservation);
};

/** It comes last, also when it had ended before. */
function end({ held, ended }: Spending, reservation: Reservation): void {
  held.delete(reservation.id);
  ended.delete(reservation.id);
  ended.set(reservation.id, reservation);
  forgetOldest(ended, MAX_ENDED_RESERVATIONS);
}

export const foldThreshold: Fold = (state, event) => {
  const budget = state.spending.budgets.get(labelIn(event, "budget_id") ?? "");
  const from = Date.parse(labelIn(event, "period_start") ?? "");
  // What was told of another limit says nothing of this one.
  if (budget === undefined || numberIn(event, "revision") !== budget.revision) return;
  const account = accountOf(budget, from);
  if (account === null) return;
  account.announced = Math.max(account.announced, amountIn(event, "threshold_percent") ?? 0);
};

/** Adds the model call of one `tokens_used`. */
export function spend(state: ProjectState, event: StoredEvent, time_ms: number, spender: Spender): void {
  const { months, budgets } = state.spending;
  const reservation = reservationOf(state.spending, event, spender);
  const made_ms = Math.max(time_ms, reservation?.made_at ?? time_ms);
  const from = monthOf(made_ms);
  const month = monthAt(months, from);
  if (month !== null) addCall(month, event);
  if (budgets.size === 0 && reservation === null) return;
  const call = callOf(event);
  const settled = reservation === null ? null : settle(state.spending, reservation, event, call);
  for (const budget of budgets.values()) {
    if (!fallsUnder(spender, budget) && (reservation === null || !fallsUnder(reservation, budget))) continue;
    const account = accountAt(budget, budget.period === "month" ? from : 0);
    if (account === null) continue;
    addUsage(account.usage, call.usage);
    if (settled !== null) note(account, settled, budget.unit);
    if (budget.first_at === null || made_ms < budget.first_at) budget.first_at = made_ms;
    addDay(budget, dayOf(made_ms), call);
  }
}

/** The reservation that a call settles; null where it names none that is known and its agent's. */
function reservationOf({ held, ended }: Spending, event: StoredEvent, spender: Spender): Reservation | null {
  if (event.metadata?.reservation_id === undefined) return null;
  const id = labelIn(event, "reservation_id");
  const reservation = id === null ? undefined : (held.get(id) ?? ended.get(id));
  return reservation?.agent === spender.agent ? reservation : null;
}

interface Call {
  /** Read off the event once, for all budgets. */
  usage: Usage;
  /** Null: nobody knows. */
  usd: number | null;
  tokens: number | null;
}

const TOKEN_METRICS = ["input_tokens", "cache_read_tokens", "cache_write_tokens", "output_tokens"];

function callOf(event: StoredEvent): Call {
  let tokens: number | null = null;
  for (const metric of TOKEN_METRICS) {
    const amount = amountIn(event, metric);
    if (amount !== null) tokens = (tokens ?? 0) + amount;
  }
  const usage = createUsage();
  addCall(usage, event);
  return { usage, usd: amountIn(event, "cost_usd"), tokens };
}

interface Settled {
  late: boolean;
  assumed: Record<"usd" | "tokens", number>;
  over: Record<"usd" | "tokens", number>;
}

function settle(spending: Spending, reservation: Reservation, event: StoredEvent, call: Call): Settled {
  const { usd, tokens, settled_usd, settled_tokens } = reservation;
  const late = reservation.released || Date.parse(event.received_at) > reservation.expires_at;
  const is_first = reservation.calls === 0;
  reservation.calls += 1;
  reservation.settled_usd += call.usd ?? (is_first ? (usd ?? 0) : 0);
  reservation.settled_tokens += call.tokens ?? (is_first ? (tokens ?? 0) : 0);
  end(spending, reservation);
  return {
    late,
    assumed: {
      usd: is_first && call.usd === null ? (usd ?? 0) : 0,
      tokens: is_first && call.tokens === null ? (tokens ?? 0) : 0,
    },
    over: {
      usd: beyond(usd, settled_usd, reservation.settled_usd),
      tokens: beyond(tokens, settled_tokens, reservation.settled_tokens),
    },
  };
}

/** By how much this call went beyond what was reserved; nothing where no such amount was. */
function beyond(reserved: number | null, before: number, after: number): number {
  return reserved === null ? 0 : Math.max(0, after - reserved) - Math.max(0, before - reserved);
}

function note(account: BudgetAccount, { late, assumed, over }: Settled, unit: Budget["unit"]): void {
  if (late) account.late_calls += 1;
  account.assumed += assumed[unit];
  if (over[unit] > 0) account.over_calls += 1;
  account.over += over[unit];
}

/** Null for a month before all of those that are kept. */
function monthAt(months: Spending["months"], from: number): Usage | null {
  const known = months.get(from);
  if (known !== undefined) return known;
  if (months.size >= MAX_SPENDING_MONTHS) {
    const earliest = Math.min(...months.keys());
    if (from < earliest) return null;
    months.delete(earliest);
  }
  const usage = createUsage();
  months.set(from, usage);
  return usage;
}

function accountAt(budget: Budget, from: number): BudgetAccount | null {
  const last = budget.accounts.at(-1);
  const known = last?.from === from ? last : accountOf(budget, from);
  if (known !== null) return known;
  return insert(budget.accounts, createAccount(from), (account) => account.from, MAX_BUDGET_ACCOUNTS);
}

function addDay({ days }: Budget, day: number, { usd, tokens }: Call): void {
  const last = days.at(-1);
  const entry =
    (last?.day === day ? last : null) ??
    days.findLast((each) => each.day === day) ??
    insert(days, { day, usd: 0, tokens: 0 }, (each) => each.day, MAX_BUDGET_DAYS);
  if (entry === null) return;
  entry.usd += usd ?? 0;
  entry.tokens += tokens ?? 0;
}

/** Puts an entry into its place and drops the first one beyond `max`; null when that is the entry itself. */
function insert<T>(entries: T[], entry: T, place: (entry: T) => number, max: number): T | null {
  const after = entries.findIndex((each) => place(each) > place(entry));
  const at = after === -1 ? entries.length : after;
  if (entries.length >= max && at === 0) return null;
  entries.splice(at, 0, entry);
  if (entries.length > max) entries.shift();
  return entry;
}
