/**
 * Budgets over HTTP: set by people and by keys of scope `admin`, asked by whoever sends events.
 *
 *   reserve ─▶ estimate (price table) ─▶ room decides and stores ─▶ 200, granted or not
 */
import {
  exhaustionOf,
  reached,
  standingOf,
  type Exhaustion,
  type Standing,
} from "../../schema/state/budget-standing.ts";
import { accountOf } from "../../schema/state/budget-period.ts";
import type { Budget, Reservation } from "../../schema/state/entity/budget.ts";
import { createUsage } from "../../schema/state/usage.ts";
import { budgetChange, budgetRequest } from "../../schema/wire/budget-body.ts";
import type {
  BudgetInfo,
  BudgetResponse,
  BudgetsResponse,
  ExhaustionInfo,
} from "../../schema/wire/budget.ts";
import type { Failure } from "../../schema/wire/error.ts";
import { newBudgetId } from "../account/identifier.ts";
import type { BudgetReply } from "../room/budget-call.ts";
import { readAsked } from "./asked-body.ts";
import type { HttpContext, ProjectAccess, Reply } from "./context.ts";
import { refusalFailure } from "./error.ts";
import type { Lens } from "../share/lens.ts";
import { parseQuery } from "./query.ts";
import { readWireState } from "./state.ts";

const COSTS_HIDDEN: Failure = {
  code: "insufficient_scope",
  message: "This link hides costs, and budgets are nothing else. Ask whoever sent it.",
};
const NO_BUDGET: Failure = {
  code: "not_found",
  message: "There is no such budget. GET …/budgets lists those of the project.",
};

export async function getBudgets(c: HttpContext, access: ProjectAccess): Promise<Reply> {
  const query = parseQuery(c, {});
  if (!query.ok) return query.failure;
  const { room, principal, lens } = access;
  if (lens !== undefined) return sharedBudgets(access, lens);
  const reply = await room.budget(principal, { kind: "read" });
  if (!reply.ok) return refusalFailure(reply);
  if (reply.kind !== "spending") throw unexpected(reply);
  const { now_ms, spending } = reply;
  const body: BudgetsResponse = {
    time: moment(now_ms),
    budgets: spending.budgets.map((budget) => describe(budget, spending.held, now_ms)),
  };
  return Response.json(body);
}

/** As the state that the link is shown has them. Without their amounts nothing is left of them. */
async function sharedBudgets(access: ProjectAccess, lens: Lens): Promise<Reply> {
  if (lens.scope.policy.cost) return COSTS_HIDDEN;
  const read = await readWireState(access);
  if (!("ok" in read)) return read;
  const { budgets, held } = read.state.spending;
  const now_ms = Date.now();
  return Response.json({
    time: moment(now_ms),
    budgets: budgets.map((budget) => describe(budget, held, now_ms)),
  } satisfies BudgetsResponse);
}

export async function postBudget(c: HttpContext, access: ProjectAccess): Promise<Reply> {
  const read = await readAsked(c, access, "admin", budgetRequest);
  if (!read.ok) return read.failure;
  const {
    title = null,
    hard = false,
    limit_usd,
    limit_tokens,
    scope,
    period,
    role = null,
    ...whose
  } = read.value;
  const unit = limit_usd === undefined ? "tokens" : "usd";
  const reply = await access.room.budget(access.principal, {
    ...{ kind: "create", id: newBudgetId(), by: asker(access), request_id: c.get("request_id") },
    is: { scope, feature_id: whose.feature_id ?? null, agent: whose.agent_id ?? null, role, period, unit },
    terms: { title, hard, limit: limit_usd ?? limit_tokens ?? 0 },
  });
  return told(reply, 201);
}

