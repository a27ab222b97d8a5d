/**
 * The live stream, followed for ever: acknowledges, reconnects where it left
 * off, and yields every event after `since` once and in order (V1).
 */
import type { StoredEvent } from "../../schema/event/event.ts";
import {
  BEARER_PROTOCOL_PREFIX,
  CLOSE,
  STREAM_PROTOCOL,
  type ClientMessage,
  type Delivery,
  type ServerMessage,
} from "../../schema/wire/socket.ts";
import { UserError } from "../command/user-error.ts";
import type { Connection } from "./connection.ts";

/** Longest pause before the next try, ms. */
const MAX_RECONNECT_MS = 15_000;
/** Without any message or pong for so long the line counts as dead, ms. */
const SILENCE_MS = 30_000;
const PING_INTERVAL_MS = 10_000;

type Item =
  | { events: StoredEvent[]; to: number }
  | { delivery: Delivery }
  | { notice: string }
  | { end: string | null };

export interface Followed {
  event?: StoredEvent;
  /** Something the reader should know: a lost connection, a gap that the server announced. */
  notice?: string;
}

/** Ends when `signal` is aborted, or the key revoked. */
export async function* followStream(
  connection: Connection,
  since: number,
  signal: AbortSignal = new AbortController().signal,
): AsyncGenerator<Followed> {
  if (typeof WebSocket === "undefined")
    throw new UserError(
      "following live needs Node 22 or later; `clusterfork tail --no-follow` works with this one.",
    );
  let cursor = since;
  let failures = 0;
  let mode: Delivery["mode"] = "live";
  for (;;) {
    for await (const item of connectOnce(connection, cursor, signal)) {
      if ("notice" in item) yield { notice: item.notice };
      else if ("delivery" in item) {
        // Said once, not at every reconnection: silence for a minute would look like a fault.
        if (item.delivery.mode !== mode) yield { notice: describeDelivery(item.delivery) };
        mode = item.delivery.mode;
      } else if ("end" in item) {
        if (item.end === null) return;
        failures += 1;
        const wait_ms = Math.min(MAX_RECONNECT_MS, 500 * 2 ** (failures - 1)) * (0.5 + Math.random() / 2);
        yield { notice: `${item.end}; trying again in ${(wait_ms / 1000).toFixed(1)} s` };
        await pause(wait_ms, signal);
        if (signal.aborted) return;
      } else {
        failures = 0;
        for (const event of item.events) if (event.seq > cursor) yield { event };
        cursor = Math.max(cursor, item.to);
      }
    }
  }
}

function describeDelivery(delivery: Delivery): string {
  if (delivery.mode === "live") return "events of this project come as they happen again";
  const seconds = (ms: number): string => `${Math.ceil(ms / 1000)} s`;
  return `events of this project come in batches every ${seconds(delivery.interval_ms)}, the next in ${seconds(delivery.next_in_ms)}`;
}

async function pause(wait_ms: number, signal: AbortSignal): Promise<void> {
  await new Promise<void>((done) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      done();
    };
    const timer = setTimeout(end, wait_ms);
    signal.addEventListener("abort", end, { once: true });
  });
}

/** One connection as a sequence of items; the last one is an `end`. */
async function* connectOnce(
  connection: Connection,
  since: number,
  signal: AbortSignal,
): AsyncGenerator<Item> {
  const url = `${connection.url.replace(/^http/, "ws")}/v1/stream?since=${since}`;
  const socket = new WebSocket(url, [STREAM_PROTOCOL, BEARER_PROTOCOL_PREFIX + connection.key]);
  const queue: Item[] = [];
  let wake = (): void => undefined;
  let heard_ms = Date.now();
  const push = (item: Item): void => {
    queue.push(item);
    wake();
  };
  const stop = (): void => push({ end: null });
  if (signal.aborted) stop();
  signal.addEventListener("abort", stop, { once: true });
  const ping = setInterval(() => {
    if (Date.now() - heard_ms > SILENCE_MS) socket.close();
    else if (socket.readyState === WebSocket.OPEN) socket.send("ping");
  }, PING_INTERVAL_MS);

  socket.addEventListener("message", ({ data }) => {
    heard_ms = Date.now();
    if (typeof data !== "string" || data === "pong") return;
    const message = JSON.parse(data) as ServerMessage;
    if (message.type === "events") {
      if (message.delivery !== undefined) push({ delivery: message.delivery });
      push({ events: message.events, to: message.to });
    } else if (message.type === "snapshot") push({ events: [], to: message.seq });
    else
      push({
        notice: `this reader fell behind: events ${message.acked + 1} to ${message.head} are skipped here, not lost`,
      });
  });
  socket.addEventListener("close", ({ code, reason }) => {
    if (code === CLOSE.revoked) push({ notice: "the key was revoked" });
    push({
      end: code === CLOSE.revoked ? null : `connection lost (${code}${reason === "" ? "" : ` ${reason}`})`,
    });
  });
  try {
    for (;;) {
      const item = queue.shift();
      if (item === undefined) {
        await new Promise<void>((resolve) => (wake = resolve));
        continue;
      }
      yield item;
      if ("end" in item) return;
      if ("to" in item && socket.readyState === WebSocket.OPEN)
        socket.send(JSON.stringify({ type: "ack", seq: item.to } satisfies ClientMessage));
    }
  } finally {
    clearInterval(ping);
    signal.removeEventListener("abort", stop);
    socket.close();
  }
}
