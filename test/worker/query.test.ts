/** Questions and metrics over their routes: columns that the room keeps, after sleep, after destruction, and with hostile names. */
import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import type { NewEvent, StoredEvent } from "../../schema/event/event.ts";
import { MAX_SEGMENT_FIELDS } from "../../schema/column/segment.ts";
import type { CompareResponse, FieldsResponse, QueryResponse } from "../../schema/wire/query.ts";
import { compareResponse, fieldsResponse, queryResponse } from "../../schema/wire/query.ts";
import { SNAPSHOT_EVERY_EVENTS } from "../../worker/room/limits.ts";
import { append, event, freshRoom, own, readAll, type RoomStub } from "./prepared.ts";
import { parseExposition } from "../sample/exposition.ts";
import { asKey, asPerson, json, migrate, signUp, type Account } from "./server.ts";

const EVENTS = 2 * SNAPSHOT_EVERY_EVENTS + 1_234;
const START_MS = Date.parse("2026-10-01T00:00:00.000Z");
const MODELS = ["sonnet", "opus", "codex"];

let account: Account;
let room: RoomStub;
let stored: StoredEvent[];

function fields(n: number): Partial<NewEvent> {
  return {
    timestamp: new Date(START_MS + n * 1_000).toISOString(),
    event_type: n % 3 === 0 ? "tool_called" : "tokens_used",
    agent_id: `coder-${n % 9}`,
    task_id: `T-${Math.floor(n / 5)}`,
    metadata: { model: MODELS[n % MODELS.length] ?? "", "a.b": n % 2 === 0, __proto__x: `é ${n % 4}` },
    metrics: { duration_ms: (n * 7_919) % 60_000, cost_usd: (n % 50) / 1_000 },
  };
}

async function fill(target: RoomStub, from: number, to: number, each = fields): Promise<void> {
  for (let at = from; at < to; at += 1_000) {
    const batch = Array.from({ length: Math.min(1_000, to - at) }, (_, i) =>
      event(`e${at + i}`, each(at + i)),
    );
    await append(target, batch);
  }
}

const segments = (target: RoomStub) =>
  runInDurableObject(target, (_, { storage }) =>
    storage.sql
      .exec<{ count: number; last: number | null }>(
        "SELECT count(*) AS count, max(last_seq) AS last FROM segment",
      )
      .one(),
  );

async function ask(query: string): Promise<QueryResponse> {
  const reply = await asKey(account.keys.read, `/v1/query${query}`);
  const body = await reply.json();
  expect(reply.status, JSON.stringify(body)).toBe(200);
  return queryResponse.strict().parse(body);
}

const NO_COLUMNS = { fields: [], time: false, from: null, to: null, before: null };

const countBy = <T>(items: readonly T[], keyOf: (item: T) => unknown) =>
  new Map(
    [...Map.groupBy(items, (item) => JSON.stringify(keyOf(item)))].map(([key, all]) => [key, all.length]),
  );
const counts = ({ groups }: QueryResponse) =>
  new Map(groups.map(({ key, values }) => [JSON.stringify(key), values[0]]));

beforeAll(async () => {
  await migrate();
  account = await signUp("Questions");
  room = env.ROOM.get(env.ROOM.idFromName(account.project.id)) as unknown as RoomStub;
  await fill(room, 0, EVENTS);
  stored = (await readAll(room)).map((text) => JSON.parse(text) as StoredEvent);
});

