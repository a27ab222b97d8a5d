/** A disk that fills while events are spooled: told and counted, never thrown, and used again once there is room. */
import type * as Fs from "node:fs";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, afterEach, beforeEach, expect, it, vi } from "vitest";
import { Clusterfork, type Options, type Trouble } from "./node.ts";

/** Room that is left, bytes; only what the spool does is measured. */
const disk = vi.hoisted(() => ({ free: Infinity, folders: true }));
vi.mock("node:fs", async (original) => {
  const fs = await original<typeof Fs>();
  const full = (): never => {
    throw Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
  };
  return {
    ...fs,
    mkdirSync: (...given: Parameters<typeof fs.mkdirSync>) =>
      disk.folders ? fs.mkdirSync(...given) : full(),
    writeSync(file: number, bytes: Uint8Array, at = 0): number {
      // A full disk takes what still fits, and refuses only then.
      const fits = Math.min(bytes.length - at, disk.free);
      if (fits <= 0) full();
      disk.free -= fits;
      return fs.writeSync(file, bytes, at, fits);
    },
  };
});

const folder = mkdtempSync(join(tmpdir(), "clusterfork-full-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let away = true;
let got: number[] = [];
let troubles: Trouble[] = [];
let made = 0;
beforeEach(() => {
  away = true;
  got = [];
  troubles = [];
  disk.free = Infinity;
  disk.folders = true;
});
afterEach(() => {
  disk.free = Infinity;
});

const server = (async (_input: unknown, init?: RequestInit): Promise<Response> => {
  if (away) throw new TypeError("fetch failed");
  const packed = new Headers(init?.headers).get("content-encoding") === "gzip";
  const body = packed
    ? gunzipSync(new Uint8Array(init?.body as ArrayBuffer)).toString()
    : (init?.body as string);
  const numbers = body
    .split("\n")
    .map((line) => (JSON.parse(line) as { metadata: { n: number } }).metadata.n);
  got.push(...numbers);
  return Response.json({ accepted: numbers.length, duplicates: 0, first_seq: null, last_seq: null });
}) as typeof fetch;

const sender = (more: Partial<Options> = {}) =>
  new Clusterfork({
    url: "http://server.test",
    key: "cfk_p1_k_s_t",
    defaults: { agent_id: "a" },
    fetch: server,
    spool: { folder: join(folder, String(++made)) },
    batch: { events: 10 },
    max_queued_events: 30,
    onError: (trouble) => troubles.push(trouble),
    flush_on_exit: false,
    ...more,
  });
type Sender = ReturnType<typeof sender>;
function sendUp(one: Sender, from: number, to: number): void {
  for (let n = from; n <= to; n += 1) one.send({ event_type: "node_executed", metadata: { n } });
}
const settled = (one: Sender, totals: object) => expect.poll(() => one.totals).toMatchObject(totals);
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);

it.each(["memory", "disk"] as const)(
  "counts what it has no room for, and goes on when there is room again (durability %s)",
  async (durability) => {
    const one = sender({ durability });
    // The first try fails, so that everything goes to disk from then on.
    sendUp(one, 1, 10);
    await settled(one, { spooled: 10, queued: 0, dropped: 0 });

    disk.free = 700;
    sendUp(one, 11, 60);
    await expect.poll(() => one.totals.dropped).toBeGreaterThan(0);
    const { spooled, queued, dropped } = one.totals;
    expect([spooled + queued + dropped, queued]).toEqual([60, 30]);
    expect(troubles.filter(({ kind, message }) => kind === "disk" && message.includes("ENOSPC"))).not.toEqual(
      [],
    );
    const lost = troubles
      .filter(({ kind }) => kind === "full")
      .reduce((sum, trouble) => sum + trouble.dropped, 0);
    expect(lost).toBe(dropped);

    disk.free = Infinity;
    sendUp(one, 61, 80);
    await settled(one, { spooled: 80 - dropped, queued: 0, dropped });

    away = false;
    expect(await one.close()).toMatchObject({ accepted: 80 - dropped, dropped, queued: 0, spooled: 0 });
    // What was lost are the newest of that time; all others came, once and in order.
    expect(got).toEqual([...range(1, 60 - dropped), ...range(61, 80)]);
  },
);

it("counts at the end what neither server nor disk took, and leaves no half event behind", async () => {
  const spool = { folder: join(folder, "ends") };
  const one = sender({ spool });
  disk.free = 900;
  sendUp(one, 1, 25);
  expect(await one.close(30)).toMatchObject({ queued: 0, accepted: 0 });
  const { dropped } = one.totals;
  expect(dropped).toBeGreaterThan(0);

  disk.free = Infinity;
  away = false;
  troubles = [];
  const next = sender({ spool });
  expect(await next.close()).toMatchObject({ accepted: 25 - dropped, dropped: 0 });
  expect(got).toEqual(range(1, 25 - dropped));
  expect(troubles).toEqual([]);
});

it("makes its folder later, when there was no room for it at the start", async () => {
  disk.folders = false;
  const one = sender();
  sendUp(one, 1, 10);
  // The first try has failed, and so has the disk.
  await expect.poll(() => troubles.map(({ kind }) => kind)).toContain("unavailable");
  expect(one.totals).toMatchObject({ queued: 10, spooled: 0, dropped: 0 });
  expect(troubles.map(({ kind }) => kind)).toContain("disk");
  disk.folders = true;
  sendUp(one, 11, 20);
  await settled(one, { queued: 0, spooled: 20, dropped: 0 });
  away = false;
  expect(await one.close()).toMatchObject({ accepted: 20 });
});
