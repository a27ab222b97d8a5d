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
import { packEvents } from "../../schema/event/batch.ts";
import type { OwnEvent } from "../../schema/event/own.ts";
import { fallsUnder } from "../../schema/state/budget.ts";
import { decide, holds, standingOf, usedUp } from "../../schema/state/budget-standing.ts";
import { MAX_HELD_RESERVATIONS, MAX_HELD_RESERVATIONS_PER_KEY } from "../../schema/state/limits.ts";
import { findTask } from "../../schema/state/select.ts";
import type { Budget, BudgetUnit, Reservation } from "../../schema/state/entity/budget.ts";
import type { BudgetCall, BudgetKind, BudgetReply, BudgetTerms, Granted, ReserveAsk } from "./budget-call.ts";
import type { Appended, Principal, Refusal } from "./contract.ts";
import type { Gate } from "./gate.ts";
import type { Live } from "./memory.ts";
import { prepareOwn } from "./own.ts";
import {
  given,
  isSame,
  keyOf,
  moment,
  newReservation,
  ORGAN,
  reservationId,
  reservedEvent,
} from "./reservation.ts";
import type { Writer } from "./writer.ts";

const OWN: Principal = { kind: "clusterfork" };

type Answer = BudgetReply | Refusal;

export class BudgetDesk {
  readonly #live: Pick<Live, "get">;
  readonly #writer: Pick<Writer, "append">;
  readonly #gate: Pick<Gate, "admitEvents">;
  /** Granted, and on its way to the log. */
  readonly #pending = new Map<string, { reservation: Reservation; answer: Promise<Answer> }>();

  /** Budgets on their way to the log. */
  readonly #created = new Map<string, BudgetKind>();

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
        return this.#reserve(call.ask, keyOf(principal));
      case "release":
        return this.#release(call, keyOf(principal));
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
  #reserve(asked: ReserveAsk, key_id: string | null): Promise<Answer> | Answer {
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
    const of_key = key_id === null ? [] : reservations.filter((each) => each.key_id === key_id);
    const too_many =
      reservations.length >= MAX_HELD_RESERVATIONS
        ? reservations
        : of_key.length >= MAX_HELD_RESERVATIONS_PER_KEY
          ? of_key
          : null;
    if (too_many !== null) {
      const free_at = Math.min(...too_many.map(({ expires_at }) => expires_at));
      return { ok: true, kind: "denied", now_ms, over: null, free_at };
    }
    const limited = this.#gate.admitEvents(1, Date.now());
    if (limited !== null) return limited;
    const reservation = newReservation(id, ask, key_id, now_ms);
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

  /** Who holds it gives it back; people may for anybody, since a session is no key. */
  async #release(
    { reservation_id, agent_id }: Extract<BudgetCall, { kind: "release" }>,
    key_id: string | null,
  ): Promise<Answer> {
    const { held, ended } = this.#spending;
    // A second release, or one after the call was settled, finds what it wants.
    if (ended.has(reservation_id)) return { ok: true, kind: "done" };
    const reservation = held.get(reservation_id);
    if (reservation === undefined) return { ok: true, kind: "not_found" };
    const of_other_key = key_id !== null && reservation.key_id !== null && reservation.key_id !== key_id;
    if (of_other_key || (agent_id !== undefined && agent_id !== reservation.agent))
      return { ok: true, kind: "not_yours" };
    const limited = this.#gate.admitEvents(1, Date.now());
    if (limited !== null) return limited;
    const appended = await this.#write({
      ...{ organ: ORGAN, cause: ["release", reservation_id], event_type: "budget_released" },
      timestamp: moment(this.#now()),
      metadata: { reservation_id },
    });
    return appended.ok ? { ok: true, kind: "done" } : appended;
  }

  /** The budget that counts the same already, also one that is on its way to the log. */
  #alike(is: BudgetKind): string | null {
    for (const each of this.#spending.budgets.values()) if (counts(each) === counts(is)) return each.id;
    for (const [id, each] of this.#created) if (counts(each) === counts(is)) return id;
    return null;
  }

  async #set(call: Extract<BudgetCall, { kind: "create" | "change" | "remove" }>): Promise<Answer> {
    const { id, by, request_id } = call;
    const known = this.#spending.budgets.get(id);
    if (call.kind !== "create" && known === undefined) return { ok: true, kind: "not_found" };
    if (call.kind === "change" && known !== undefined && call.unit !== null && call.unit !== known.unit)
      return { ok: true, kind: "wrong_unit", unit: known.unit };
    if (call.kind === "create") {
      const stands = this.#alike(call.is);
      if (stands !== null) return { ok: true, kind: "budget_stands", id: stands };
      this.#created.set(id, call.is);
    }
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
    }).finally(() => this.#created.delete(id));
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

/** What a budget adds up: two of the same would tell of everything twice, and refuse by whichever is smaller. */
const counts = ({ scope, feature_id, agent, role, period, unit }: BudgetKind): string =>
  JSON.stringify([scope, feature_id, agent, role, period, unit]);

function termsOf({ title, limit, hard }: Budget): BudgetTerms {
  return { title, limit: limit ?? 0, hard };
}