describe("GET /v1/query", () => {
  it("groups the whole log, most of it from stored columns and the rest from memory", async () => {
    const found = await ask(
      "?group_by=metadata.model&calc=count&calc=p95:metrics.duration_ms&calc=sum:metrics.cost_usd",
    );
    expect(found).toMatchObject({
      seq: EVENTS,
      scanned: EVENTS,
      matched: EVENTS,
      truncated: false,
      group_count: 3,
    });
    expect(counts(found)).toEqual(countBy(stored, ({ metadata }) => [metadata?.model]));
    for (const { key, values } of found.groups) {
      const members = stored.filter(({ metadata }) => metadata?.model === key[0]);
      const sorted = members.map(({ metrics }) => metrics?.duration_ms ?? NaN).sort((a, b) => a - b);
      expect(values[1]).toBe(sorted[Math.ceil(sorted.length * 0.95) - 1]);
      expect(values[2]).toBeCloseTo(
        members.reduce((sum, { metrics }) => sum + (metrics?.cost_usd ?? NaN), 0),
        6,
      );
    }
    // The control: both are there.
    const { count, last } = await segments(room);
    expect(count).toBeGreaterThanOrEqual(2);
    expect(last).toBeLessThan(EVENTS);
  });

  it("filters and cuts by event time, to the millisecond", async () => {
    const from = START_MS + 3_333_000;
    const to = START_MS + 8_888_000;
    const found = await ask(
      `?from=${from}&to=${new Date(to).toISOString()}&where=event_type=tokens_used&where=metrics.duration_ms%3E30000&group_by=agent_id`,
    );
    const inside = stored.filter(
      ({ timestamp }) => Date.parse(timestamp) >= from && Date.parse(timestamp) <= to,
    );
    const wanted = inside.filter(
      ({ event_type, metrics }) => event_type === "tokens_used" && (metrics?.duration_ms ?? 0) > 30_000,
    );
    expect([found.scanned, found.matched]).toEqual([inside.length, wanted.length]);
    expect(counts(found)).toEqual(countBy(wanted, ({ agent_id }) => [agent_id]));
  });

  it("is the same by session, after the room slept, and where columns were never written", async () => {
    const query = "?group_by=task_id&order=key&limit=1000&step=1h";
    const { elapsed_ms: _, ...before } = await ask(query);
    const same = async () => {
      const { elapsed_ms: _, ...now } = await ask(query);
      expect(now).toEqual(before);
    };
    const reply = await asPerson(account.cookie, `/api/projects/${account.project.id}/query${query}`);
    expect(await reply.json()).toMatchObject(before);
    await evictDurableObject(room);
    await same();
    await runInDurableObject(room, (_, { storage }) => {
      storage.sql.exec("DELETE FROM segment");
      storage.sql.exec("DELETE FROM column_part");
    });
    await evictDurableObject(room);
    await same();
    expect((await segments(room)).count).toBeGreaterThan(0);
  });

  it("answers about the id, which no column keeps, from the log", async () => {
    const found = await ask("?where=id=e4321&group_by=task_id&group_by=id");
    expect(found.groups).toEqual([{ key: ["T-864", "e4321"], values: [1] }]);
    expect(found.truncated).toBe(false);
  });

  it("draws a heatmap of which every event is a part", async () => {
    const { heatmap, matched } = await ask(
      "?heatmap=metrics.duration_ms&x=10&y=5&where=event_type=tokens_used",
    );
    expect(heatmap?.x_edges.length).toBe(11);
    expect(
      (heatmap?.cells.reduce((sum, [, , count]) => sum + count, 0) ?? 0) + (heatmap?.left_out ?? 0),
    ).toBe(matched);
  });

  it.each([
    ["?group_by=metadata.modle", 'No event has a field "metadata.modle". Near it: metadata.model'],
    ["?group_by=model", "Near it: metadata.model"],
    ["?group_by=agent", "Near it: agent_id"],
    ["?groupby=agent_id", 'Unknown query parameter "groupby"'],
    ["?calc=p90:metrics.duration_ms", 'no calculation "p90"'],
    ["?calc=p95", "need one"],
    ["?where=metrics.duration_ms%3Elots", "compare with a number"],
    ["?from=yesterday", "from must be a time"],
    ["?order=-sum:metrics.cost_usd", "order must be"],
    ["?limit=100000", "At most 1000"],
    ["?step=1ms", "step must be a duration"],
    ["?where=%5B%22a%22%5D", "A filter in JSON"],
    ["?x=5", "belong to heatmap"],
    [`?${Array.from({ length: 17 }, () => "where=task_id").join("&")}`, "at most 16 filters"],
  ])("refuses %s and says what to do", async (query, says) => {
    const reply = await asKey(account.keys.read, `/v1/query${query}`);
    const { error } = await reply.json<{ error: { code: string; message: string } }>();
    expect([reply.status, error.code]).toEqual([400, "invalid_parameter"]);
    expect(error.message).toContain(says);
  });

  it("needs the read scope", async () => {
    for (const path of ["/v1/query", "/v1/query/compare?select=task_id", "/v1/query/fields"])
      expect((await asKey(account.keys.ingest, path)).status).toBe(403);
  });
});

