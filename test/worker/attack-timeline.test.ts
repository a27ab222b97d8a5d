/** A model of the timeline: whatever was written and forgotten in memory, it answers as if all had stayed in memory. */
import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import fc from "fast-check";
import { expect, it } from "vitest";
import type { StoredEvent } from "../../schema/event/event.ts";
import { lastTraced, seqAt, timeline, Trace, writeBlocks } from "../../worker/room/timeline.ts";

const eventOf = (own: boolean, ms: number): StoredEvent => ({
  ...{ id: "x", seq: 1, v: 2, event_type: own ? "alert_raised" : "task_failed", source: "api", key_id: "k" },
  ...{ agent_id: own ? "clusterfork:alerts" : "coder" },
  ...{ timestamp: new Date(ms).toISOString(), received_at: new Date(ms).toISOString() },
});

const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ is: fc.constantFrom("own", "work", "gone"), ms: fc.integer({ min: 1, max: 60 }) }),
  },
  { weight: 2, arbitrary: fc.constant({ is: "write" as const, ms: 0 }) },
  { weight: 1, arbitrary: fc.constant({ is: "wake" as const, ms: 0 }) },
);

const inTables = (act: (sql: SqlStorage) => void): Promise<void> =>
  runInDurableObject(env.ROOM.get(env.ROOM.idFromName("p000000000000001")), (_, { storage: { sql } }) => {
    sql.exec("DROP TABLE IF EXISTS timeline");
    sql.exec(
      "CREATE TABLE timeline (last_seq INTEGER PRIMARY KEY, first_seq INTEGER NOT NULL, first_time INTEGER NOT NULL, last_time INTEGER NOT NULL, times BLOB NOT NULL, marks BLOB NOT NULL)",
    );
    act(sql);
  });

/** Red: a block that begins with what was forgotten before any work is left out whole, up to 5,000 events of it. */
it("begins at the first moment that is known, also where the log's first event was forgotten", () =>
  inTables((sql) => {
    const trace = new Trace({ seq: 0, last_ms: 0 });
    trace.note(1, 0, null);
    trace.note(2, 10, eventOf(false, 10));
    trace.note(3, 20, eventOf(false, 20));
    expect(timeline(sql, trace, 2)).toMatchObject({ from: 10, to: 20 });
    writeBlocks(sql, trace);
    const next = new Trace({ seq: 3, last_ms: 20 });
    next.note(4, 30, eventOf(false, 30));
    expect(timeline(sql, next, 2)).toMatchObject({ from: 10, to: 30, seqs: [3, 4] });
  }));

it("[S1] says the same whenever it was written away, and by a room that slept", () =>
  inTables((sql) => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        sql.exec("DELETE FROM timeline");
        const whole = new Trace({ seq: 0, last_ms: 0 });
        let trace = new Trace(lastTraced(sql));
        let [seq, clock] = [0, 0];
        const noted: [number, number, StoredEvent | null][] = [];
        for (const { is, ms } of steps) {
          if (is === "write") {
            writeBlocks(sql, trace);
            trace = new Trace({ seq, last_ms: trace.last_ms });
          } else if (is === "wake") {
            trace = new Trace(lastTraced(sql));
            for (const one of noted) trace.note(...one);
          } else {
            // What was forgotten before any work is the other test's.
            if (is === "gone" && clock === 0) continue;
            seq += 1;
            if (is !== "own") clock = Math.max(clock, is === "gone" ? clock : ms);
            const event = is === "gone" ? null : eventOf(is === "own", ms);
            noted.push([seq, clock, event]);
            trace.note(seq, clock, event);
            whole.note(seq, clock, event);
          }
          const count = (at: number) => whole.times.filter((time) => time <= at).length;
          for (const at of [0, 1, 7, 13, 30, 59, 61])
            expect([at, seqAt(sql, trace, at)]).toEqual([at, count(at)]);
          const told = timeline(sql, trace, 5);
          if (told.from === null || told.to === null) continue;
          expect(told.to).toBe(whole.times.at(-1));
          expect(told.seqs.at(-1)).toBe(seq);
          expect(told.from).toBe(whole.times.find((time) => time > 0));
          const { from, to } = { from: told.from, to: told.to };
          expect(told.seqs).toEqual(
            [1, 2, 3, 4, 5].map((n) => count(n === 5 ? to : Math.floor(from + ((to - from) * n) / 5))),
          );
          expect(told.marks.reduce((sum, mark) => sum + mark.count, 0)).toBe(whole.marks.length);
        }
      }),
      { numRuns: 1_500 },
    );
  }));
