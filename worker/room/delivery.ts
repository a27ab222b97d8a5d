/**
 * When viewers are sent what they are owed: as it comes, or in waves.
 *
 *   live     commit ──≤ FRAME_INTERVAL_MS──▶ frames
 *   batched  commit ──▶ alarm at the next wave ──▶ frames of everything since the last
 *
 * Waves come BATCH_INTERVAL_MS apart, counted from when batching was switched on, so that the rooms of an
 * installation do not all send at once. An event waits for the first wave after it was received; the log
 * knows when that was, so nothing is kept about waves and a room that slept or was evicted sends on as if
 * it had not (V1, B3).
 */
import type { Delivery as WireDelivery, DeliveryMode } from "../../schema/wire/socket.ts";
import { BATCH_INTERVAL_MS } from "./limits.ts";

export type Delivery =
  { mode: "live" } | { mode: "batched"; /** A wave came, or would have come, then. */ phase_ms: number };

export const LIVE: Delivery = { mode: "live" };

/** The first wave after `time_ms`. */
export function waveAfter(phase_ms: number, time_ms: number): number {
  return phase_ms + (Math.floor((time_ms - phase_ms) / BATCH_INTERVAL_MS) + 1) * BATCH_INTERVAL_MS;
}

/** What viewers are told about it. */
export function announced(delivery: Delivery, now_ms: number): WireDelivery {
  if (delivery.mode === "live") return delivery;
  const next_in_ms = waveAfter(delivery.phase_ms, now_ms) - now_ms;
  return { mode: "batched", interval_ms: BATCH_INTERVAL_MS, next_in_ms };
}

/** The room's own copy of the setting: it survives eviction, and publishing needs no D1. */
export function readDelivery(sql: SqlStorage): Delivery {
  const row = sql.exec<{ phase_ms: number }>("SELECT phase_ms FROM batching").toArray()[0];
  return row === undefined ? LIVE : { mode: "batched", phase_ms: row.phase_ms };
}

/** Null when that is how it is already, so that a repeated call moves no wave (B2). */
export function changeDelivery(sql: SqlStorage, mode: DeliveryMode, now_ms: number): Delivery | null {
  if (readDelivery(sql).mode === mode) return null;
  if (mode === "live") sql.exec("DELETE FROM batching");
  else sql.exec("INSERT INTO batching (one, phase_ms) VALUES (1, ?)", now_ms);
  return readDelivery(sql);
}

interface WaveSource {
  received_ms(seq: number): number;
  now_ms(): number;
  /** Something is due then, also if the room sleeps: timers end with hibernation. */
  wake_at(time_ms: number): void;
}

/** Holds frames back until their wave, and sees to it that the room is awake then. */
export class Waves {
  readonly #source: WaveSource;
  readonly #phase_ms: number;
  /** The wave that an alarm was set for, as far as this object knows. */
  #armed_ms = -Infinity;
  /** Viewers at the same place wait for the same wave: one look at the log for all. */
  #due: { seq: number; time_ms: number } | null = null;

  constructor(phase_ms: number, source: WaveSource) {
    this.#phase_ms = phase_ms;
    this.#source = source;
  }

  /** The alarm may have come, for this or for something else: whatever still waits arms it anew. */
  disarm(): void {
    this.#armed_ms = -Infinity;
    this.#due = null;
  }

  /** Something was stored. Mostly a comparison: it is called with every commit. */
  committed(): void {
    const now_ms = this.#source.now_ms();
    if (this.#armed_ms <= now_ms) this.#arm(waveAfter(this.#phase_ms, now_ms));
  }

  /** Whether the event at `seq` has to wait; if so, the room will be awake for it. */
  holds(seq: number): boolean {
    if (this.#due?.seq !== seq)
      this.#due = { seq, time_ms: waveAfter(this.#phase_ms, this.#source.received_ms(seq)) };
    if (this.#due.time_ms <= this.#source.now_ms()) return false;
    this.#arm(this.#due.time_ms);
    return true;
  }

  #arm(time_ms: number): void {
    if (this.#armed_ms === time_ms) return;
    this.#armed_ms = time_ms;
    this.#source.wake_at(time_ms);
  }
}
