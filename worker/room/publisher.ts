/** The publisher of a room, with what it needs of it. */
import { readDelivery } from "./delivery.ts";
import { lines, receivedMs } from "./log.ts";
import type { Live } from "./memory.ts";
import { Publisher, type Source } from "./publish.ts";
import type { Shared } from "./shared.ts";
import type { WakeAt } from "./wake.ts";

export function openPublisher(
  ctx: DurableObjectState,
  live: Live,
  shared: Shared,
  wakeAt: WakeAt,
): Publisher {
  const { sql } = ctx.storage;
  const source: Source = {
    sockets: () => ctx.getWebSockets(),
    head_seq: () => live.get().seq,
    lines: (after) => lines(sql, after),
    received_ms: (seq) => receivedMs(sql, seq),
    snapshot: () => live.snapshotMessage(),
    shared,
    now_ms: () => Date.now(),
    wake_at: (time_ms) => ctx.waitUntil(wakeAt(time_ms)),
  };
  return new Publisher(source, readDelivery(sql));
}
