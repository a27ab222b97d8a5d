/** What the book reads for one deed, counted: it grows with what is touched, never with its square. */
import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, it, vi } from "vitest";
import { noteChanged } from "../../worker/learning/book/effect-rows.ts";
import { learn } from "../../worker/learning/book/kept.ts";
import { TOLD_AT_ONCE } from "../../worker/learning/book/limits.ts";
import { tellStale } from "../../worker/learning/book/look.ts";
import { purge } from "../../worker/learning/book/purge.ts";
import type { Saying } from "../../worker/learning/book/saying.ts";
import { Shelf } from "../../worker/learning/book/shelf.ts";
import { migrate } from "../../worker/learning/book/tables.ts";

/** The tables of a book that nobody else opens. */
const inBook = (name: string, act: (sql: SqlStorage) => void): Promise<void> =>
  runInDurableObject(env.LESSON_BOOK.get(env.LESSON_BOOK.idFromName(name)), (_, { storage }) => {
    migrate(storage);
    storage.transactionSync(() => {
      act(storage.sql);
    });
  });

interface Counting {
  sql: SqlStorage;
  /** Of a column, how many values were read. */
  read: (column: string) => number;
  statements: readonly string[];
}

/** The same storage, and what was asked of it. */
function counting(sql: SqlStorage): Counting {
  const statements: string[] = [];
  const read = new Map<string, number>();
  const exec = (statement: string, ...values: unknown[]) => {
    statements.push(statement);
    const rows = sql.exec(statement, ...values).toArray();
    for (const row of rows)
      for (const [column, value] of Object.entries(row))
        if (value !== null) read.set(column, (read.get(column) ?? 0) + 1);
    return { toArray: () => rows, one: () => rows[0], [Symbol.iterator]: () => rows[Symbol.iterator]() };
  };
  return { sql: { exec } as unknown as SqlStorage, statements, read: (column) => read.get(column) ?? 0 };
}

const saying = (seq: number, key_id: string, headline: string): Saying => ({
  ...{ headline, explanation: null, context: null, category: "pattern", tags: [], importance: 0.5 },
  ...{ confidence: null, source_task: null, source_feature: null, evidence: [], wants_team: false },
  ...{ flags: [], is_unvouched: false, kind: "key", by: "coder-a", key_id, seq, at: seq },
});

it("purge looks at each saying once, and reads the words of those alone that it leaves of what it touches", async () => {
  await inBook("purge", (sql) => {
    const shelf = new Shelf(sql);
    const [lessons, times] = [40, 5];
    // The first half is said by both keys, the rest by the other one alone.
    for (let n = 0; n < lessons; n++) {
      const said = (time: number, key: string) => saying(1 + n * times + time, key, `Lesson ${String(n)}`);
      const pk = shelf.add(learn("p", `l${String(n)}`, said(0, "good")));
      for (let time = 0; time < times; time++) {
        const key = n < lessons / 2 && time === 2 ? "bad" : "good";
        shelf.say(pk, said(time, key), [key], time === 0);
      }
    }
    const counted = counting(sql);
    const parse = vi.spyOn(JSON, "parse");
    const destroyed = purge(counted.sql, shelf, "p", { key_id: "bad" });
    const parsed = parse.mock.calls.length;
    parse.mockRestore();
    expect(destroyed).toEqual([]);
    const left = (lessons / 2) * (times - 1);
    expect(counted.read("says")).toBe(left);
    // The keys of each, the words that are left, and each touched lesson as it stands.
    expect(parsed).toBeLessThanOrEqual(lessons * times + left + lessons / 2);
    // The control: it did take them out, and says what is left.
    expect(sql.exec("SELECT pk FROM origin WHERE key_id = 'bad'").toArray()).toEqual([]);
    expect(shelf.at(1)?.kept).toMatchObject({ times: times - 1, provenance: { seqs: [1, 2, 4, 5] } });
    expect(sql.exec("SELECT seq FROM origin WHERE pk = 1 AND stands = 1").toArray()).toEqual([{ seq: 5 }]);
    expect(shelf.at(lessons)?.kept.times).toBe(1);
  });
});

it("a turn of telling reads of each lesson that it tells what was told before, and of no other", async () => {
  await inBook("telling", (sql) => {
    const end = JSON.stringify({ success: true, cycles: null, tokens: null, work_ms: null });
    sql.exec(
      `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1)
       INSERT INTO delivery (project, task, pk, is_withheld, at_ms, share, outcome)
       SELECT 'p', 't-' || i, pk, i % 5 = 0, i, 0.2, ?2 FROM n, (SELECT 1 AS pk UNION SELECT 2 UNION SELECT 3 UNION SELECT 4)`,
      ...[TOLD_AT_ONCE / 2, end],
    );
    for (const pk of [1, 2, 3, 4]) noteChanged(sql, "p", pk);
    while (tellStale(sql, "p") > 0);
    sql.exec("UPDATE effect SET is_stale = 1");
    const first = counting(sql);
    // All together, which drew nothing here, and two lessons are as much as one turn tells.
    expect(tellStale(first.sql, "p")).toBe(2);
    expect(first.read("told")).toBe(3);
    const second = counting(sql);
    expect(tellStale(second.sql, "p")).toBe(0);
    expect(second.read("told")).toBe(2);
  });
});

it("destroys a lesson without a scan of any table", async () => {
  await inBook("destroying", (sql) => {
    const { sql: counted, statements } = counting(sql);
    new Shelf(counted).destroy(1);
    const scans = statements.flatMap((statement) => {
      const values = [...statement.matchAll(/\?/g)].map(() => 1);
      const plan = sql.exec<{ detail: string }>(`EXPLAIN QUERY PLAN ${statement}`, ...values).toArray();
      return plan.filter(({ detail }) => detail.startsWith("SCAN")).map(() => statement);
    });
    expect(scans).toEqual([]);
    expect(statements).toContain("DELETE FROM delivery WHERE pk = ?");
  });
});
