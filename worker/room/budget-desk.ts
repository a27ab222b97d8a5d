/**
 * Where budgets are asked for. What may be granted is decided in one synchronous step over what is folded and what
 * was granted but is not folded yet, so that however many ask at once, together they get no more than is there:
 *
 *   ask ─▶ used + held + pending + amount ≤ limit? ──no──▶ denied
 *                                    └─yes─▶ pending ─▶ group commit (budget_reserved) ─▶ folded ─▶ granted, once durable
 *
 * Nothing is kept beside the log: after an eviction the fold knows every reservation, and a request that was under
 * way is asked again by its key.
 */
import { hash } from "node:crypto";
import { packEvents } from "../../schema/event/batch.ts";
import type { OwnEvent } from "../../schema/event/own.ts";
import { fallsUnder } from "../../schema/state/budget.ts";
import { decide, holds, standingOf, usedUp } from "../../schema/state/budget-standing.ts";
import { MAX_HELD_RESERVATIONS } from "../../schema/state/limits.ts";
import { findTask } from "../../schema/state/select.ts";
import type { Budget, BudgetUnit, Reservation } from "../../schema/state/state.ts";
import type { BudgetCall, BudgetReply, BudgetTerms, Granted, ReserveAsk } from "./budget-call.ts";
import type { Appended, Principal, Refusal } from "./contract.ts";
import type { Gate } from "./gate.ts";
import type { Live } from "./memory.ts";
import { prepareOwn } from "./own.ts";
import type { Writer } from "./writer.ts";

const ORGAN = "budget";
const OWN: Principal = { kind: "clusterfork" };
/** Hex digits of a reservation's id: 96 bits. */
const ID_DIGITS = 24;

type Answer = BudgetReply | Refusal;

export class BudgetDesk {
  readonly #live: Pick<Live, "get">;
  readonly #writer: Pick<Writer, "append">;
  readonly #gate: Pick<Gate, "admitEvents">;
  /** Granted, and on its way to the log. */
  readonly #pending = new Map<string, { reservation: Reservation; answer: Promise<Answer> }>();

  constructor(live: Pick<Live, "get">, writer: Pick<Writer, "append">, gate: Pick<Gate, "admitEvents">) {
    this.#live = live;
    this.#writer = writer;
    this.#gate = gate;
  }

