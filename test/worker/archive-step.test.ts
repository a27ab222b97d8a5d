/** One step of the drain: whatever it is about, it must be a fold from zero, and no larger than D1 and an isolate take. */
import { runDurableObjectAlarm } from "cloudflare:test";
import { env } from "cloudflare:workers";
import fc from "fast-check";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import type { StoredEvent } from "../../schema/event/event.ts";
import { parseEvent } from "../../schema/event/parse.ts";
import { MAX_DEPENDENCIES, MAX_FILES } from "../../schema/state/limits.ts";
import { GROUPINGS, measure, type Ask, type Known, type Measures } from "../../schema/metric/measure.ts";
import { knownOf } from "../../schema/metric/source.ts";
import { Tally } from "../../schema/metric/tally.ts";
import { snapToHour } from "../../schema/metric/window.ts";
import { Archive } from "../../worker/archive/archive.ts";
import { FIRST_DAY_KEY } from "../../worker/archive/days.ts";
import { gunzip } from "../../worker/archive/gzip.ts";
import { HOUR_MS } from "../../worker/archive/hours.ts";
import { measureArchived } from "../../worker/archive/query-measure.ts";
import { HourTally } from "../../worker/archive/tally.ts";
import { MAX_STEP_LENGTH } from "../../worker/archive/limits.ts";
import { DRAIN_BYTES, DRAIN_DELAY_MS } from "../../worker/room/limits.ts";
import { hostileLog } from "../replay/hostile-events.ts";
import { REACHES } from "../sample/reaches.ts";
import { foldWhole, textsOf } from "../sample/whole-fold.ts";
import { append, event, freshRoom, readAll, type RoomStub } from "./prepared.ts";
import { migrate } from "./server.ts";

beforeAll(migrate);
afterEach(() => {
  vi.useRealTimers();
});

async function rows(table: string, project: string): Promise<Record<string, string>> {
  const found = await env.DB.prepare(`SELECT id, row FROM ${table} WHERE project_id = ?`)
    .bind(project)
    .all<{ id: string; row: string }>();
  return Object.fromEntries(found.results.map(({ id, row }) => [id, row]));
}

async function expectWhole(project: string, events: readonly StoredEvent[]): Promise<void> {
  const whole = foldWhole(events);
  for (const [table, entities] of [
    ["archive_task", whole.tasks],
    ["archive_feature", whole.features],
    ["archive_agent", whole.agents],
  ] as const) {
    const stored = await rows(table, project);
    const expected = textsOf(entities);
    expect(
      Object.keys(expected).filter((id) => stored[id] !== expected[id]),
      table,
    ).toEqual([]);
    expect(Object.keys(stored).length, table).toBe(entities.size);
  }
}

/** Writes a log in slices; what a step leaves over comes with the next. */
async function drained(
  db: D1Database,
  events: readonly StoredEvent[],
  sizes: readonly number[],
): Promise<string> {
  const project = `p${crypto.randomUUID()}`;
  const archive = new Archive(db, project);
  const texts = events.map((one) => JSON.stringify(one));
  let cursor = await archive.cursor();
  for (let nth = 0; cursor.seq < texts.length; nth += 1) {
    const slice: string[] = [];
    let bytes = 0;
    for (const text of texts.slice(cursor.seq, cursor.seq + (sizes[nth % sizes.length] ?? 1))) {
      bytes += new TextEncoder().encode(text).length;
      // As the room cuts.
      if (slice.length > 0 && bytes > DRAIN_BYTES) break;
      slice.push(text);
    }
    const next = await archive.write(cursor, { texts: slice, head: "" });
    expect(next.seq).toBeGreaterThan(cursor.seq);
    cursor = next;
  }
  return project;
}

const YEAR_MS = 2 * 365 * 86_400_000;

/** Sums of the same numbers in another order differ in their last digits. */
function rounded(measures: Measures): unknown {
  return JSON.parse(
    JSON.stringify(measures, (_key, value: unknown) =>
      typeof value === "number" && !Number.isInteger(value) ? Number(value.toPrecision(9)) : value,
    ),
  );
}

