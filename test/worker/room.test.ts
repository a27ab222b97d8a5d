/** The room's log, state and access, in real workerd. The stream is in stream.test.ts. */
import { packEvents } from "../../schema/event/batch.ts";
import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import type { StoredEvent } from "../../schema/event/event.ts";
import { apply, createState, stateText } from "../../worker/room/fold.ts";
import type { Env } from "../../worker/env.ts";
import type { Principal } from "../../worker/room/contract.ts";
import { SNAPSHOT_EVERY_EVENTS } from "../../worker/room/limits.ts";
import { appendPort, derivedId } from "../../worker/room/own.ts";
import { ProjectRoom } from "../../worker/room/room.ts";
import { append, event, events, freshRoom, newKey, own, readAll, sha256, stateOf } from "./prepared.ts";

const seqs = (texts: string[]) => texts.map((text) => (JSON.parse(text) as StoredEvent).seq);
const upTo = (n: number) => Array.from({ length: n }, (_, i) => i + 1);
const foldOf = (texts: string[]) => {
  const state = createState();
  for (const text of texts) apply(state, JSON.parse(text) as StoredEvent);
  return stateText(state);
};

describe("append", () => {
  it("[L1] what was acknowledged is there after the room lost its memory", async () => {
    const room = freshRoom();
    const reply = await append(room, [
      event("a"),
      event("b", { metadata: { title: "über \u2028 \ud800 \n" } }),
    ]);
    expect(reply).toEqual({ ok: true, accepted: 2, duplicates: 0, first_seq: 1, last_seq: 2, conflicts: [] });
    await evictDurableObject(room);
    const stored = (await readAll(room)).map((text) => JSON.parse(text) as StoredEvent);
    expect(stored.map(({ id, seq }) => [id, seq])).toEqual([
      ["a", 1],
      ["b", 2],
    ]);
    expect(stored[1]?.metadata).toEqual({ title: "über \u2028 \ud800 \n" });
    expect(stored[0]?.received_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  });

  it("[L2] an id is one event: inside a batch, across batches, after eviction", async () => {
    const room = freshRoom();
    expect(await append(room, [event("a"), event("b"), event("a")])).toMatchObject({
      accepted: 2,
      duplicates: 1,
    });
    expect(await append(room, [event("b"), event("c"), event("a")])).toEqual({
      ok: true,
      accepted: 1,
      duplicates: 2,
      first_seq: 3,
      last_seq: 3,
      conflicts: [],
    });
    await evictDurableObject(room);
    expect(await append(room, events(0, 0))).toMatchObject({ accepted: 1, first_seq: 4 });
    expect(await append(room, [event("a"), event("b"), event("c")])).toEqual({
      ok: true,
      accepted: 0,
      duplicates: 3,
      first_seq: null,
      last_seq: null,
      conflicts: [],
    });
    expect(seqs(await readAll(room))).toEqual([1, 2, 3, 4]);
  });

  it("[L2] another body under a known id is a conflict, told by its position, and stores nothing", async () => {
    const room = freshRoom();
    await append(room, [event("a", {}, "first")]);
    const reply = await append(room, [
      event("b", {}, "x"),
      event("a", {}, "second"),
      event("b", {}, "y"),
      event("a", {}, "first"),
    ]);
    expect(reply).toMatchObject({ accepted: 1, duplicates: 1, conflicts: [1, 2], first_seq: 2, last_seq: 2 });
    expect(await readAll(room)).toHaveLength(2);
  });

  it("[L2] an adapter's other words for a known id are a duplicate, never a conflict", async () => {
    const room = freshRoom();
    await append(room, [event("req_1", { source: "otlp" }, "span")]);
    const reply = await append(room, [event("req_1", { source: "claude-code" }, "hook")]);
    expect(reply).toMatchObject({ accepted: 0, duplicates: 1, conflicts: [] });
  });

  it("[L4] seq is dense and each request owns a run of it, under concurrency", async () => {
    const room = freshRoom();
    const replies = await Promise.all(
      upTo(60).map((n) =>
        append(
          room,
          upTo(n % 7).map((i) => event(`r${n}-${i}`)),
        ),
      ),
    );
    const stored = (await readAll(room)).map((text) => JSON.parse(text) as StoredEvent);
    expect(stored.map(({ seq }) => seq)).toEqual(upTo(stored.length));
    replies.forEach((reply, i) => {
      const ids = upTo((i + 1) % 7).map((k) => `r${i + 1}-${k}`);
      expect(reply.accepted).toBe(ids.length);
      if (reply.first_seq !== null) {
        expect(stored.slice(reply.first_seq - 1, reply.last_seq ?? 0).map(({ id }) => id)).toEqual(ids);
      }
    });
    const commits = await runInDurableObject(room, (_, { storage }) =>
      storage.sql.exec<{ n: number }>("SELECT count(*) AS n FROM log").one(),
    );
    // The control of group commit: 60 requests in flight did not take 60 transactions.
    expect(commits.n).toBeLessThan(30);
  });

  it("[L4] received_at never goes back, whatever the room's clock does", async () => {
    const room = freshRoom();
    await append(room, [event("a")]);
    const later = Date.now() - 3_600_000;
    vi.useFakeTimers({ toFake: ["Date"], now: later });
    try {
      await append(room, [event("b")]);
      await evictDurableObject(room);
      await append(room, [event("c")]);
    } finally {
      vi.useRealTimers();
    }
    const times = (await readAll(room)).map((text) => (JSON.parse(text) as StoredEvent).received_at);
    expect(times).toEqual([...times].sort());
    expect(Date.parse(times[2] ?? "")).toBeGreaterThan(later);
  });

  it("[L4] a commit over 1 MB is cut into rows that SQLite takes, and reads back whole", async () => {
    const room = freshRoom();
    const big = events(1, 60, { metadata: { text: "é".repeat(30_000) } });
    await append(room, big);
    const rows = await runInDurableObject(room, (_, { storage }) =>
      storage.sql
        .exec<{ bytes: number }>("SELECT length(events) AS bytes FROM log ORDER BY first_seq")
        .toArray(),
    );
    expect(rows.length).toBeGreaterThan(3);
    for (const { bytes } of rows) expect(bytes).toBeLessThanOrEqual(1_000_000);
    expect(seqs(await readAll(room))).toEqual(upTo(60));
    expect(await room.verify()).toMatchObject({ ok: true, seq: 60 });
  });

  it("[L1] a failed write stores nothing, says unavailable, and the next append works", async () => {
    const room = freshRoom();
    await append(room, events(1, 5));
    const before = await stateOf(room);
    const quiet = vi.spyOn(console, "error").mockImplementation(() => undefined);
    await runInDurableObject(room, (_, { storage }) => {
      // `log` is written after the ids: the transaction fails halfway.
      storage.sql.exec(
        "CREATE TRIGGER full BEFORE INSERT ON log BEGIN SELECT RAISE(ABORT, 'disk full'); END",
      );
    });
    expect(await room.append(own, packEvents(events(6, 8)))).toEqual({
      ok: false,
      reason: "unavailable",
      retry_after_s: 2,
    });
    expect(quiet).toHaveBeenCalled();
    quiet.mockRestore();
    expect(await stateOf(room)).toBe(before);
    expect(await readAll(room)).toHaveLength(5);
    await runInDurableObject(room, (_, { storage }) => {
      storage.sql.exec("DROP TRIGGER full");
    });
    expect(await append(room, events(6, 8))).toMatchObject({ accepted: 3, first_seq: 6, last_seq: 8 });
    expect(await room.verify()).toMatchObject({ ok: true, seq: 8 });
    expect(await stateOf(room)).toBe(foldOf(await readAll(room)));
  });

  it("writes at most 0.05 rows per event at batch 100", async () => {
    const room = freshRoom();
    const written = await runInDurableObject(room, async (instance: ProjectRoom, { storage }) => {
      const exec = storage.sql.exec.bind(storage.sql);
      const cursors: SqlStorageCursor<Record<string, SqlStorageValue>>[] = [];
      const spy = vi.spyOn(storage.sql, "exec").mockImplementation((query, ...bindings) => {
        const cursor = exec(query, ...bindings);
        cursors.push(cursor);
        return cursor;
      });
      for (let n = 0; n < 60; n += 1)
        await instance.append(own, packEvents(events(n * 100 + 1, n * 100 + 100)));
      spy.mockRestore();
      return cursors.reduce((sum, cursor) => sum + cursor.rowsWritten, 0);
    });
    // 6,000 events: snapshots are in the count, and the ids' first run.
    expect(written).toBeGreaterThan(2 * 60);
    expect(written / 6_000).toBeLessThanOrEqual(0.05);
  });
});

describe("rates", () => {
  /** A second object over the same storage, with settings of its own. */
  const limited = <T>(settings: Partial<Env>, body: (room: ProjectRoom) => Promise<T>) =>
    runInDurableObject(freshRoom(), async (_, ctx) => {
      // A machine under load takes its time, and the bucket refills meanwhile.
      vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
      try {
        return await body(new ProjectRoom(ctx, { ...env, ...settings }));
      } finally {
        vi.useRealTimers();
      }
    });

  it("refuses events over the project's rate with the seconds to wait, and stores nothing of them", async () => {
    await limited({ MAX_EVENTS_PER_SECOND_PER_PROJECT: "5" }, async (room) => {
      expect(await room.append(own, packEvents(events(1, 40)))).toMatchObject({ ok: true, accepted: 40 });
      expect(await room.append(own, packEvents(events(41, 42)))).toEqual({
        ok: false,
        reason: "rate_limited",
        retry_after_s: 7,
        // Exactly, as far as the clock moved meanwhile.
        retry_after_ms: expect.closeTo(6_500, -3),
        limit: "events per second of this project",
        policy: "project-events",
      });
      expect(await room.readState(own)).toMatchObject({ ok: true, seq: 40 });
    });
  });

  it("refuses one key's requests over its rate and leaves other keys alone", async () => {
    await limited({ MAX_REQUESTS_PER_SECOND_PER_KEY: "1" }, async (room) => {
      const [greedy, modest] = ["kgreedy00000", "kmodest00000"].map((key_id) => ({
        kind: "key" as const,
        key_id,
        secret_sha256: sha256(key_id),
      }));
      if (!greedy || !modest) throw new Error("no keys");
      for (const key of [greedy, modest]) await room.putKey({ ...key, scopes: ["read"] });
      for (let n = 0; n < 2; n += 1) expect(await room.readState(greedy)).toMatchObject({ ok: true });
      expect(await room.readState(greedy)).toMatchObject({ reason: "rate_limited", retry_after_s: 1 });
      expect(await room.readState(modest)).toMatchObject({ ok: true });
    });
  });

  it("takes a setting that is no number for the default", async () => {
    await limited({ MAX_EVENTS_PER_SECOND_PER_PROJECT: "many" }, async (room) => {
      for (let n = 0; n < 3; n += 1) {
        expect(await room.append(own, packEvents(events(n * 100 + 1, n * 100 + 100)))).toMatchObject({
          ok: true,
        });
      }
    });
  });
});

describe("chain", () => {
  const tampered = async (sql: string, ...bindings: SqlStorageValue[]) => {
    const room = freshRoom();
    for (let n = 0; n < 5; n += 1) await append(room, events(n * 4 + 1, n * 4 + 4));
    expect(await room.verify()).toMatchObject({ ok: true, seq: 20, forgotten: 0 });
    await runInDurableObject(room, (_, { storage }) => {
      storage.sql.exec(sql, ...bindings);
    });
    return room.verify();
  };

  it("[L5] shows an edit", async () => {
    expect(
      await tampered(
        "UPDATE log SET events = CAST(replace(CAST(events AS TEXT), 'coder-a', 'coder-b') AS BLOB) WHERE first_seq = 9",
      ),
    ).toEqual({
      ok: false,
      seq: 9,
      reason: "the event's bytes do not match its leaf",
    });
  });

  it("[L5] shows a deletion", async () => {
    expect(await tampered("DELETE FROM log WHERE first_seq = 9")).toMatchObject({ ok: false, seq: 13 });
  });

  it("[L5] shows a reorder", async () => {
    expect(
      await tampered(
        `UPDATE log SET (head, salts, leaves, events) =
           (SELECT head, salts, leaves, events FROM log AS other WHERE other.first_seq = 14 - log.first_seq + 8)
         WHERE first_seq IN (9, 13)`,
      ),
    ).toMatchObject({ ok: false, seq: 9 });
  });

  it("[L5] shows a cut tail, by the ids that were issued", async () => {
    expect(await tampered("DELETE FROM log WHERE first_seq = 17")).toMatchObject({ ok: false, seq: 16 });
  });

  it("[L5] shows a history rewritten as a whole, by a head noted outside", async () => {
    const room = freshRoom();
    await append(room, events(1, 4));
    const page = await room.readLog(own, { since: 0, limit: 1 });
    if (!page.ok) throw new Error(page.reason);
    expect(await room.verify([page.head])).toMatchObject({ ok: true });
    const forged = { ...page.head, hash: sha256("another history") };
    expect(await room.verify([forged])).toMatchObject({ ok: false, seq: 4 });
    expect(await room.verify([{ seq: 3, hash: page.head.hash }])).toMatchObject({ ok: false, seq: 3 });
  });

  it("[L5][L2] forgetting keeps seq, leaf and hashed id, and destroys the bytes and their salt", async () => {
    const room = freshRoom();
    await append(room, [event("a"), event("b", { metadata: { title: "canary" } }), event("c")]);
    await append(room, [event("d")]);
    const page = await room.readLog(own, { since: 0, limit: 1 });
    if (!page.ok) throw new Error(page.reason);
    expect(await room.forget([2, 99], { by: "k1", reason: "asked by its author" })).toBe(1);
    expect(await room.forget([2])).toBe(0);
    expect(await room.verify([page.head])).toMatchObject({ ok: true, seq: 5, forgotten: 1, unwitnessed: 0 });
    const left = await readAll(room);
    expect(seqs(left)).toEqual([1, 3, 4, 5]);
    expect(JSON.parse(left[3] ?? "")).toMatchObject({
      event_type: "events_forgotten",
      agent_id: "clusterfork:privacy",
      metadata: { seqs: "2", by: "k1", reason: "asked by its author" },
      metrics: { events: 1 },
    });
    // Another body too: what it was can no longer be compared.
    expect(await append(room, [event("b"), event("b", {}, "other")])).toMatchObject({
      accepted: 0,
      duplicates: 2,
    });
    const row = await runInDurableObject(
      room,
      (_, { storage }) =>
        storage.sql
          .exec<{ salts: ArrayBuffer; events: string }>("SELECT salts, events FROM log")
          .toArray()[0],
    );
    expect(row?.events).not.toContain("canary");
    expect(
      new Uint8Array(row?.salts ?? new ArrayBuffer(0)).subarray(16, 32).every((byte) => byte === 0),
    ).toBe(true);
    expect(await append(room, [event("e")])).toMatchObject({ first_seq: 6 });
    expect(await room.verify()).toMatchObject({ ok: true, seq: 6, forgotten: 1 });
  });

  it("[L5] two rooms with the same events have different heads: leaves are salted", async () => {
    const heads = await Promise.all(
      [freshRoom(), freshRoom()].map(async (room) => {
        await append(room, [event("a")]);
        const verdict = await room.verify();
        return verdict.ok ? verdict.hash : verdict.reason;
      }),
    );
    expect(heads[0]).not.toBe(heads[1]);
  });
});

describe("state", () => {
  it.each([1, 3, 7])(
    "[S1] memory equals the fold of the log when it is lost after every %i. commit",
    async (k) => {
      const room = freshRoom();
      for (let n = 1; n <= 21; n += 1) {
        await append(room, [
          event(`t${n}`, { event_type: n % 2 ? "task_created" : "task_started", task_id: `T${n % 5}` }),
        ]);
        if (n % k === 0) await evictDurableObject(room);
      }
      expect(await stateOf(room)).toBe(foldOf(await readAll(room)));
    },
  );

  it("[S1] the control: an eviction does lose the object, and only the disk is left", async () => {
    const room = freshRoom();
    await append(room, [event("a")]);
    await runInDurableObject(room, (instance) => Object.assign(instance, { canary: true }));
    expect(await runInDurableObject(room, (instance) => "canary" in instance)).toBe(true);
    await evictDurableObject(room);
    expect(await runInDurableObject(room, (instance) => "canary" in instance)).toBe(false);
    expect(await readAll(room)).toHaveLength(1);
  });

  it("[S1] a snapshot plus the tail equals the whole fold", async () => {
    const room = freshRoom();
    const total = SNAPSHOT_EVERY_EVENTS + 300;
    for (let n = 0; n < total; n += 500) {
      await append(room, events(n + 1, Math.min(n + 500, total), { task_id: `T${n}` }));
    }
    await vi.waitFor(async () => {
      const parts = await runInDurableObject(room, (_, { storage }) =>
        storage.sql.exec<{ seq: number }>("SELECT seq FROM snapshot").toArray(),
      );
      expect(parts[0]?.seq).toBeGreaterThanOrEqual(SNAPSHOT_EVERY_EVENTS);
    });
    const live = await stateOf(room);
    await evictDurableObject(room);
    expect(await stateOf(room)).toBe(live);
    // Without it the log alone gives the same.
    await runInDurableObject(room, (_, { storage }) => void storage.sql.exec("DELETE FROM snapshot"));
    await evictDurableObject(room);
    expect(await stateOf(room)).toBe(live);
    expect(live).toBe(foldOf(await readAll(room)));
  });
});

describe("reading", () => {
  it("pages without a gap and ends with null", async () => {
    const room = freshRoom();
    await append(room, events(1, 25));
    const found: number[] = [];
    let pages = 0;
    for (let since: number | null = 0; since !== null; pages += 1) {
      const page = await room.readLog(own, { since, limit: 10 });
      if (!page.ok) throw new Error(page.reason);
      found.push(...seqs(page.events));
      since = page.next;
      expect(page.head.seq).toBe(25);
    }
    expect(found).toEqual(upTo(25));
    expect(pages).toBe(3);
  });

  it("filters by top-level fields only, and combines filters", async () => {
    const room = freshRoom();
    await append(room, [
      event("a", { agent_id: 'q"uote', feature_id: "F" }),
      event("b", { metadata: { agent_id: 'q"uote' } }),
      event("c", { agent_id: 'q"uote', event_type: "task_blocked" }),
    ]);
    const ids = async (filter: object) => {
      const page = await room.readLog(own, { since: 0, limit: 10, ...filter });
      if (!page.ok) throw new Error(page.reason);
      return page.events.map((text) => (JSON.parse(text) as StoredEvent).id);
    };
    expect(await ids({ agent: 'q"uote' })).toEqual(["a", "c"]);
    expect(await ids({ agent: 'q"uote', type: "task_blocked" })).toEqual(["c"]);
    expect(await ids({ feature: "F" })).toEqual(["a"]);
    expect(await ids({ task: "TASK-1" })).toEqual(["a", "b", "c"]);
    expect(await ids({ task: "TASK" })).toEqual([]);
  });

  it("a rare filter scans a bounded part per page, and says where it stopped", async () => {
    const room = freshRoom();
    for (let n = 0; n < 25; n += 1) await append(room, events(n * 1_000 + 1, n * 1_000 + 1_000));
    await append(room, [event("rare", { event_type: "rare" })]);
    const first = await room.readLog(own, { since: 0, limit: 10, type: "rare" });
    expect(first).toMatchObject({ ok: true, events: [], next: 20_000 });
    const second = await room.readLog(own, { since: 20_000, limit: 10, type: "rare" });
    if (!second.ok) throw new Error(second.reason);
    expect(second.events).toHaveLength(1);
    expect(second.next).toBeNull();
  });
});

describe("access", () => {
  it("[T3] knows keys by the hash of their secret, and says nothing about which part was wrong", async () => {
    const room = freshRoom();
    const key = await newKey(room, "kingest00000", ["ingest"]);
    expect(await room.append(key, packEvents([event("a")]))).toMatchObject({ ok: true });
    const wrong: Principal = { ...key, secret_sha256: sha256("guess") };
    expect(await room.append(wrong, packEvents([event("b")]))).toEqual({ ok: false, reason: "unknown_key" });
    expect(await room.append({ ...key, key_id: "knobody00000" }, packEvents([event("b")]))).toEqual({
      ok: false,
      reason: "unknown_key",
    });
    expect(await room.readLog(key, { since: 0, limit: 1 })).toEqual({
      ok: false,
      reason: "insufficient_scope",
      needed: "read",
      held: ["ingest"],
    });
    expect(await readAll(room)).toHaveLength(1);
  });

  it("[T4] a revocation holds from the next request on, for ever, also when it comes before the key", async () => {
    const room = freshRoom();
    const key = await newKey(room, "kread0000000", ["read", "ingest"]);
    expect(await room.readState(key)).toMatchObject({ ok: true });
    await room.revokeKey(key.key_id);
    await room.revokeKey(key.key_id);
    expect(await room.readState(key)).toEqual({ ok: false, reason: "revoked_key" });
    await newKey(room, key.key_id, ["read"]);
    await evictDurableObject(room);
    expect(await room.append(key, packEvents([event("a")]))).toEqual({ ok: false, reason: "revoked_key" });
    await room.revokeKey("klate0000000");
    const late = await newKey(room, "klate0000000", ["read"]);
    expect(await room.readState(late)).toEqual({ ok: false, reason: "revoked_key" });
  });

  it("[T5] a sender's key cannot speak as Clusterfork, even past intake", async () => {
    const room = freshRoom();
    const key = await newKey(room, "kforger00000", ["ingest"]);
    await runInDurableObject(room, async (instance: ProjectRoom) => {
      const forged = packEvents([event("a", { agent_id: "clusterfork:alert" })]);
      await expect(instance.append(key, forged)).rejects.toThrow("speak as Clusterfork");
    });
    expect(await readAll(room)).toEqual([]);
  });

  it("[B2] Clusterfork's own step done twice adds nothing", async () => {
    const room = freshRoom();
    const port = appendPort(room);
    const alert = {
      organ: "alert",
      cause: ["budget", "F1", 17],
      event_type: "alert_raised",
      timestamp: "2026-11-22T14:23:15.120Z",
    } as const;
    await port([alert, { ...alert, cause: ["budget", "F1", 18] }]);
    await port([{ ...alert, metadata: { worded: "differently" } }]);
    const stored = (await readAll(room)).map((text) => JSON.parse(text) as StoredEvent);
    expect(stored.map(({ agent_id, id }) => [agent_id, id])).toEqual([
      ["clusterfork:alert", derivedId("alert", ["budget", "F1", 17])],
      ["clusterfork:alert", derivedId("alert", ["budget", "F1", 18])],
    ]);
    // [T5] intake refuses ids that begin so: nobody can take one before Clusterfork does.
    expect(derivedId("a", ["b"])).toMatch(/^clusterfork:[0-9a-f]{64}$/);
    expect(derivedId("a", ["b", "c"])).not.toBe(derivedId("a", ["bc"]));
    expect(derivedId("a", [1])).not.toBe(derivedId("a", ["1"]));
  });
});
