import { expect, it, vi } from "vitest";
import { packEvents } from "../../schema/event/batch.ts";
import { refusalFailure } from "../../worker/http/error.ts";
import { Gauges } from "../../worker/room/gauges.ts";
import { FULL_DATABASE_BYTES } from "../../worker/room/limits.ts";
import { Writer, type WriterHost } from "../../worker/room/writer.ts";

/** A writer whose commits fail in this way, in a database of that size. */
function failing(message: string, database_bytes: number) {
  const gauges = new Gauges(0);
  const get = (): never => {
    throw new Error(message);
  };
  const host = {
    storage: { sql: { databaseSize: database_bytes } },
    live: { get, drop: () => undefined },
    gate: { gatherMs: () => 0 },
    gauges,
  };
  vi.spyOn(console, "error").mockReturnValue();
  const writer = new Writer(host as unknown as WriterHost);
  const full = () => gauges.read({ sockets: 0, database_bytes, drain: null }).storage_full;
  return { full, reply: () => writer.append({ kind: "clusterfork" }, packEvents([])) };
}

it("[L1] a log that is as large as it may be is refused as full, with what to do, and shows in the gauges", async () => {
  const room = failing("database or disk is full: SQLITE_FULL", FULL_DATABASE_BYTES);
  expect(room.full()).toBe(false);
  const reply = await room.reply();
  expect(reply).toMatchObject({ ok: false, reason: "storage_full" });
  expect(room.full()).toBe(true);
  if (reply.ok) throw new Error("it was stored");
  expect(refusalFailure(reply)).toMatchObject({
    code: "unavailable",
    message: expect.stringMatching(/The project's storage is full; nothing was stored.*new project/),
    retry_after_s: 3_600,
  });
});

it.each([
  ["database or disk is full: SQLITE_FULL", 1_000_000],
  ["database is locked: SQLITE_BUSY", FULL_DATABASE_BYTES],
])("[L1] what passes by itself is refused for a moment: %s at %d bytes", async (message, bytes) => {
  const room = failing(message, bytes);
  expect(await room.reply()).toMatchObject({ ok: false, reason: "unavailable", retry_after_s: 2 });
  expect(room.full()).toBe(false);
});

it("is no longer full once something was stored", () => {
  const gauges = new Gauges(0);
  const full = () => gauges.read({ sockets: 0, database_bytes: 0, drain: null }).storage_full;
  gauges.notCommitted(1, true);
  expect(full()).toBe(true);
  gauges.committed([], 1);
  expect(full()).toBe(false);
});