/** An id that an envelope may carry. */
const plain = (id: string) =>
  id
    .toWellFormed()
    .replace(/\p{Cc}/gu, "_")
    .slice(0, 64) || "_";

/** Only what intake lets through is ever stored. */
function storable(log: readonly StoredEvent[]): StoredEvent[] {
  return log
    .flatMap(({ timestamp, event_type, agent_id, received_at, ...rest }) => {
      const { agent_role, task_id, feature_id, metadata = {}, metrics = {} } = rest;
      const given = Object.entries({ agent_role, task_id, feature_id }).flatMap(([key, value]) =>
        value === undefined ? [] : [[key, plain(value)]],
      );
      const finite = Object.entries(metrics).filter(([, value]) => Number.isFinite(value) && value >= 0);
      const core = { timestamp, event_type, agent_id: plain(agent_id), ...Object.fromEntries(given) };
      // An odd field loses itself, not the event.
      const parts = Object.entries(metadata).filter(
        ([key, value]) => parseEvent({ ...core, metadata: { [key]: value } }, { internal: true }).ok,
      );
      const parsed = parseEvent(
        { ...core, metadata: Object.fromEntries(parts), metrics: Object.fromEntries(finite) },
        { internal: true },
      );
      return parsed.ok ? [{ ...parsed.event, received_at }] : [];
    })
    .map((one, index) => ({ ...one, id: `e${index}`, source: "api", key_id: "k", v: 1, seq: index + 1 }));
}