export async function putBudget(c: HttpContext, access: ProjectAccess): Promise<Reply> {
  const read = await readAsked(c, access, "admin", budgetChange);
  if (!read.ok) return read.failure;
  const { title, hard, limit_usd, limit_tokens } = read.value;
  const limit = limit_usd ?? limit_tokens;
  const reply = await access.room.budget(access.principal, {
    ...{
      kind: "change",
      id: c.req.param("budget") ?? "",
      by: asker(access),
      request_id: c.get("request_id"),
    },
    unit: limit === undefined ? null : limit_usd === undefined ? "tokens" : "usd",
    terms: {
      ...(title === undefined ? {} : { title }),
      ...(hard === undefined ? {} : { hard }),
      ...(limit === undefined ? {} : { limit }),
    },
  });
  return told(reply, 200);
}

export async function deleteBudget(c: HttpContext, access: ProjectAccess): Promise<Reply> {
  const id = c.req.param("budget") ?? "";
  const by = { by: asker(access), request_id: c.get("request_id") };
  const reply = await access.room.budget(access.principal, { kind: "remove", id, ...by });
  return told(reply, 200);
}

function told(reply: Awaited<ReturnType<ProjectAccess["room"]["budget"]>>, status: number): Reply {
  if (!reply.ok) return refusalFailure(reply);
  switch (reply.kind) {
    case "budget":
      return Response.json(
        { budget: describe(reply.budget, reply.held, reply.now_ms) } satisfies BudgetResponse,
        { status },
      );
    case "done":
      return new Response(null, { status: 204 });
    case "not_found":
      return NO_BUDGET;
    case "wrong_unit":
      return {
        code: "invalid",
        message: `This budget is in ${reply.unit}. Give limit_${reply.unit}, or make another budget.`,
      };
    case "too_many_budgets":
      return {
        code: "invalid",
        message: "The project has as many budgets as it may have. Remove one first.",
      };
    case "budget_stands":
      return {
        code: "already_exists",
        message: `The budget ${reply.id} counts the same: same subject, period and unit. Change its limit with PUT …/budgets/${reply.id}, or remove it first.`,
        details: { budget_id: reply.id },
      };
    case "spending":
    case "not_yours":
    case "granted":
    case "denied":
    case "checked":
    case "no_amount":
    case "key_used":
      throw unexpected(reply);
  }
}

export function unexpected(reply: BudgetReply): Error {
  return new Error(`a room answered "${reply.kind}" to another question about budgets`);
}

/** Whose doing it is, as the log says it. */
function asker({ principal }: ProjectAccess): string {
  return principal.kind === "key"
    ? `key ${principal.key_id}`
    : principal.kind === "session"
      ? principal.user_id
      : "";
}

function describe(budget: Budget, held: readonly Reservation[], now_ms: number): BudgetInfo {
  const standing = standingOf(budget, now_ms, held);
  const { from, to, used, reserved, remaining, share } = standing;
  const { accounts, days: _days, first_at: _first, revision: _revision, agent, ...rest } = budget;
  const account = accountOf({ accounts }, from);
  const { calls, reported_calls, priced_calls } = account?.usage ?? createUsage();
  return {
    ...rest,
    agent_id: agent,
    limit: budget.limit ?? 0,
    set_at: moment(budget.set_at),
    period_start: budget.period === "lifetime" ? null : moment(from),
    period_end: to === null ? null : moment(to),
    counted_from: countedFrom(budget, standing),
    ...{ used, reserved, remaining: remaining ?? 0, share },
    threshold: account === null ? 0 : reached(budget, account),
    calls: {
      all: calls,
      reported: reported_calls,
      priced: priced_calls,
      unknown: calls - reported_calls - priced_calls,
    },
    assumed: account?.assumed ?? 0,
    late_calls: account?.late_calls ?? 0,
    over_calls: account?.over_calls ?? 0,
    over: account?.over ?? 0,
    exhaustion: exhaustion(exhaustionOf(budget, standing, now_ms)),
  };
}

function countedFrom({ counted_from }: Budget, { from }: Standing): string | null {
  return counted_from === null || counted_from <= from ? null : moment(counted_from);
}

function exhaustion(expected: Exhaustion): ExhaustionInfo {
  if (expected.state !== "expected") return expected;
  const { state, from, to } = expected;
  return { state, from: moment(from), to: to === null ? null : moment(to) };
}

export function moment(time_ms: number): string {
  return new Date(time_ms).toISOString();
}
