import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync, mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterEach, describe, expect, it } from "vitest";
import { Clusterfork, type Options, type Trouble } from "./node.ts";
import { spoolFolder } from "./spool.ts";

interface Got {
  id: string;
  event_type: string;
  agent_id: string;
  metadata?: { n?: number };
}

const folder = mkdtempSync(join(tmpdir(), "clusterfork-sdk-"));
let made = 0;
const open: Clusterfork[] = [];
afterEach(async () => {
  for (const sender of open.splice(0)) await sender.close(0);
});
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));

/** A server that stores, or answers as it is told. */
function server(answers: (Response | Error | null)[] = []) {
  const stored = new Map<string, Got>();
  const order: string[] = [];
  const batches: Got[][] = [];
  let away = false;
  const fetcher = async (_input: unknown, init?: RequestInit): Promise<Response> => {
    const answer = answers.shift() ?? null;
    if (answer instanceof Error) throw answer;
    if (away) throw new TypeError("fetch failed");
    const packed = new Headers(init?.headers).get("content-encoding") === "gzip";
    const body = packed
      ? gunzipSync(new Uint8Array(init?.body as ArrayBuffer)).toString()
      : (init?.body as string);
    const events = body.split("\n").map((line) => JSON.parse(line) as Got);
    batches.push(events);
    if (answer !== null) return answer;
    const fresh = events.filter((event) => !stored.has(event.id));
    for (const event of fresh) {
      stored.set(event.id, event);
      order.push(event.id);
    }
    return Response.json({
      accepted: fresh.length,
      duplicates: events.length - fresh.length,
      first_seq: null,
      last_seq: null,
    });
  };
  return {
    stored,
    order,
    batches,
    fetch: fetcher as typeof fetch,
    leave: () => (away = true),
    comeBack: () => (away = false),
    numbers: () => order.map((id) => stored.get(id)?.metadata?.n),
  };
}

function sender(at: { fetch: typeof fetch }, options: Partial<Options> = {}) {
  const troubles: Trouble[] = [];
  const one = new Clusterfork({
    url: "http://server.test",
    key: "cfk_p1_k_s_t",
    fetch: at.fetch,
    spool: { folder: join(folder, String(++made)) },
    onError: (trouble) => troubles.push(trouble),
    flush_on_exit: false,
    ...options,
  });
  open.push(one);
  return { one, troubles };
}

const numbered = (n: number) => ({ event_type: "node_executed", agent_id: "a", metadata: { n } }) as const;
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);
const refusal = (status: number, code: string, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify({ error: { code, message: `it is ${code}`, request_id: "r" } }), {
    status,
    headers,
  });