describe("GET /v1/query/compare", () => {
  it("tells what a selection has in common", async () => {
    const reply = await asKey(
      account.keys.read,
      "/v1/query/compare?select=metadata.model=opus&where=task_id",
    );
    const found = compareResponse.strict().parse(await reply.json()) satisfies CompareResponse;
    const selected = stored.filter(({ metadata }) => metadata?.model === "opus");
    expect([found.selected, found.rest]).toEqual([selected.length, EVENTS - selected.length]);
    // n % 3 decides both, so the type follows the model.
    expect(found.differences[0]).toMatchObject({ field: "event_type", selected_share: 1 });
    expect(found.differences.some(({ field }) => field === "metadata.model")).toBe(false);
    expect(found.fields_left_out).toEqual(["task_id"]);
  });

  it("needs a selection", async () => {
    const reply = await asKey(account.keys.read, "/v1/query/compare");
    expect(await reply.text()).toContain("Say what is selected");
  });
});

it("GET /v1/query/fields lists what questions may name", async () => {
  const reply = await asKey(account.keys.read, "/v1/query/fields");
  const { fields, complete } = fieldsResponse.strict().parse(await reply.json()) satisfies FieldsResponse;
  expect(complete).toBe(true);
  for (const name of ["event_type", "time", "metadata.model", "metadata.a.b", "metrics.cost_usd"])
    expect(fields).toContain(name);
  expect(new Set(fields).size).toBe(fields.length);
});

describe("columns", () => {
  it("[P1] hold nothing of what was destroyed, and answers neither", async () => {
    const target = freshRoom();
    const secret = "the-name-of-the-acquisition";
    await fill(target, 0, 7_000, (n) => ({
      ...fields(n),
      ...(n === 2_000 ? { metadata: { title: secret } } : {}),
    }));
    const holds = () =>
      runInDurableObject(target, (_, { storage }) =>
        storage.sql
          .exec<{ bytes: ArrayBuffer }>("SELECT bytes FROM column_part")
          .toArray()
          .some(({ bytes }) => new TextDecoder("latin1").decode(bytes).includes(secret)),
      );
    // The control: it was there.
    expect(await holds()).toBe(true);
    await target.forget([2_001]);
    expect(await holds()).toBe(false);
    await append(target, [event("after", fields(7_000))]);
    expect(await holds()).toBe(false);
    const page = await target.readColumns(own, {
      fields: ["metadata.title"],
      time: false,
      from: null,
      to: null,
      before: null,
    });
    if (!page.ok) throw new Error(page.reason);
    expect(page.segments.reduce((sum, { events }) => sum + events, 0)).toBe(7_001);
    expect(page.segments.every(({ columns }) => columns[0] === null)).toBe(true);
  });

  it("stay bounded under thousands of names, and what they do not keep is read from the log", async () => {
    const flood = await signUp("Flood");
    const target = env.ROOM.get(env.ROOM.idFromName(flood.project.id)) as unknown as RoomStub;
    await fill(target, 0, SNAPSHOT_EVERY_EVENTS + 2_000, (n) => ({
      metadata: { [`key ${n}`]: n, ["__proto__"]: n % 2, shared: "x" },
    }));
    const rows = await runInDurableObject(target, (_, { storage }) =>
      storage.sql.exec<{ count: number }>("SELECT count(*) AS count FROM column_part").one(),
    );
    const { count } = await segments(target);
    expect(count).toBeGreaterThan(0);
    expect(rows.count).toBeLessThanOrEqual(count * (MAX_SEGMENT_FIELDS + 16));
    const query = encodeURIComponent(JSON.stringify(["metadata.key 4567", "exists"]));
    const reply = await asKey(flood.keys.read, `/v1/query?where=${query}&group_by=metadata.shared`);
    const found = queryResponse.parse(await reply.json());
    expect(found).toMatchObject({ matched: 1, truncated: false, groups: [{ key: ["x"], values: [1] }] });
  });

  it("take every name for a name, however hostile, from columns and from memory", async () => {
    const hostile = await signUp("Names");
    const target = env.ROOM.get(env.ROOM.idFromName(hostile.project.id)) as unknown as RoomStub;
    const names = [
      "",
      " ",
      "__proto__",
      "constructor",
      "hasOwnProperty",
      "a\0b",
      "a\0c",
      "%",
      "_",
      "$[0].a",
      "é😀",
      "\u{10ffff}",
      "x\"'; DROP TABLE log; --",
      "metadata.metadata.",
    ];
    const metadata = JSON.parse(
      `{${names.map((name) => `${JSON.stringify(name)}:${JSON.stringify(`of ${name}`)}`).join()}}`,
    ) as Record<string, string>;
    for (const total of [10, SNAPSHOT_EVERY_EVENTS + 10]) {
      const { head_seq } = await target.readColumns(own, NO_COLUMNS).then((page) => {
        if (!page.ok) throw new Error(page.reason);
        return page;
      });
      await fill(target, head_seq, total, () => ({ metadata }));
      const listed = await asKey(hostile.keys.read, "/v1/query/fields");
      const { fields: known } = fieldsResponse.parse(await listed.json());
      expect(names.filter((name) => !known.includes(`metadata.${name}`))).toEqual([]);
      for (const name of names) {
        const query = new URLSearchParams({ group_by: `metadata.${name}` });
        query.append("where", JSON.stringify([`metadata.${name}`, "eq", `of ${name}`]));
        const reply = await asKey(hostile.keys.read, `/v1/query?${query.toString()}`);
        const found = queryResponse.parse(await reply.json());
        expect(found).toMatchObject({
          matched: total,
          truncated: false,
          groups: [{ key: [`of ${name}`], values: [total] }],
        });
      }
    }
    // The control: most came from stored columns.
    expect((await segments(target)).count).toBeGreaterThan(0);
    expect(await target.verify()).toMatchObject({ ok: true });
  });

  it("follow each other without a gap, whatever the commits were", async () => {
    const rows = await runInDurableObject(room, (_, { storage }) =>
      storage.sql
        .exec<{ first_seq: number; last_seq: number }>(
          "SELECT first_seq, last_seq FROM segment ORDER BY first_seq",
        )
        .toArray(),
    );
    let next = 1;
    for (const { first_seq, last_seq } of rows) {
      expect(first_seq).toBe(next);
      next = last_seq + 1;
    }
  });
});