describe("steps of any size", () => {
  it("[B2] leave in D1 what one fold from zero gives, for hostile logs", { timeout: 60_000 }, async () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 5 });
    let folded = 0;
    await fc.assert(
      fc.asyncProperty(hostileLog, sizes, async (hostile, cuts) => {
        const events = storable(hostile);
        folded += events.length;
        await expectWhole(await drained(env.DB, events, cuts), events);
      }),
      { numRuns: 60 },
    );
    // The control: intake did not refuse them all. What is drawn differs from run to run.
    expect(folded).toBeGreaterThan(300);
  });

  it("[B2] measure what one fold from zero measures, for hostile logs", { timeout: 60_000 }, async () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 5 });
    const grouping = fc.constantFrom(undefined, ...GROUPINGS);
    // In it every merge is too young to say; in the other none is.
    const later = fc.constantFrom(0, YEAR_MS);
    let known = 0;
    await fc.assert(
      fc.asyncProperty(hostileLog, sizes, grouping, later, async (hostile, cuts, by, later_ms) => {
        const events = storable(hostile);
        const project = await drained(env.DB, events, cuts);
        const tally = new Tally();
        const { state } = foldWhole(events, tally);
        const ask: Ask = { now_ms: state.time + later_ms, window: "all", by };
        const { seq, ...archived } = await measureArchived(env.DB, project, ask);
        // What was learned of like work is the room's alone.
        const live = measure({ ...knownOf(state, tally), learned: undefined }, ask);
        expect(seq).toBe(events.length);
        expect(rounded(archived)).toEqual(rounded(live));
        known += live.rows.filter(({ value }) => value !== null).length;
      }),
      { numRuns: 60 },
    );
    // The control: there was something to measure.
    expect(known).toBeGreaterThan(100);
  });

  it("[B2] measure any window by days and hours as by hours alone", { timeout: 60_000 }, async () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 5 });
    // Days about the log's end, in minutes: within a day, and a week or a month of them.
    const minutes = fc.integer({ min: -50_000, max: 50_000 });
    const grouping = fc.constantFrom(undefined, ...GROUPINGS);
    let known = 0;
    await fc.assert(
      fc.asyncProperty(hostileLog, sizes, grouping, minutes, minutes, minutes, async (...drawn) => {
        const [hostile, cuts, by, now, one, other] = drawn;
        const events = storable(hostile);
        const project = await drained(env.DB, events, cuts);
        const hours = new HourTally();
        const whole = foldWhole(events, hours);
        const at = (n: number) => whole.state.time + n * 60_000;
        const window = { from: at(Math.min(one, other)), to: at(Math.max(one, other) + 1) };
        const known_of: Known = {
          slots: Array.from(hours.hours, ([hour, cells]) => ({
            start_ms: hour * HOUR_MS,
            span_ms: HOUR_MS,
            cells,
          })),
          tasks: [...whole.tasks.values()],
          features: [...whole.features.values()],
          snap: snapToHour,
          first_ms: whole.state.counters.first_time,
        };
        const ask: Ask = { now_ms: at(now), window, by };
        const expected = measure(known_of, ask);
        const { seq: _seq, ...archived } = await measureArchived(env.DB, project, ask);
        expect(rounded(archived)).toEqual(rounded(expected));
        known += expected.rows.filter(({ value }) => value !== null).length;
      }),
      { numRuns: 60 },
    );
    expect(known).toBeGreaterThan(50);
  });

  it("make whole days of hours from before there were days", async () => {
    const log = Array.from({ length: 60 }, (_, n): StoredEvent => ({
      seq: n + 1,
      id: `e${n}`,
      timestamp: new Date(Date.UTC(2026, 0, 5) + n * 3_000_000).toISOString(),
      received_at: new Date(Date.UTC(2026, 0, 9)).toISOString(),
      event_type: "tokens_used",
      agent_id: "a",
      metrics: { cost_usd: 1 },
      source: "api",
      key_id: "k",
      v: 1,
    }));
    const project = await drained(env.DB, log.slice(0, 20), [7]);
    await env.DB.prepare("DELETE FROM archive_tally WHERE project_id = ? AND hour >= ?")
      .bind(project, FIRST_DAY_KEY)
      .run();
    const ask: Ask = { now_ms: Date.UTC(2026, 0, 9), window: "all", metrics: ["cost"] };
    for (const by of [undefined, "feature"] as const)
      expect((await measureArchived(env.DB, project, { ...ask, by })).rows).toMatchObject([
        { value: 20, n: 20 },
      ]);
    const archive = new Archive(env.DB, project);
    await archive.write(await archive.cursor(), {
      texts: log.slice(20).map((one) => JSON.stringify(one)),
      head: "",
    });
    expect((await measureArchived(env.DB, project, ask)).rows).toMatchObject([{ value: 60, n: 60 }]);
    expect((await measureArchived(env.DB, project, { ...ask, by: "feature" })).rows).toMatchObject([
      { group: null, value: 60, n: 60 },
    ]);
    const { results } = await env.DB.prepare(
      "SELECT count(*) AS days FROM archive_tally WHERE project_id = ? AND hour >= ?",
    )
      .bind(project, FIRST_DAY_KEY)
      .all<{ days: number }>();
    // By who, and by what.
    expect(results).toEqual([{ days: 6 }]);
  });

  it.each(REACHES)("reach %s", async (_what, events) => {
    await expectWhole(await drained(env.DB, events, [1]), events);
  });
});

/** D1 that notes what it is sent: the limits are of Cloudflare's D1, and the local one knows few of them. */
function noting(seen: { parameter_bytes: number; message_bytes: number; reply_length: number }): D1Database {
  const sizes = new WeakMap<D1PreparedStatement, number>();
  const bytesOf = (value: unknown) =>
    typeof value === "string"
      ? new TextEncoder().encode(value).length
      : value instanceof ArrayBuffer
        ? value.byteLength
        : 8;
  const noted = (statement: D1PreparedStatement): D1PreparedStatement =>
    new Proxy(statement, {
      get(target, name) {
        if (name === "bind") {
          return (...values: unknown[]) => {
            const bound = target.bind(...values);
            const each = values.map(bytesOf);
            seen.parameter_bytes = Math.max(seen.parameter_bytes, ...each);
            sizes.set(
              bound,
              each.reduce((sum, n) => sum + n, 0),
            );
            return bound;
          };
        }
        const member: unknown = Reflect.get(target, name);
        return typeof member === "function" ? member.bind(target) : member;
      },
    });
  return new Proxy(env.DB, {
    get(target, name) {
      if (name === "prepare") return (query: string) => noted(target.prepare(query));
      if (name === "batch") {
        return async (statements: D1PreparedStatement[]) => {
          const bytes = statements.reduce((sum, statement) => sum + (sizes.get(statement) ?? 0), 0);
          seen.message_bytes = Math.max(seen.message_bytes, bytes);
          const reply = await target.batch<{ row?: string }>(statements);
          const length = reply
            .flatMap(({ results }) => results)
            .reduce((sum, { row }) => sum + (row?.length ?? 0), 0);
          seen.reply_length = Math.max(seen.reply_length, length);
          return reply;
        };
      }
      const member: unknown = Reflect.get(target, name);
      return typeof member === "function" ? member.bind(target) : member;
    },
  });
}

