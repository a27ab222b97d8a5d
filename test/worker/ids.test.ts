/** Which ids are known, for ever: the runs and their merging, in workerd's own SQLite, against a plain Map. */
import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { describe, expect, it, vi } from "vitest";
import { bytesOf, hexOf } from "../../worker/room/chain.ts";
import { ENTRY_BYTES, HASH_BYTES, sorted, viewOf, compareHashes } from "../../worker/room/ids/entry.ts";
import { forgetBody } from "../../worker/room/ids/forget.ts";
import { Ids } from "../../worker/room/ids/ids.ts";
import { hasLeftovers, storedRuns } from "../../worker/room/ids/leftover.ts";
import { FAN, FRESH_IDS, MAX_FILTER_BYTES } from "../../worker/room/ids/limits.ts";
import { idsIn, readRuns } from "../../worker/room/ids/run.ts";
import { bytesAt, levelsOf, partsOf } from "../../worker/room/ids/share.ts";
import type { ProjectRoom } from "../../worker/room/room.ts";
import { append, event, events, freshRoom, own, type RoomStub } from "./prepared.ts";
import type { NewEvent } from "../../schema/event/event.ts";
import { packEvents } from "../../schema/event/batch.ts";

/** mulberry32: small, and the same everywhere. */
function random(seed: number): () => number {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A third of the ids share their leading bytes, as somebody could choose them to. */
function entriesOf(draw: () => number, count: number): Uint8Array {
  const words = new Uint32Array((count * ENTRY_BYTES) / 4);
  for (let i = 0; i < words.length; i += 1) words[i] = draw() * 2 ** 32;
  const entries = new Uint8Array(words.buffer);
  for (let at = 0; at < entries.length; at += ENTRY_BYTES) {
    const alike = draw();
    // Where ten bytes are alike a filter cannot tell, and each such id reads a part of every run: a few will do.
    if (alike < 0.33) entries.fill(7, at, at + (alike < 0.01 ? 10 : 4));
  }
  return entries;
}

const part = (entries: Uint8Array, i: number) => entries.subarray(i * ENTRY_BYTES, (i + 1) * ENTRY_BYTES);
const idOf = (entry: Uint8Array) => hexOf(entry.subarray(0, HASH_BYTES));
const bodyOf = (entry: Uint8Array) => hexOf(entry.subarray(HASH_BYTES));

/** The empty storage of a room that does nothing meanwhile. */
async function inStorage(body: (storage: DurableObjectStorage) => void | Promise<void>): Promise<void> {
  await runInDurableObject(freshRoom(), async (_: ProjectRoom, { storage }) => {
    await body(storage);
  });
}

describe("ids", () => {
  it("sorts as SQLite orders blobs, however alike the hashes are", () => {
    const draw = random(3);
    for (const count of [0, 1, 2, 700, 5_000]) {
      const entries = sorted(entriesOf(draw, count));
      const view = viewOf(entries);
      for (let i = 1; i < count; i += 1) {
        expect(compareHashes(view, (i - 1) * ENTRY_BYTES, view, i * ENTRY_BYTES)).toBeLessThan(0);
      }
    }
  });

  it.each([11, 12])(
    "[L2] [B2] answers as a Map does, through runs, merges, restarts and forgetting (seed %i)",
    async (seed) => {
      await inStorage((storage) => {
        const { sql } = storage;
        const draw = random(seed);
        const map = new Map<string, string | null>();
        const order: string[] = [];
        let ids = new Ids(sql);
        let tiers = 0;
        while (order.length < FAN * FRESH_IDS * 1.9) {
          const count = Math.ceil(draw() * 3_000);
          const fresh = entriesOf(draw, count);
          const entries = new Uint8Array(fresh.length + 40 * ENTRY_BYTES);
          entries.set(fresh);
          // Some that are known: of any age.
          for (let i = 0; i < 40 && order.length > 0; i += 1) {
            const id = order[Math.floor(draw() * order.length)] ?? "";
            entries.set(bytesOf(id), (count + i) * ENTRY_BYTES);
          }
          const expected = new Map<string, string | null>();
          for (let i = 0; i < count + 40; i += 1) {
            const id = idOf(part(entries, i));
            const body = map.get(id);
            if (body !== undefined) expected.set(id, body);
          }
          expect(ids.find(entries)).toEqual(expected);
          // All or nothing: one that is known, or comes twice, and none is taken.
          const twice = new Uint8Array(fresh.length + ENTRY_BYTES);
          twice.set(fresh);
          twice.set(part(fresh, Math.floor(count / 2)), fresh.length);
          for (const refused of expected.size > 0 ? [entries, twice] : [twice]) {
            expect(ids.takeNew(order.length + 1, refused)).toBe(null);
          }
          storage.transactionSync(() => {
            if (order.length % 2 === 0) ids.remember(order.length + 1, fresh);
            else expect(ids.takeNew(order.length + 1, fresh)).toBeGreaterThan(0);
          });
          for (let i = 0; i < count; i += 1) {
            map.set(idOf(part(fresh, i)), bodyOf(part(fresh, i)));
            order.push(idOf(part(fresh, i)));
          }
          for (let slices = Math.floor(draw() * 4); slices > 0; slices -= 1) ids.tidy(storage, 3);
          if (draw() < 0.3) {
            const id = order[Math.floor(draw() * order.length)] ?? "";
            storage.transactionSync(() => forgetBody(sql, bytesOf(id)));
            map.set(id, null);
            ids = new Ids(sql);
          }
          if (draw() < 0.3) ids = new Ids(sql);
          tiers = Math.max(tiers, ...readRuns(sql).map(({ tier }) => tier));
        }
        expect(tiers).toBeGreaterThan(0);
        while (ids.tidy(storage, 5));
        expect(hasLeftovers(sql)).toBe(false);
        expect([...storedRuns(sql)]).toHaveLength(readRuns(sql).length);
        const all = new Uint8Array(order.length * ENTRY_BYTES);
        order.forEach((id, i) => all.set(bytesOf(id), i * ENTRY_BYTES));
        const found = new Ids(sql).find(all);
        // One by one: comparing Maps of this size as a whole takes longer than all the rest.
        expect(found.size).toBe(map.size);
        expect(order.filter((id) => found.get(id) !== map.get(id))).toEqual([]);
      });
    },
    60_000,
  );

  it("memory holds no more of filters than its limit, whatever the number of ids", () => {
    // As runs lie after so many events: up to FAN - 1 of each tier, and one more that is being merged.
    for (const ids of [1e6, 2e7, 5e7, 2e8, 2e9]) {
      const runs: number[] = [];
      let left = ids;
      for (let tier = 9; tier >= 0; tier -= 1) {
        const size = FRESH_IDS * FAN ** tier;
        for (let n = 0; n < FAN - 1 && left >= size; n += 1, left -= size) runs.push(size);
      }
      const levels = levelsOf(runs, MAX_FILTER_BYTES);
      const bytes = runs.reduce((sum, size, i) => sum + partsOf(size) * bytesAt(levels[i] ?? 0), 0);
      expect(bytes).toBeLessThanOrEqual(MAX_FILTER_BYTES);
      // All of it where it fits, and small runs always: of them there are the most.
      const whole = runs.reduce((sum, size) => sum + partsOf(size) * bytesAt(0), 0);
      if (whole <= MAX_FILTER_BYTES) expect(bytes).toBe(whole);
      if (ids <= 5e7) expect(runs.filter((size, i) => size < 1e6 && (levels[i] ?? 0) > 1)).toEqual([]);
    }
  });

  it("[L2] [B2] answers as a Map does with any part of the filters in memory, and holds no more than that", async () => {
    const seen = new Set<number>();
    for (const max_bytes of [300_000, 60_000, 20_000, 6_000, 0]) {
      await inStorage((storage) => {
        const { sql } = storage;
        const draw = random(max_bytes + 1);
        const order: Uint8Array[] = [];
        let ids = new Ids(sql, max_bytes);
        for (let run = 0; run < FAN + 3; run += 1) {
          const entries = entriesOf(draw, FRESH_IDS);
          storage.transactionSync(() => ids.remember(order.length * FRESH_IDS + 1, entries));
          order.push(entries);
          for (let slices = 0; slices < 3; slices += 1) {
            ids.tidy(storage, 5);
            // Four bytes for where each part begins, of the target of a merge too.
            expect(ids.held_bytes).toBeLessThanOrEqual(max_bytes + 4 * 4 * 2 * (FAN + 3));
          }
          if (run % 4 === 3) ids = new Ids(sql, max_bytes);
        }
        while (ids.tidy(storage, 5));
        for (const level of levelsOf(readRuns(sql).map(idsIn), max_bytes)) seen.add(level);
        for (const held of [ids, new Ids(sql, max_bytes)]) {
          for (const entries of order) {
            const some = entries.slice(0, 200 * ENTRY_BYTES);
            expect(held.find(some).size).toBe(200);
          }
          expect(held.find(entriesOf(draw, 200)).size).toBe(0);
        }
      });
    }
    // The control: every level was met.
    expect([...seen].sort()).toEqual([0, 1, 2, 3, 4]);
  }, 60_000);

  it("[L2] takes ids that are new and none that is known, in runs from before it woke as in those since", async () => {
    for (const max_bytes of [MAX_FILTER_BYTES, 20_000]) {
      await inStorage((storage) => {
        const { sql } = storage;
        const draw = random(max_bytes + 3);
        const known: Uint8Array[] = [];
        const take = (ids: Ids, entries: Uint8Array) =>
          storage.transactionSync(() => ids.takeNew(known.length * FRESH_IDS + 1, entries));
        let ids = new Ids(sql, max_bytes);
        const expectKnown = () => {
          for (const entries of known) {
            const mixed = entriesOf(draw, 20);
            const one = Math.floor(draw() * FRESH_IDS);
            mixed.set(part(entries, one), 19 * ENTRY_BYTES);
            expect(take(ids, mixed)).toBeNull();
          }
        };
        for (let run = 0; run < FAN + 2; run += 1) {
          const entries = entriesOf(draw, FRESH_IDS);
          expect(take(ids, entries)).not.toBeNull();
          known.push(entries);
          ids.tidy(storage, 5);
          expectKnown();
          // Asleep in the middle: of the runs to be merged some are of before.
          if (run === FAN - 3) ids = new Ids(sql, max_bytes);
        }
        while (ids.tidy(storage, 5));
        expectKnown();
      });
    }
  }, 60_000);

  it("[L2] parts that were written with a smaller filter are known, and merged with the others", async () => {
    await inStorage((storage) => {
      const { sql } = storage;
      const all = entriesOf(random(9), FAN * FRESH_IDS);
      for (let run = 0; run < FAN; run += 1) {
        const entries = all.subarray(run * FRESH_IDS * ENTRY_BYTES, (run + 1) * FRESH_IDS * ENTRY_BYTES);
        storage.transactionSync(() => new Ids(sql).remember(run * FRESH_IDS + 1, entries));
        if (run < 3) sql.exec("UPDATE id_part SET filter = zeroblob(2048)");
      }
      const ids = new Ids(sql);
      expect(ids.find(all).size).toBe(FAN * FRESH_IDS);
      while (ids.tidy(storage, 7));
      expect(ids.find(all).size).toBe(FAN * FRESH_IDS);
      expect(new Ids(sql).find(entriesOf(random(10), 500)).size).toBe(0);
    });
  });

  it("[L2] a merge that fails in the middle leaves everything known, and is done again", async () => {
    await inStorage((storage) => {
      const { sql } = storage;
      const draw = random(5);
      const ids = new Ids(sql);
      const all = entriesOf(draw, FAN * FRESH_IDS);
      for (let run = 0; run < FAN; run += 1) {
        const entries = all.subarray(run * FRESH_IDS * ENTRY_BYTES, (run + 1) * FRESH_IDS * ENTRY_BYTES);
        storage.transactionSync(() => ids.remember(run * FRESH_IDS + 1, entries));
      }
      expect(readRuns(sql).map(({ tier }) => tier)).toEqual(Array.from({ length: FAN }, () => 0));
      expect(ids.tidy(storage, 7)).toBe(true);
      sql.exec("CREATE TRIGGER full BEFORE INSERT ON id_part BEGIN SELECT raise(ABORT, 'disk full'); END");
      expect(() => ids.tidy(storage, 7)).toThrow();
      sql.exec("DROP TRIGGER full");
      expect(ids.find(all).size).toBe(FAN * FRESH_IDS);
      while (ids.tidy(storage, 7));
      expect(readRuns(sql)).toEqual([{ tier: 1, first_seq: 1, last_seq: FAN * FRESH_IDS }]);
      expect(ids.find(all).size).toBe(FAN * FRESH_IDS);
      const parts = sql.exec<{ n: number }>("SELECT count(*) AS n FROM id_part").one().n;
      expect(parts).toBe((FAN * FRESH_IDS) / 1_024);
    });
  });
});

/** Appends `e<from>` to `e<to>`, a thousand at a time. */
async function fill(room: RoomStub, from: number, to: number, fields: Partial<NewEvent> = {}): Promise<void> {
  for (let at = from; at <= to; at += 1_000) await append(room, events(at, Math.min(to, at + 999), fields));
}

/** The tables of version 7, with what this room knows. */
function asOfVersion7({ sql }: DurableObjectStorage): void {
  sql.exec("CREATE TABLE ids (id_hash BLOB PRIMARY KEY, seq INTEGER NOT NULL, body_hash BLOB) WITHOUT ROWID");
  const rows = sql
    .exec<{ first_seq: number; entries: ArrayBuffer }>("SELECT first_seq, entries FROM id_fresh")
    .toArray();
  for (const { first_seq, entries } of rows) {
    for (let at = 0; at < entries.byteLength; at += ENTRY_BYTES) {
      const body = entries.slice(at + HASH_BYTES, at + ENTRY_BYTES);
      const seq = first_seq + at / ENTRY_BYTES;
      const forgotten = new Uint8Array(body).every((byte) => byte === 0);
      sql.exec(
        "INSERT INTO ids VALUES (?, ?, ?)",
        entries.slice(at, at + HASH_BYTES),
        seq,
        forgotten ? null : body,
      );
    }
  }
  for (const table of [
    "id_fresh",
    "id_part",
    "id_run",
    "witness",
    "id_check",
    "watch",
    "notices",
    "lessons",
    "reflected",
    "reflecting",
    "resting",
    "delivery",
    "tally",
    "tally_head",
  ])
    sql.exec(`DROP TABLE ${table}`);
  sql.exec("ALTER TABLE drain DROP COLUMN generation");
  sql.exec("UPDATE tables SET version = 7");
}

const hasTable = (room: RoomStub, name: string) =>
  runInDurableObject(
    room,
    (_: ProjectRoom, { storage }) =>
      storage.sql.exec("SELECT 1 FROM sqlite_master WHERE name = ?", name).toArray().length > 0,
  );
const runsOf = (room: RoomStub) =>
  runInDurableObject(room, (_: ProjectRoom, { storage }) => readRuns(storage.sql));

describe("a room's ids", () => {
  it("[L2] [L5] are known across runs, merges and evictions, and conflict with other bodies", async () => {
    const room = freshRoom();
    // Requests of a thousand: a run takes five of them.
    const total = FAN * 5_000 + 3_000;
    await fill(room, 1, total);
    await vi.waitFor(async () => expect((await runsOf(room)).map(({ tier }) => tier)).toContain(1), 10_000);
    for (const sleeps of [false, true]) {
      if (sleeps) await evictDurableObject(room);
      const resent = [1, FRESH_IDS, FRESH_IDS + 1, 20_000, total - 3_000, total].map((n) => event(`e${n}`));
      expect(await append(room, resent)).toMatchObject({ accepted: 0, duplicates: 6, conflicts: [] });
      const altered = [event("e1", {}, "another"), event(`e${total}`, {}, "another")];
      expect(await append(room, altered)).toMatchObject({ accepted: 0, conflicts: [0, 1] });
    }
    expect(await room.forget([1, 20_000])).toBe(2);
    expect(await append(room, [event("e1", {}, "another"), event("e20000", {}, "x")])).toMatchObject({
      accepted: 0,
      duplicates: 2,
    });
    expect(await append(room, events(total + 1, total + 1))).toMatchObject({ first_seq: total + 2 });
    expect(await room.verify()).toMatchObject({ ok: true, seq: total + 2, forgotten: 2 });
    await runInDurableObject(room, (_: ProjectRoom, { storage }) => {
      storage.sql.exec("DELETE FROM id_part WHERE first_id = (SELECT min(first_id) FROM id_part)");
    });
    expect(await room.verify()).toMatchObject({ ok: false });
  }, 60_000);

  it("[L5] shows a tail that was cut, also when the log has grown past it again", async () => {
    const room = freshRoom();
    await fill(room, 1, 5_000);
    expect(await runsOf(room)).toHaveLength(1);
    await runInDurableObject(room, (_: ProjectRoom, { storage }) => {
      storage.sql.exec("DELETE FROM log WHERE first_seq = 4001");
    });
    await evictDurableObject(room);
    expect(await room.verify()).toMatchObject({ ok: false, seq: 4_000 });
    // The same before and after: the audit's alert is named by what it found, and is itself an event more.
    const found = { ok: false, seq: 4_001, reason: expect.stringContaining("given out twice") as string };
    await fill(room, 5_001, 5_001);
    expect(await room.verify()).toMatchObject(found);
    await fill(room, 5_002, 6_500);
    expect(await room.verify()).toMatchObject(found);
  });

  it("[L2] [L5] a room of tables version 7 goes on knowing its ids, before and after they are written anew", async () => {
    const room = freshRoom();
    // Such rooms forgot without a witness, and their events say so.
    const old = { v: 1 } as const;
    await fill(room, 1, 3_000, old);
    expect(await room.forget([5])).toBe(1);
    await runInDurableObject(room, (_: ProjectRoom, { storage }) => asOfVersion7(storage));
    await evictDurableObject(room);
    const known = async () => {
      const sent = [
        event("e1", old),
        event("e5", {}, "?"),
        event("e3000", old),
        event("e3000", {}, "another"),
      ];
      expect(await append(room, sent)).toMatchObject({ accepted: 0, duplicates: 3, conflicts: [3] });
      expect(await room.verify()).toMatchObject({ ok: true, forgotten: 1 });
    };
    await known();
    expect(await append(room, events(3_001, 3_010))).toMatchObject({ first_seq: 3_002 });
    expect(await room.forget([6])).toBe(1);
    expect(await append(room, [event("e6", {}, "?")])).toMatchObject({ duplicates: 1 });
    await vi.waitFor(async () => {
      await runDurableObjectAlarm(room);
      expect(await runsOf(room)).toEqual([{ tier: 0, first_seq: 1, last_seq: 3_001 }]);
    }, 30_000);
    expect(await append(room, [event("e6", {}, "?"), event("e3005")])).toMatchObject({ duplicates: 2 });
    await evictDurableObject(room);
    expect(await hasTable(room, "ids")).toBe(false);
    const sent = [event("e1", old), event("e5", {}, "?"), event("e3000", {}, "another")];
    expect(await append(room, sent)).toMatchObject({ accepted: 0, duplicates: 2, conflicts: [2] });
    expect(await room.verify()).toMatchObject({ ok: true, seq: 3_012, forgotten: 2 });
  }, 60_000);

  it("[L5] a room of tables version 7 whose tail was cut shows it still", async () => {
    const room = freshRoom();
    await fill(room, 1, 40);
    await append(room, events(41, 44));
    await runInDurableObject(room, (_: ProjectRoom, { storage }) => {
      storage.sql.exec("DELETE FROM log WHERE first_seq = 41");
      asOfVersion7(storage);
    });
    await evictDurableObject(room);
    expect(await room.verify()).toMatchObject({ ok: false, seq: 40 });
  });

  it("an empty room of tables version 7 has nothing to write anew", async () => {
    const room = freshRoom();
    await room.append(own, packEvents([]));
    await runInDurableObject(room, (_: ProjectRoom, { storage }) => asOfVersion7(storage));
    await evictDurableObject(room);
    expect(await append(room, events(1, 3))).toMatchObject({ first_seq: 1, last_seq: 3 });
    expect(await hasTable(room, "ids")).toBe(false);
    expect(await runsOf(room)).toEqual([]);
  });
});
