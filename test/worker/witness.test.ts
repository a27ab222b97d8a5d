/** Forgetting leaves a witness in the log, and a blank without one is tampering (L5): in the room's own SQLite. */
import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import { MAX_WITNESS_RANGES, NO_WITNESS } from "../../schema/event/witness.ts";
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