describe("sending", () => {
  it("keeps the order over batches by count and bytes, each event with an id and a time", async () => {
    const at = server();
    const { one } = sender(at, { batch: { events: 3 } });
    for (const n of range(1, 10)) one.send(numbered(n));
    expect(await one.flush()).toMatchObject({ accepted: 10, queued: 0, dropped: 0 });
    expect(at.numbers()).toEqual(range(1, 10));
    expect(at.batches.map((batch) => batch.length)).toEqual([3, 3, 3, 1]);
    expect(at.order[0]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);
  });

  it("sends without flush once the interval has passed", async () => {
    const at = server();
    const { one } = sender(at, { batch: { interval_ms: 5 } });
    one.send(numbered(1));
    await expect.poll(() => at.order.length).toBe(1);
  });

  it("adds the defaults, and takes the event as it was at send", async () => {
    const at = server();
    const { one } = sender(at, { defaults: { agent_id: "coder", feature_id: "f" } });
    const metadata = { n: 1 };
    one.with({ task_id: "T" }).send({ event_type: "custom_thing", agent_id: "other", metadata });
    metadata.n = 2;
    await one.flush();
    expect([...at.stored.values()]).toMatchObject([
      { agent_id: "other", feature_id: "f", task_id: "T", metadata: { n: 1 } },
    ]);
  });

  it("never throws: what cannot be sent is counted and told, and so is a callback that throws", async () => {
    const at = server();
    const { one, troubles } = sender(at);
    const cycle: Record<string, unknown> = {};
    cycle["self"] = cycle;
    one.send({ event_type: "x", agent_id: "a", metadata: cycle });
    one.send({ event_type: "x", agent_id: "a", metadata: { big: 1n } });
    one.send({ event_type: "x", agent_id: "a", metadata: { text: "x".repeat(70_000) } });
    one.send({ event_type: "x" } as unknown as { event_type: "x"; agent_id: string });
    one.send(null as unknown as { event_type: "x"; agent_id: string });
    expect(one.totals).toMatchObject({ dropped: 5, queued: 0 });
    expect(troubles.map((trouble) => trouble.kind)).toEqual(Array(5).fill("invalid"));
    const { one: other } = sender(at, {
      onError: () => {
        throw new Error("the callback's own");
      },
    });
    other.send({ event_type: "x", agent_id: "a", metadata: cycle });
    expect(other.totals.dropped).toBe(1);
  });

  it("counts what the server refuses, with its words, and does not send it again", async () => {
    const results = [{ index: 0, id: "1", status: "rejected", code: "bad", message: "no such thing" }];
    const partly = Response.json({ accepted: 1, duplicates: 0, first_seq: 1, last_seq: 1, results });
    const at = server([partly, refusal(400, "malformed")]);
    const { one, troubles } = sender(at, { batch: { events: 2 } });
    for (const n of range(1, 3)) one.send(numbered(n));
    expect(await one.flush()).toMatchObject({ accepted: 1, rejected: 2, queued: 0, spooled: 0 });
    expect(troubles.map((trouble) => trouble.kind)).toEqual(["rejected", "rejected"]);
    expect(troubles[0]?.results).toEqual(results);
  });

  it("halves a batch that is too large", async () => {
    const at = server([refusal(413, "too_large"), refusal(413, "too_large")]);
    const { one } = sender(at);
    for (const n of range(1, 8)) one.send(numbered(n));
    await one.flush();
    expect(at.batches.map((batch) => batch.length).slice(0, 3)).toEqual([8, 4, 2]);
    expect(at.numbers()).toEqual(range(1, 8));
  });
});

