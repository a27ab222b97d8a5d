/** `POST …/budgets/reserve` and `…/release`: asked before a call and after one that did not take place. */
import type { Budget } from "../../schema/state/entity/budget.ts";
import type { Standing } from "../../schema/state/budget-standing.ts";
import { EVENT_VERSION, type NewEvent } from "../../schema/event/event.ts";
import { releaseRequest, reserveRequest, type ReserveRequest } from "../../schema/wire/budget-body.ts";
import type { ReleaseResponse, ReserveResponse } from "../../schema/wire/budget.ts";
import type { Failure } from "../../schema/wire/error.ts";
import type { Price } from "../intake/price.ts";
import type { BudgetReply } from "../room/budget-call.ts";
import { readAsked } from "./asked-body.ts";
import { moment, unexpected } from "./budgets.ts";
import type { ProjectHandler, Reply } from "./context.ts";
import { refusalFailure } from "./error.ts";

export function createReserve(price: Price): ProjectHandler {
  return async (c, access) => {
    const read = await readAsked(c, access, "ingest", reserveRequest);
    if (!read.ok) return read.failure;
    const asked = read.value;
    const amounts = amountsOf(asked, price, Date.now());
    const reply = await access.room.budget(access.principal, {
      kind: "reserve",
      ask: {
        ...amounts,
        key: asked.idempotency_key ?? null,
        agent: asked.agent_id,
        role: asked.agent_role ?? null,
        feature_id: asked.feature_id ?? null,
        task_id: asked.task_id ?? null,
        ttl_ms: asked.ttl_s * 1_000,
      },
    });
    return reply.ok ? answer(reply, amounts) : refusalFailure(reply);
  };
}

interface Amounts {
  usd: number | null;
  tokens: number | null;
}

/** What the call may come to at most. A sum of tokens is priced as output, the dearest of them. */
function amountsOf(asked: ReserveRequest, price: Price, now_ms: number): Amounts {
  const { amount_usd, tokens, input_tokens = 0, max_output_tokens = 0, model, provider } = asked;
  const input = tokens === undefined ? input_tokens : 0;
  const output = tokens ?? max_output_tokens;
  const all = input + output > 0 ? input + output : null;
  if (amount_usd !== undefined || model === undefined || all === null)
    return { usd: amount_usd ?? null, tokens: all };
  const call: NewEvent = {
    ...{
      id: "",
      event_type: "tokens_used",
      agent_id: asked.agent_id,
      source: "api",
      key_id: "",
      v: EVENT_VERSION,
    },
    timestamp: moment(now_ms),
    metadata: { model, ...(provider === undefined ? {} : { provider }) },
    metrics: { input_tokens: input, output_tokens: output },
  };
  return { usd: price(call).metrics?.cost_usd ?? null, tokens: all };
}

function answer(reply: BudgetReply, { usd, tokens }: Amounts): Reply {
  switch (reply.kind) {
    case "granted": {
      const { reservation } = reply;
      const body: ReserveResponse = {
        granted: true,
        reservation_id: reservation?.id ?? null,
        expires_at: reservation === null ? null : moment(reservation.expires_at),
        repeated: reservation?.repeated ?? false,
        ...{ amount_usd: usd, tokens },
        remaining_usd: reservation?.remaining_usd ?? null,
        remaining_tokens: reservation?.remaining_tokens ?? null,
      };
      return Response.json(body);
    }
    case "denied": {
      const { over, free_at, now_ms } = reply;
      const retry_after_s = free_at === null ? null : Math.max(1, Math.ceil((free_at - now_ms) / 1_000));
      return Response.json(denial(over, retry_after_s));
    }
    case "no_amount": {
      const { id, unit } = reply.budget;
      const message =
        unit === "usd"
          ? `The hard budget ${id} is in US dollars, and what this call costs is not known. Give amount_usd, or tokens with a model that has a list price.`
          : `The hard budget ${id} is in tokens. Give tokens, or input_tokens and max_output_tokens.`;
      return { code: "invalid", message };
    }
    case "key_used": {
      const message =
        "This idempotency_key was used for another reservation, or for one that has ended. Use a new one.";
      return { code: "conflict", message };
    }
    case "spending":
    case "budget":
    case "done":
    case "checked":
    case "not_found":
    case "wrong_unit":
    case "too_many_budgets":
    case "budget_stands":
    case "not_yours":
      throw unexpected(reply);
  }
}

function denial(
  over: { budget: Budget; standing: Standing } | null,
  retry_after_s: number | null,
): ReserveResponse {
  if (over === null)
    return {
      ...{ granted: false, reason: "too_many_reservations", budget_id: null, unit: null, limit: null },
      ...{ used: null, reserved: null, remaining: null, period_end: null, retry_after_s },
      message:
        "Too many reservations are held at once, by the project or by this key. Settle or release some, or wait until they expire.",
    };
  const { budget, standing } = over;
  const { used, reserved, remaining, to } = standing;
  const next =
    retry_after_s !== null
      ? `Others hold ${inUnit(reserved, budget)} of it: ask again in ${retry_after_s} s, for less, or let a person raise it.`
      : "Ask for less, or let a person raise it.";
  return {
    ...{ granted: false, reason: "budget", budget_id: budget.id, unit: budget.unit, limit: budget.limit },
    ...{ used, reserved, remaining, retry_after_s, period_end: to === null ? null : moment(to) },
    message: `${standingText(budget, standing)} ${next}`,
  };
}

/** For agents: figures and ids alone, no text that anybody wrote (P2). */
export function standingText(budget: Budget, { used, to }: Standing): string {
  const until = to === null ? "" : `, until ${moment(to).slice(0, 10)}`;
  return `The hard budget ${budget.id} of this ${budget.scope} has no room: ${inUnit(used, budget)} of ${inUnit(budget.limit ?? 0, budget)} is used${until}.`;
}

function inUnit(amount: number, { unit }: Budget): string {
  return unit === "usd" ? `$${String(Number(amount.toFixed(4)))}` : `${String(Math.round(amount))} tokens`;
}

const NOT_YOURS: Failure = {
  code: "insufficient_scope",
  message:
    "Another key or agent holds this reservation, and gives it back itself. Use the key that reserved, leave it to expire, or let a person release it.",
};

export const postRelease: ProjectHandler = async (c, access) => {
  const read = await readAsked(c, access, "ingest", releaseRequest);
  if (!read.ok) return read.failure;
  const reply = await access.room.budget(access.principal, { kind: "release", ...read.value });
  if (!reply.ok) return refusalFailure(reply);
  if (reply.kind === "not_yours") return NOT_YOURS;
  return Response.json({ released: reply.kind === "done" } satisfies ReleaseResponse);
};