  async answer(principal: Principal, call: BudgetCall): Promise<Answer> {
    if (principal.kind === "share") return { ok: false, reason: "not_shared" };
    switch (call.kind) {
      case "read": {
        const { budgets, held } = this.#spending;
        const spending = { budgets: [...budgets.values()], held: [...held.values()] };
        return { ok: true, kind: "spending", now_ms: this.#now(), spending };
      }
      case "check":
        return { ok: true, kind: "checked", over: usedUp(this.#spending, call.spender, this.#now()) };
      case "create":
      case "change":
      case "remove":
        return this.#set(call);
      case "reserve":
        return this.#reserve(call.ask);
      case "release":
        return this.#release(call.reservation_id);
    }
  }

  get #spending() {
    return this.#live.get().state.spending;
  }

  /** A clock that was set back makes no reservation live longer. */
  #now(): number {
    const { state, received_ms } = this.#live.get();
    return Math.max(Date.now(), state.time, received_ms);
  }

  /** No `await` until the reservation is pending: whoever asks next must see it. */
  #reserve(asked: ReserveAsk): Promise<Answer> | Answer {
    const { state } = this.#live.get();
    const { budgets, held, ended } = state.spending;
    const now_ms = this.#now();
    const ask: ReserveAsk = {
      ...asked,
      role: asked.role ?? state.agents.get(asked.agent)?.role ?? null,
      feature_id:
        asked.feature_id ??
        (asked.task_id === null ? null : (findTask(state, asked.task_id)?.feature_id ?? null)),
    };
    const id = reservationId(ask.key);
    const pending = this.#pending.get(id);
    const known = held.get(id) ?? pending?.reservation;
    if (ended.has(id) || (known !== undefined && !isSame(known, ask, now_ms)))
      return { ok: true, kind: "key_used" };
    if (known !== undefined) return pending?.answer ?? this.#granted(known, true);
    const applying = [...budgets.values()].filter((budget) => fallsUnder(ask, budget));
    if (applying.length === 0) return { ok: true, kind: "granted", reservation: null };
    const reservations = this.#holding(now_ms);
    const decision = decide(applying, reservations, ask, now_ms);
    if (decision.kind === "no_amount") return { ok: true, ...decision };
    if (decision.kind === "denied") {
      const { budget, standing, free_at } = decision;
      return { ok: true, kind: "denied", now_ms, over: { budget, standing }, free_at };
    }
    if (reservations.length >= MAX_HELD_RESERVATIONS) {
      const free_at = Math.min(...reservations.map(({ expires_at }) => expires_at));
      return { ok: true, kind: "denied", now_ms, over: null, free_at };
    }
    const limited = this.#gate.admitEvents(1, Date.now());
    if (limited !== null) return limited;
    const reservation = newReservation(id, ask, now_ms);
    const answer = this.#write(reservedEvent(reservation, ask.key, now_ms))
      .then((appended): Answer => {
        if (!appended.ok) return appended;
        // Known to the log and not to the state: it ended long ago.
        return appended.accepted === 0 ? { ok: true, kind: "key_used" } : this.#granted(reservation, false);
      })
      .finally(() => this.#pending.delete(id));
    this.#pending.set(id, { reservation, answer });
    return answer;
  }

  /** What holds at that time, folded or not. */
  #holding(now_ms: number): Reservation[] {
    const { held, ended } = this.#spending;
    const reservations = [...held.values()];
    for (const [id, { reservation }] of this.#pending)
      if (!held.has(id) && !ended.has(id)) reservations.push(reservation);
    return reservations.filter((reservation) => holds(reservation, now_ms));
  }

  #granted(reservation: Reservation, repeated: boolean): BudgetReply {
    const now_ms = this.#now();
    const holding = this.#holding(now_ms);
    const remaining = (unit: BudgetUnit): number | null => {
      const left = [...this.#spending.budgets.values()]
        .filter((budget) => budget.unit === unit && fallsUnder(reservation, budget))
        .map((budget) => standingOf(budget, now_ms, holding).remaining ?? Infinity);
      return left.length === 0 ? null : Math.min(...left);
    };
    const { id, expires_at } = reservation;
    const granted: Granted = {
      ...{ id, expires_at, repeated },
      remaining_usd: remaining("usd"),
      remaining_tokens: remaining("tokens"),
    };
    return { ok: true, kind: "granted", reservation: granted };
  }

  async #release(reservation_id: string): Promise<Answer> {
    const { held, ended } = this.#spending;
    // A second release, or one after the call was settled, finds what it wants.
    if (ended.has(reservation_id)) return { ok: true, kind: "done" };
    if (!held.has(reservation_id)) return { ok: true, kind: "not_found" };
    const limited = this.#gate.admitEvents(1, Date.now());
    if (limited !== null) return limited;
    const appended = await this.#write({
      ...{ organ: ORGAN, cause: ["release", reservation_id], event_type: "budget_released" },
      timestamp: moment(this.#now()),
      metadata: { reservation_id },
    });
    return appended.ok ? { ok: true, kind: "done" } : appended;
  }

  async #set(call: Extract<BudgetCall, { kind: "create" | "change" | "remove" }>): Promise<Answer> {
    const { id, by, request_id } = call;
    const known = this.#spending.budgets.get(id);
    if (call.kind !== "create" && known === undefined) return { ok: true, kind: "not_found" };
    if (call.kind === "change" && known !== undefined && call.unit !== null && call.unit !== known.unit)
      return { ok: true, kind: "wrong_unit", unit: known.unit };
    const is = call.kind === "create" ? { ...call.is, feature: call.is.feature_id, feature_id: null } : {};
    const terms =
      call.kind === "create"
        ? call.terms
        : call.kind === "change" && known
          ? { ...termsOf(known), ...call.terms }
          : null;
    const unit = call.kind === "create" ? call.is.unit : known?.unit;
    const { title = null, hard = false, limit = null } = terms ?? {};
    const appended = await this.#write({
      ...{ organ: ORGAN, cause: ["set", id, request_id], event_type: "budget_set" },
      timestamp: moment(this.#now()),
      metadata: given({ budget_id: id, by, ...is, title, hard, removed: terms === null ? true : null }),
      ...(limit === null ? {} : { metrics: { [unit === "usd" ? "limit_usd" : "limit_tokens"]: limit } }),
    });
    if (!appended.ok) return appended;
    const budget = this.#spending.budgets.get(id);
    if (call.kind === "remove") return { ok: true, kind: "done" };
    if (budget === undefined)
      return { ok: true, kind: call.kind === "create" ? "too_many_budgets" : "not_found" };
    return { ok: true, kind: "budget", now_ms: this.#now(), budget, held: [...this.#spending.held.values()] };
  }

  #write(event: OwnEvent): Promise<Appended | Refusal> {
    return this.#writer.append(OWN, packEvents([prepareOwn(event)]));
  }
}

/** Whether it still holds, for the same call. */
function isSame(known: Reservation, { agent, usd, tokens }: ReserveAsk, now_ms: number): boolean {
  return holds(known, now_ms) && known.agent === agent && known.usd === usd && known.tokens === tokens;
}

function termsOf({ title, limit, hard }: Budget): BudgetTerms {
  return { title, limit: limit ?? 0, hard };
}

/** The same key names the same reservation for ever. */
function reservationId(key: string | null): string {
  return `r${hash("sha256", key ?? crypto.randomUUID(), "hex").slice(0, ID_DIGITS)}`;
}

function newReservation(id: string, ask: ReserveAsk, now_ms: number): Reservation {
  const { agent, role, feature_id, task_id, usd, tokens, ttl_ms } = ask;
  return {
    ...{ id, agent, role, feature_id, task_id, usd, tokens },
    ...{ made_at: now_ms, expires_at: now_ms + ttl_ms },
    ...{ calls: 0, settled_usd: 0, settled_tokens: 0, released: false },
  };
}

function reservedEvent(reservation: Reservation, key: string | null, now_ms: number): OwnEvent {
  const { id, agent, role, feature_id, task_id, usd, tokens, expires_at } = reservation;
  return {
    ...{ organ: ORGAN, cause: ["reserve", key ?? id], event_type: "budget_reserved" },
    timestamp: moment(now_ms),
    metadata: given({
      reservation_id: id,
      agent,
      role,
      feature: feature_id,
      task: task_id,
      expires_at: moment(expires_at),
    }),
    metrics: given({ amount_usd: usd, amount_tokens: tokens }),
  };
}

function given<T>(fields: Record<string, T | null>): Record<string, T> {
  return Object.fromEntries(
    Object.entries(fields).filter((entry): entry is [string, T] => entry[1] !== null),
  );
}

function moment(time_ms: number): string {
  return new Date(time_ms).toISOString();
}