const TASKS = 90;
/** As long in a row as intake allows: plain, doubled by each level of JSON, and six units for one. */
const FILLERS = ["x", '"', "\u0001"];
const LARGE: ((n: number) => Partial<StoredEvent>)[] = [
  (n) => ({
    event_type: "task_created",
    metadata: {
      title: "t".repeat(300),
      dependencies: Array.from({ length: MAX_DEPENDENCIES }, (_, i) => `${n}-${i}-`.padEnd(256, "d")),
    },
  }),
  ...Array.from({ length: 5 }, (_, part) => (n: number) => ({
    event_type: "task_progress",
    metadata: {
      files: Array.from({ length: MAX_FILES / 5 }, (_, i) =>
        `${n}-${part}-${i}-`.padEnd(1_024, FILLERS[n % FILLERS.length]),
      ),
    },
  })),
];
const large = (n: number) =>
  LARGE.map((make, part) =>
    event(`large-${n}-${part}`, { task_id: `T${n}`, feature_id: `F${n}`, ...make(n) }),
  );

async function stored(room: RoomStub): Promise<StoredEvent[]> {
  return (await readAll(room)).map((text) => JSON.parse(text) as StoredEvent);
}

describe("a step about rows as large as rows can be", { timeout: 60_000 }, () => {
  it("takes only what an isolate and D1 can hold, and goes on inside a commit", async () => {
    const room = freshRoom();
    const project = room.id.name ?? "";
    for (let n = 0; n < TASKS; n += 2) await append(room, [...large(n), ...large(n + 1)]);
    // One commit of small events about all of them: far too much for one step.
    const touch = Array.from({ length: TASKS }, (_, n) => event(`touch-${n}`, { task_id: `T${n}` }));
    await append(room, touch);
    const head = touch.length + TASKS * LARGE.length;
    const cursor = async () => (await new Archive(env.DB, project).cursor()).seq;
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + DRAIN_DELAY_MS });
    await runDurableObjectAlarm(room);
    await vi.waitFor(async () => expect(await cursor()).toBe(head), { timeout: 40_000 });
    vi.useRealTimers();

    const events = await stored(room);
    await expectWhole(project, events);
    const longest = Math.max(
      ...Object.values(await rows("archive_task", project)).map(({ length }) => length),
    );
    // The control: they are large.
    expect(longest).toBeGreaterThan(300_000);
    const segments = await env.DB.prepare(
      "SELECT first_seq, last_seq, head, events FROM archive_segment WHERE project_id = ? ORDER BY first_seq",
    )
      .bind(project)
      .all<{ first_seq: number; last_seq: number; head: string; events: number[] }>();
    expect(segments.results.some(({ head }) => head === "")).toBe(true);
    const lines: string[] = [];
    for (const segment of segments.results) {
      expect(segment.first_seq).toBe(lines.length + 1);
      lines.push(...(await gunzip(segment.events)).split("\n"));
      expect(segment.last_seq).toBe(lines.length);
    }
    expect(lines).toEqual(events.map((one) => JSON.stringify(one)));

    // The same log again, with a look at what D1 is sent.
    const seen = { parameter_bytes: 0, message_bytes: 0, reply_length: 0 };
    await expectWhole(await drained(noting(seen), events, [4_000]), events);
    console.info(`[measured] longest row ${longest}, ${JSON.stringify(seen)}`);
    expect(seen.parameter_bytes).toBeLessThan(2_000_000);
    expect(seen.message_bytes).toBeLessThan(32 * 1024 * 1024);
    expect(seen.reply_length).toBeLessThan(MAX_STEP_LENGTH + 1_000_000);
  });
});