describe("GET /v1/metrics", () => {
  async function metrics(key: string) {
    const reply = await asKey(key, "/v1/metrics", { headers: { Accept: "text/plain" } });
    expect(reply.status).toBe(200);
    expect(reply.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
    const families = parseExposition(await reply.text());
    return (name: string, labels: Record<string, string> = {}) =>
      families.get(name)?.samples.find((sample) => JSON.stringify(sample.labels) === JSON.stringify(labels))
        ?.value;
  }

  it("counts the log for whoever may read it, and the room for the scope admin alone", async () => {
    const reader = await metrics(account.keys.read);
    const wanted = stored.filter(({ event_type }) => event_type === "tokens_used").length;
    expect(reader("clusterfork_events_total", { event_type: "tokens_used" })).toBe(wanted);
    expect(reader("clusterfork_model_calls_total", { cost: "reported" })).toBe(wanted);
    expect(reader("clusterfork_room_sockets")).toBe(undefined);
    const made = await asPerson(
      account.cookie,
      "/api/keys",
      json("POST", { project: account.project.id, name: "prometheus", scopes: ["admin"] }),
    );
    const { secret } = await made.json<{ secret: string }>();
    const before = await metrics(secret);
    const sent = {
      event_type: "task_started",
      agent_id: "a",
      id: "metrics-1",
      timestamp: "2026-11-01T00:00:00Z",
    };
    for (let i = 0; i < 2; i += 1) await asKey(account.keys.ingest, "/v1/events", json("POST", sent));
    const after = await metrics(secret);
    const grew = (name: string, labels?: Record<string, string>) =>
      (after(name, labels) ?? NaN) - (before(name, labels) ?? NaN);
    expect(grew("clusterfork_room_append_requests_total")).toBe(2);
    expect(grew("clusterfork_room_appended_events_total", { result: "accepted" })).toBe(1);
    expect(grew("clusterfork_room_appended_events_total", { result: "duplicate" })).toBe(1);
    expect(grew("clusterfork_room_commits_total", { result: "stored" })).toBe(2);
    expect(grew("clusterfork_log_head_seq")).toBe(1);
    expect(after("clusterfork_room_sockets")).toBe(0);
    expect(after("clusterfork_room_database_bytes")).toBeGreaterThan(0);
    expect(after("clusterfork_room_drain_lag_events")).toBeGreaterThan(0);
  });
});
