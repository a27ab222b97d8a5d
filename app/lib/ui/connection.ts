/**
 * What the connection pill can say. They are what a feed reports (the
 * shapes agree, though this folder does not know the feed); `past` is the clock's.
 */
import { elapsed } from "./duration.ts";
import { momentText } from "./when.ts";
import { grouped } from "./grouped.ts";

export type PillState =
  | { kind: "connecting" }
  | {
      kind: "live";
      last_message_at: number;
      behind_ms: number;
      events_per_minute: number | null;
      next_batch_at?: number;
    }
  | { kind: "stale"; last_message_at: number }
  | { kind: "disconnected"; since: number; retry_at: number }
  | { kind: "empty" }
  | { kind: "revoked" }
  /** A past moment is on screen; both are event times in ms, `live_at` the newest known. */
  | { kind: "past"; at: number; live_at: number };

export interface PillText {
  /** The bold word. It alone is announced, so it must say enough by itself. */
  word: string;
  detail: string;
}

/** Later than that what arrives is no longer what happens now. */
const CATCHING_UP_MS = 10_000;

/** `online`: whether the browser has a network at all. */
export function pillText(state: PillState, now_ms: number, online = true): PillText {
  switch (state.kind) {
    case "connecting":
      return { word: "Connecting", detail: "" };
    case "live":
      if (state.next_batch_at !== undefined) {
        // Whole seconds, and never "in 0 s": a batch that is due is on its way.
        const wait_s = Math.max(1, Math.ceil((state.next_batch_at - now_ms) / 1_000));
        return { word: "Batched", detail: `next in ${wait_s} s` };
      }
      return {
        word: state.behind_ms < CATCHING_UP_MS ? "Live" : "Catching up",
        detail: [rate(state.events_per_minute), behind(state.behind_ms)]
          .filter((part) => part !== null)
          .join(" · "),
      };
    case "stale":
      return { word: "Stale", detail: `last message ${elapsed(now_ms - state.last_message_at)} ago` };
    case "disconnected": {
      const wait_ms = state.retry_at - now_ms;
      const retry = wait_ms > 0 ? `retrying in ${Math.ceil(wait_ms / 1_000)} s` : "retrying now";
      return {
        // Without a network a retry helps nobody; it is tried all the same.
        word: online ? "Disconnected" : "Offline",
        detail: `data ${elapsed(Math.max(0, now_ms - state.since))} old${online ? ` · ${retry}` : ""}`,
      };
    }
    case "empty":
      return { word: "No data yet", detail: "" };
    case "revoked":
      return { word: "Access withdrawn", detail: "sign in again" };
    case "past":
      return {
        word: `Viewing ${momentText(state.at, state.live_at)}`,
        detail: `live is ${elapsed(state.live_at - state.at)} ahead`,
      };
  }
}

/** Unknown is not 0: where nobody knows the rate, none is shown. */
function rate(per_minute: number | null): string | null {
  if (per_minute === null) return null;
  const events = Math.round(per_minute);
  return `${grouped(events)} ${events === 1 ? "event" : "events"}/min`;
}

/** `0.6 s behind`; tenths only where they tell something. */
function behind(ms: number): string {
  const seconds = Math.max(0, ms) / 1_000;
  return `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s behind`;
}
