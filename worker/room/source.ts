/** What the publisher reads of its room: sockets, the log and the state. */
import { lines, receivedMs } from "./log.ts";
import type { Live } from "./memory.ts";
import type { Source } from "./publish.ts";
import type { Shared } from "./shared.ts";
import type { WakeAt } from "./wake.ts";

type Context = Pick<DurableObjectState, "getWebSockets" | "storage" | "waitUntil">;

export function sourceOf(ctx: Context, live: Live, shared: Shared, wakeAt: WakeAt): Source {
  const { sql } = ctx.storage;
  return {
    sockets: () => ctx.getWebSockets(),
    head_seq: () => live.get().seq,
    lines: (after) => lines(sql, after),
    received_ms: (seq) => receivedMs(sql, seq),
    snapshot: () => live.snapshotMessage(),
    shared,
    now_ms: () => Date.now(),
    wake_at: (time_ms) => ctx.waitUntil(wakeAt(time_ms)),
  };
}
