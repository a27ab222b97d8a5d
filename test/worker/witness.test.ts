/** Forgetting leaves a witness in the log, and a blank without one is tampering (L5): in the room's own SQLite. */
import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import { MAX_WITNESS_RANGES, NO_WITNESS } from "../../schema/event/witness.ts";
import { createHashId, ENTRY_BYTES } from "../../worker/room/ids/entry.ts";
import { FRESH_IDS } from "../../worker/room/ids/limits.ts";
import { AUDIT_IDS } from "../../worker/room/limits.ts";
import { beginTurn } from "../../worker/room/verify-ids.ts";
import type { ProjectRoom } from "../../worker/room/room.ts";
import { append, event, events, freshRoom, readAll, stateOf, type RoomStub } from "./prepared.ts";

/** What somebody with the storage in hand does: the bytes and their salt go, the chain stays whole. */
function blank(room: RoomStub, seq: number): Promise<void> {
  return runInDurableObject(room, (_: ProjectRoom, { storage: { sql } }) => {
    const row = sql
      .exec<{ first_seq: number; salts: ArrayBuffer; events: ArrayBuffer }>(
        "SELECT first_seq, salts, events FROM log WHERE first_seq <= ?1 AND last_seq >= ?1",
        seq,
      )
      .one();
    const at = seq - row.first_seq;
    const salts = new Uint8Array(row.salts).fill(0, at * 16, (at + 1) * 16);
    const texts = new TextDecoder().decode(row.events).split("\n").with(at, "");
    const bytes = new TextEncoder().encode(texts.join("\n"));
    sql.exec("UPDATE log SET salts = ?, events = ? WHERE first_seq = ?", salts, bytes, row.first_seq);
  });
}

const witnesses = async (room: RoomStub) =>
  (await readAll(room))
    .map((text) => JSON.parse(text) as { event_type: string; metadata: { seqs: string } })
    .filter(({ event_type }) => event_type === "events_forgotten")
    .map(({ metadata }) => metadata.seqs);

describe("a forgetting", () => {
  it("[L5] names what it destroyed, and a blank that nothing names is found with its seq", async () => {
    const room = freshRoom();
    await append(room, events(1, 20));
    await append(room, events(21, 40));
    expect(await room.forget([3, 9, 8, 30])).toBe(4);
    expect(await witnesses(room)).toEqual(["3,8-9,30"]);
    expect(await room.verify()).toMatchObject({ ok: true, seq: 41, forgotten: 4, unwitnessed: 0 });
    // Folded as any other event, also by who was asleep.
    const state = await stateOf(room);
    await evictDurableObject(room);
    expect(await stateOf(room)).toBe(state);

    await blank(room, 25);
    expect(await room.verify()).toEqual({ ok: false, seq: 25, reason: NO_WITNESS });
    await blank(room, 12);
    expect(await room.verify()).toEqual({ ok: false, seq: 12, reason: NO_WITNESS });
  });

  it("[L5] a log whose first events were blanked is found too, and so is a witness that was blanked", async () => {
    const first = freshRoom();
    await append(first, events(1, 5));
    await blank(first, 1);
    expect(await first.verify()).toEqual({ ok: false, seq: 1, reason: NO_WITNESS });

    const second = freshRoom();
    await append(second, events(1, 5));
    await second.forget([2]);
    await blank(second, 6);
    expect(await second.verify()).toEqual({ ok: false, seq: 2, reason: NO_WITNESS });
  });

  it("[L5] a witness is never forgotten, nor does one of a sender count", async () => {
    const room = freshRoom();
    await append(room, events(1, 3));
    expect(await room.forget([2])).toBe(1);
    expect(await room.forget([4])).toBe(0);
    const false_witness = { event_type: "events_forgotten", metadata: { seqs: "1" } };
    await append(room, [event("w", { ...false_witness, agent_id: "clusterfork:privacy" })]);
    expect(await room.verify()).toMatchObject({ ok: true, forgotten: 1 });
    await blank(room, 1);
    expect(await room.verify()).toMatchObject({ ok: false, seq: 1 });
  });

  it("[L5] what was blank before there were witnesses is counted, and can be named afterwards", async () => {
    const room = freshRoom();
    await append(room, events(1, 10, { v: 1 }));
    await blank(room, 4);
    await blank(room, 1);
    expect(await room.verify()).toMatchObject({ ok: true, forgotten: 2, unwitnessed: 2 });
    await append(room, events(11, 20));
    expect(await room.verify()).toMatchObject({ ok: true, forgotten: 2, unwitnessed: 2 });
    await blank(room, 15);
    expect(await room.verify()).toEqual({ ok: false, seq: 15, reason: NO_WITNESS });
    expect(await room.forget([4, 15], { by: "u1", reason: "named after a look at the backup" })).toBe(0);
    expect(await room.verify()).toMatchObject({ ok: true, forgotten: 3, unwitnessed: 1 });
    expect(await room.forget([4, 15])).toBe(0);
    expect(await witnesses(room)).toEqual(["4,15"]);
  });

  it("[L1] [L5] destroys nothing where its witness cannot be stored", async () => {
    const room = freshRoom();
    await append(room, events(1, 3));
    const failed = await runInDurableObject(room, async (one: ProjectRoom, { storage: { sql } }) => {
      sql.exec("CREATE TRIGGER full BEFORE INSERT ON witness BEGIN SELECT raise(ABORT, 'disk full'); END");
      const outcome = await one.forget([2]).then(
        () => "forgotten",
        () => "failed",
      );
      sql.exec("DROP TRIGGER full");
      return outcome;
    });
    expect(failed).toBe("failed");
    expect(await readAll(room)).toHaveLength(3);
    expect(await append(room, events(4, 4))).toMatchObject({ first_seq: 4 });
    expect(await room.forget([2])).toBe(1);
    expect(await room.verify()).toMatchObject({ ok: true, seq: 5, forgotten: 1 });
  });

  it("[L5] many scattered seqs take several witnesses", async () => {
    const room = freshRoom();
    const count = 2 * (MAX_WITNESS_RANGES + 5);
    for (let from = 1; from <= count; from += 500)
      await append(room, events(from, Math.min(count, from + 499)));
    const odd = Array.from({ length: count / 2 }, (_, i) => 2 * i + 1);
    expect(await room.forget(odd)).toBe(odd.length);
    expect(await witnesses(room)).toHaveLength(2);
    expect(await room.verify()).toMatchObject({ ok: true, forgotten: odd.length, unwitnessed: 0 });
  });
});