describe("an absent server", () => {
  it.each([
    ["no answer", new TypeError("fetch failed")],
    ["429", refusal(429, "rate_limited", { "retry-after": "0.01" })],
    ["503", refusal(503, "unavailable")],
    ["500", refusal(500, "internal")],
    ["a proxy's page", new Response("<html>", { status: 502 })],
  ])("[L2] %s: the same events with the same ids again, in order", async (_what, answer) => {
    const at = server([answer]);
    const { one, troubles } = sender(at);
    for (const n of range(1, 5)) one.send(numbered(n));
    expect(await one.flush()).toMatchObject({ accepted: 5, duplicates: 0, queued: 0, spooled: 0 });
    expect(troubles).toMatchObject([{ kind: "unavailable", dropped: 0 }]);
    expect(at.numbers()).toEqual(range(1, 5));
    if (at.batches.length === 2) expect(at.batches[0]?.map(({ id }) => id)).toEqual(at.order);
  });

  it("waits as long as Retry-After says", async () => {
    const at = server([refusal(429, "rate_limited", { "retry-after": "0.3" })]);
    const { one } = sender(at);
    one.send(numbered(1));
    const begin = performance.now();
    await one.flush();
    expect(performance.now() - begin).toBeGreaterThan(290);
  });

  it("sends everything to disk, and from there in order before what came after", async () => {
    const at = server();
    at.leave();
    const { one } = sender(at, { batch: { events: 10 } });
    for (const n of range(1, 25)) one.send(numbered(n));
    await expect.poll(() => one.totals).toMatchObject({ accepted: 0, queued: 0, spooled: 25 });
    for (const n of range(26, 40)) one.send(numbered(n));
    at.comeBack();
    expect(await one.flush()).toMatchObject({ accepted: 40, dropped: 0, spooled: 0, queued: 0 });
    expect(at.numbers()).toEqual(range(1, 40));
  });

  it("leaves the disk to the next sender, of a rotated key too, and never to another project", async () => {
    const at = server();
    at.leave();
    const spool = { folder: join(folder, String(++made)) };
    const { one } = sender(at, { spool });
    for (const n of range(1, 5)) one.send(numbered(n));
    expect(await one.close(20)).toMatchObject({ dropped: 0 });
    at.comeBack();
    const { one: stranger } = sender(at, { spool, key: "cfk_p2_k_s_t" });
    expect(await stranger.flush(50)).toMatchObject({ accepted: 0, spooled: 0 });
    const { one: next } = sender(at, { spool, key: "cfk_p1_k9_s_t" });
    next.send(numbered(6));
    expect(await next.flush()).toMatchObject({ accepted: 6, queued: 0, spooled: 0 });
    expect(at.numbers()).toEqual(range(1, 6));
    const place = spoolFolder(spool, { url: "http://server.test", key: "cfk_p1_x" });
    expect(readdirSync(place)).toEqual([]);
    expect(statSync(place).mode & 0o777).toBe(0o700);
  });

  it("takes over a dead process's file, not a living one's, and counts an event that was cut off", async () => {
    const at = server();
    const spool = { folder: join(folder, String(++made)) };
    const place = spoolFolder(spool, { url: "http://server.test", key: "cfk_p1_k_s_t" });
    mkdirSync(place, { recursive: true });
    const { one: alive } = sender(server([]), { spool });
    alive.send(numbered(99));
    const line = (n: number) => JSON.stringify({ ...numbered(n), id: `left-${n}` });
    const dead = `00000000000001-00000001-aaaa.${statHost()}-999999999-1-tag.ndjson`;
    writeFileSync(join(place, dead), `${line(1)}\n${line(2)}\n{"id":"cut`);
    const { one, troubles } = sender(at, { spool });
    expect(await one.flush()).toMatchObject({ accepted: 2, dropped: 1, spooled: 0 });
    expect(at.order).toEqual(["left-1", "left-2"]);
    expect(troubles).toMatchObject([{ kind: "disk", dropped: 1 }]);
  });

  it("stays within its bounds, and says what it dropped", async () => {
    const at = server();
    at.leave();
    const spool = { folder: join(folder, String(++made)), max_bytes: 2_000 };
    const { one, troubles } = sender(at, { spool, batch: { events: 5 }, max_queued_events: 10 });
    for (const n of range(1, 100)) {
      one.send(numbered(n));
      if (n % 5 === 0) await one.flush(5);
    }
    const { queued, spooled, dropped } = one.totals;
    expect(queued).toBeLessThanOrEqual(10);
    expect(spooled).toBeGreaterThan(5);
    expect(queued + spooled + dropped).toBe(100);
    expect(troubles.some(({ kind, dropped }) => kind === "full" && dropped === 1)).toBe(true);
    at.comeBack();
    expect(await one.flush()).toMatchObject({ accepted: 100 - dropped, queued: 0, spooled: 0 });
    expect(at.numbers()).toEqual(range(1, 100 - dropped));
  });

  it("tells of a disk that fails, goes on in memory, and throws nothing", async () => {
    const at = server();
    at.leave();
    const blocked = join(folder, String(++made));
    writeFileSync(blocked, "a file where the folder should be");
    const { one, troubles } = sender(at, { spool: { folder: blocked } });
    for (const n of range(1, 3)) one.send(numbered(n));
    expect(await one.flush(50)).toMatchObject({ queued: 3, spooled: 0 });
    expect(troubles.some(({ kind, dropped }) => kind === "disk" && dropped === 0)).toBe(true);
    at.comeBack();
    expect(await one.flush()).toMatchObject({ accepted: 3 });
    expect(readFileSync(blocked, "utf8")).toContain("a file");
  });

  it("without a disk counts at close what was not delivered", async () => {
    const at = server();
    at.leave();
    const { one, troubles } = sender(at, { spool: false });
    one.send(numbered(1));
    expect(await one.close(20)).toMatchObject({ dropped: 1, queued: 0 });
    one.send(numbered(2));
    expect(one.totals.dropped).toBe(2);
    expect(troubles.filter(({ dropped }) => dropped > 0)).toHaveLength(2);
  });

  it("holds what a bad key sends, until there is a good one", async () => {
    const at = server([refusal(401, "unauthenticated")]);
    const { one, troubles } = sender(at);
    one.send(numbered(1));
    expect(await one.flush(20)).toMatchObject({ spooled: 1, rejected: 0 });
    expect(troubles).toMatchObject([{ kind: "refused" }]);
    expect(await one.flush()).toMatchObject({ accepted: 1 });
  });
});

function statHost(): string {
  const place = join(folder, "host");
  const { one } = sender(server([new TypeError("away")]), { spool: { folder: place }, durability: "disk" });
  one.send(numbered(0));
  const file =
    readdirSync(spoolFolder({ folder: place }, { url: "http://server.test", key: "cfk_p1_k" }))[0] ?? "";
  return file.split(".")[1]?.split("-")[0] ?? "";
}
