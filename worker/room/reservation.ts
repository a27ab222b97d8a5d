/** One reservation: its id, what it is made of, and its event. */
import { hash } from "node:crypto";
import type { OwnEvent } from "../../schema/event/own.ts";
import { holds } from "../../schema/state/budget-standing.ts";
import type { Reservation } from "../../schema/state/entity/budget.ts";
import type { ReserveAsk } from "./budget-call.ts";
import type { Principal } from "./contract.ts";

export const ORGAN = "budget";
/** Hex digits of a reservation's id: 96 bits. */
const ID_DIGITS = 24;

/** Whether it still holds, for the same call. */
export function isSame(known: Reservation, { agent, usd, tokens }: ReserveAsk, now_ms: number): boolean {
  return holds(known, now_ms) && known.agent === agent && known.usd === usd && known.tokens === tokens;
}

/** The same key names the same reservation for ever. */
export function reservationId(key: string | null): string {
  return `r${hash("sha256", key ?? crypto.randomUUID(), "hex").slice(0, ID_DIGITS)}`;
}

/** Of a person none: his session is not who holds it. */
export const keyOf = (principal: Principal): string | null =>
  principal.kind === "key" ? principal.key_id : null;

export function newReservation(
  id: string,
  ask: ReserveAsk,
  key_id: string | null,
  now_ms: number,
): Reservation {
  const { agent, role, feature_id, task_id, usd, tokens, ttl_ms } = ask;
  return {
    ...{ id, key_id, agent, role, feature_id, task_id, usd, tokens },
    ...{ made_at: now_ms, expires_at: now_ms + ttl_ms },
    ...{ calls: 0, settled_usd: 0, settled_tokens: 0, released: false },
  };
}

export function reservedEvent(reservation: Reservation, key: string | null, now_ms: number): OwnEvent {
  const { id, key_id, agent, role, feature_id, task_id, usd, tokens, expires_at } = reservation;
  return {
    ...{ organ: ORGAN, cause: ["reserve", key ?? id], event_type: "budget_reserved" },
    timestamp: moment(now_ms),
    metadata: given({
      reservation_id: id,
      holder: key_id,
      agent,
      role,
      feature: feature_id,
      task: task_id,
      expires_at: moment(expires_at),
    }),
    metrics: given({ amount_usd: usd, amount_tokens: tokens }),
  };
}

export function given<T>(fields: Record<string, T | null>): Record<string, T> {
  return Object.fromEntries(
    Object.entries(fields).filter((entry): entry is [string, T] => entry[1] !== null),
  );
}

export function moment(time_ms: number): string {
  return new Date(time_ms).toISOString();
}