describe("the nightly look at ids", () => {
  it.each(["fresh", "run"])("[L2] [L5] finds an id that was swapped for another (%s)", async (where) => {
    const room = freshRoom();
    const total = where === "fresh" ? 900 : FRESH_IDS + 1_000;
    for (let from = 1; from <= total; from += 500)
      await append(room, events(from, Math.min(total, from + 499)));
    await room.forget([7]);
    expect(await room.verify()).toMatchObject({ ok: true, forgotten: 1 });
    await runInDurableObject(room, (_: ProjectRoom, { storage: { sql } }) => {
      const hash = createHashId();
      const table = where === "fresh" ? "id_fresh" : "id_part";
      const key = where === "fresh" ? "first_seq" : "first_id";
      const wanted = hash("e321").slice();
      for (const row of sql.exec(`SELECT ${key} AS key, entries FROM ${table}`).toArray()) {
        const entries = new Uint8Array(row["entries"] as ArrayBuffer);
        for (let at = 0; at < entries.length; at += ENTRY_BYTES) {
          if (!wanted.every((byte, i) => entries[at + i] === byte)) continue;
          // Its neighbours stay in order: only the last byte is another.
          entries[at + wanted.length - 1] = (entries[at + wanted.length - 1] ?? 0) ^ 1;
          sql.exec(`UPDATE ${table} SET entries = ? WHERE ${key} = ?`, entries, row["key"]);
        }
      }
    });
    expect(await room.verify()).toMatchObject({ ok: false, seq: 321 });
  });

  it("takes another part of the log each night, and begins again at the end", async () => {
    await runInDurableObject(freshRoom(), (_: ProjectRoom, { storage: { sql } }) => {
      const nights: number[] = [];
      const to = 2.5 * AUDIT_IDS;
      for (let night = 0; night < 4; night += 1) {
        const turn = beginTurn(sql, to);
        expect(turn.left).toBe(AUDIT_IDS);
        nights.push(turn.seq);
        // As far as a night goes.
        const end = turn.seq + turn.left;
        sql.exec("INSERT OR REPLACE INTO id_check (one, seq) VALUES (1, ?)", end >= to ? end - to : end);
      }
      expect(nights).toEqual([0, AUDIT_IDS, 2 * AUDIT_IDS, AUDIT_IDS / 2]);
    });
  });
});
