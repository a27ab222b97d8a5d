/** `POST /v1/events` and `GET /v1/events` end to end: what is stored, what is refused, and how it is said. */
import { Unpacking } from "../../schema/state/unpack.ts";
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import type {
  AgentsResponse,
  AppendResponse,
  EventsPage,
  FeatureResponse,
  FeaturesResponse,
  StateResponse,
  TasksResponse,
} from "../../schema/wire/http.ts";
import { canonicalJson } from "../../worker/intake/canonical.ts";
import { append, event as prepared, type RoomStub } from "./prepared.ts";
import { asKey, asPerson, call, event, json, migrate, signUp, type Account, type Init } from "./server.ts";

let team: Account;
beforeAll(async () => {
  await migrate();
  team = await signUp("Events");
});

type Refused = AppendResponse & { error: { code: string; message: string; details?: unknown } };

const send = (body: unknown, account = team) => asKey(account.keys.ingest, "/v1/events", json("POST", body));
const sendText = (body: BodyInit, headers: Record<string, string> = {}) =>
  asKey(team.keys.ingest, "/v1/events", {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body,
  });
const read = async (path: string, account = team) => {
  const reply = await asKey(account.keys.read, path);
  expect(reply.status).toBe(200);
  return reply.json<EventsPage>();
};

const deep = (levels: number) => `${"[".repeat(levels)}${"]".repeat(levels)}`;
const whole = (part: string) =>
  `{"timestamp":"2026-01-01T00:00:00Z","event_type":"task_started","agent_id":"a",${part}}`;
/** Of NDJSON, which workerd's own text() warns about. */
const textOf = async (reply: Response) => new TextDecoder().decode(await reply.arrayBuffer());

async function gzip(text: ReadableStream<Uint8Array> | string): Promise<ArrayBuffer> {
  const source = typeof text === "string" ? new Response(text).body : text;
  return new Response(source?.pipeThrough(new CompressionStream("gzip"))).arrayBuffer();
}

/** What a dashboard makes of the state's lines. */
function unpacked(text: string): unknown {
  const unpacking = new Unpacking();
  for (const line of text.trimEnd().split("\n")) expect(unpacking.line(line)).toBe(true);
  return unpacking.whole;
}

describe("sign up, send, read back", () => {
  it("takes one event, an array, {events}, NDJSON and gzip, and gives them back in order", async () => {
    const account = await signUp("Forms");
    const ids = ["one", "two", "three", "four", "five"];
    const [one, two, three, four, five] = ids.map((id) => event({ id, metadata: { note: `note ${id}` } }));
    const post = (init: Init) => asKey(account.keys.ingest, "/v1/events", init);
    const replies = [
      await post(json("POST", one)),
      await post(json("POST", [two])),
      await post(json("POST", { events: [three] })),
      await post({
        method: "POST",
        headers: { "content-type": "application/x-ndjson" },
        body: `${JSON.stringify(four)}\n\n`,
      }),
      await post({
        method: "POST",
        headers: { "content-type": "application/json", "content-encoding": "gzip" },
        body: await gzip(JSON.stringify(five)),
      }),
    ];
    for (const [index, reply] of replies.entries()) {
      expect(reply.status).toBe(200);
      expect(await reply.json()).toEqual({
        accepted: 1,
        duplicates: 0,
        first_seq: index + 1,
        last_seq: index + 1,
      });
    }
    const page = await read("/v1/events", account);
    expect(page.events.map((stored) => [stored.seq, stored.id])).toEqual(
      ids.map((id, index) => [index + 1, id]),
    );
    expect(page.events[0]).toMatchObject({ source: "api", v: 2, metadata: { note: "note one" } });
    expect(page).toMatchObject({
      next: null,
      head: { seq: 5, hash: expect.stringMatching(/^[0-9a-f]{64}$/) },
    });

    const dashboard = await asPerson(account.cookie, `/api/projects/${account.project.id}/events`);
    expect(await dashboard.json()).toEqual(page);
    const state = await (await asKey(account.keys.read, "/v1/state")).json<StateResponse>();
    expect(state).toMatchObject({ seq: 5, state: { counters: { events: 5 } } });
  });

  it("notes the source that the sender names, and refuses one that is no name", async () => {
    const named = await asKey(team.keys.ingest, "/v1/events?", {
      ...json("POST", event({ id: "sourced" })),
      headers: { "content-type": "application/json", "clusterfork-source": "beads" },
    });
    expect(named.status).toBe(200);
    const { events } = await read("/v1/events");
    expect(events.find((stored) => stored.id === "sourced")).toMatchObject({ source: "beads" });
    const wrong = await sendText(JSON.stringify(event({})), { "clusterfork-source": "Not A Name" });
    expect(wrong.status).toBe(400);
    expect(await wrong.json()).toMatchObject({ error: { code: "invalid_parameter" } });
    // [T5] what Clusterfork itself decided has this source.
    const own = await sendText(JSON.stringify(event({})), { "clusterfork-source": "clusterfork" });
    expect(own.status).toBe(400);
  });

  it("[L2] counts what it knows as duplicates", async () => {
    const known = event({});
    await send(known);
    expect(await (await send([known, known])).json()).toEqual({
      accepted: 0,
      duplicates: 2,
      first_seq: null,
      last_seq: null,
    });
  });
});

describe("bad events", () => {
  it("[L3] one bad event in 1,000 leaves 999", async () => {
    const account = await signUp("One bad");
    const events: unknown[] = Array.from({ length: 1000 }, () => event({}));
    events[417] = { ...event({ id: "bad" }), agentid: "typo" };
    const reply = await send(events, account);
    expect(reply.status).toBe(200);
    const body = await reply.json<AppendResponse>();
    expect(body).toMatchObject({ accepted: 999, duplicates: 0, first_seq: 1, last_seq: 999 });
    expect(body.results).toEqual([
      {
        index: 417,
        id: "bad",
        status: "rejected",
        code: "unknown_field",
        message: expect.stringContaining("agent_id"),
      },
    ]);
    expect((await read("/v1/events?since=998", account)).head.seq).toBe(999);
  });

  it("[L2] reports conflicts by position beside what is stored", async () => {
    const known = event({ id: "taken" });
    await send(known);
    const batch = [{ event_type: 7 }, { ...known, agent_id: "somebody-else" }, event({ id: "fresh" })];
    const reply = await send(batch);
    expect(reply.status).toBe(200);
    const body = await reply.json<AppendResponse>();
    expect(body.accepted).toBe(1);
    expect(body.results).toMatchObject([
      { index: 0, id: null, status: "rejected" },
      { index: 1, id: "taken", status: "conflict", code: "conflict" },
    ]);
  });

  it("[L2] compares with what a room knows by hashes of before, in one request with all others", async () => {
    const account = await signUp("Older hashes");
    const [same, other, fresh, known] = ["same", "other", "fresh", "known"].map((id) => event({ id }));
    await send([known], account);
    const stored = [same, other].map((sent) => prepared(String(sent?.id), {}, canonicalJson(sent)));
    await append(env.ROOM.get(env.ROOM.idFromName(account.project.id)) as unknown as RoomStub, stored);
    const altered = { ...other, agent_id: "another" };
    const reply = await send([same, fresh, altered, known, { ...known, agent_id: "another" }], account);
    const body = await reply.json<AppendResponse>();
    expect(body).toMatchObject({ accepted: 1, duplicates: 2 });
    expect(body.results?.map(({ index, status }) => [index, status])).toEqual([
      [2, "conflict"],
      [4, "conflict"],
    ]);
    expect(await (await send([other, same], account)).json()).toMatchObject({ accepted: 0, duplicates: 2 });
  });

  it("409 when every event is a conflict, with the results beside the error and in its details", async () => {
    const known = [event({}), event({})];
    await send(known);
    const reply = await send(known.map((stored) => ({ ...stored, agent_id: "another" })));
    expect(reply.status).toBe(409);
    const body = await reply.json<Refused>();
    expect(body).toMatchObject({ accepted: 0, duplicates: 0, first_seq: null, last_seq: null });
    expect(body.error).toMatchObject({ code: "conflict", details: { results: body.results } });
    expect(body.results?.map((result) => result.status)).toEqual(["conflict", "conflict"]);
  });

  it("422 when no event is valid, with the results", async () => {
    const reply = await send([{}, 7, event({ metrics: { duration_ms: "fast" } })]);
    expect(reply.status).toBe(422);
    const body = await reply.json<Refused>();
    expect(body.error.code).toBe("no_valid_event");
    expect(body.results?.map((result) => result.code)).toEqual([
      "missing_field",
      "not_an_object",
      "invalid_metrics",
    ]);
    expect(body.error.details).toEqual({ results: body.results });
  });

  it("takes clocks a year off, and no year counts before it has come", async () => {
    const account = await signUp("Clocks");
    const year_ms = 365 * 24 * 3600 * 1000;
    const [past, future] = [Date.now() - year_ms, Date.now() + year_ms].map((ms) =>
      new Date(ms).toISOString(),
    );
    const reply = await send([event({ timestamp: past }), event({ timestamp: future })], account);
    expect(await reply.json()).toMatchObject({ accepted: 2 });
    const { time } = await (await asKey(account.keys.read, "/v1/state")).json<StateResponse>();
    expect(time).toBeLessThanOrEqual(Date.now());
  });

  it.each([
    ["33 levels of nesting", whole(`"metadata":{"deep":${deep(33)}}`), "too_deep"],
    ["500,000 levels, as many as a body holds", whole(`"metadata":{"deep":${deep(500_000)}}`), "too_deep"],
    ["a lone surrogate in an id", whole(`"id":"\\udc00"`), "invalid_field"],
    ["__proto__ in metadata", whole(`"metadata":{"__proto__":{"admin":true}}`), "invalid_metadata"],
    ["__proto__ at the top", whole(`"__proto__":{"agent_role":"board"}`), "unknown_field"],
    ["an infinite metric", whole(`"metrics":{"duration_ms":1e999}`), "invalid_metrics"],
    [
      "an event above 64 KiB",
      whole(`"metadata":{"list":[${Array(9_000).fill('"12345678"').join(",")}]}`),
      "too_large",
    ],
  ])("refuses %s and stays well", async (_title, text, code) => {
    const reply = await sendText(text);
    const body = await reply.json<Refused>();
    expect(body.results).toMatchObject([{ index: 0, status: "rejected", code }]);
    expect(reply.status).toBe(422);
    expect((await send(event({}))).status).toBe(200);
  });
});

it("stores a lone surrogate of a text as the replacement character, and stays readable", async () => {
  const { last_seq } = await (
    await sendText(whole(`"metadata":{"text":"a\\ud800b"}`))
  ).json<AppendResponse>();
  const { events } = await read(`/v1/events?since=${(last_seq ?? 1) - 1}`);
  expect(events).toMatchObject([{ metadata: { text: "a\ufffdb" } }]);
});

describe("bad bodies", () => {
  it.each([
    ["no JSON", "{", {}, 400, "malformed"],
    ["an empty body", "", {}, 400, "malformed"],
    ["NaN", `{"metrics":{"x":NaN}}`, {}, 400, "malformed"],
    [
      "a wrong media type",
      "a=b",
      { "content-type": "application/x-www-form-urlencoded" },
      415,
      "unsupported_media_type",
    ],
    ["an unknown coding", "{}", { "content-encoding": "br" }, 415, "unsupported_media_type"],
    ["gzip that is none", "hello", { "content-encoding": "gzip" }, 400, "malformed"],
    ["a 2 MB string", `{"metadata":{"text":"${"x".repeat(2_000_000)}"}}`, {}, 413, "too_large"],
    ["a million levels of nesting", deep(1_000_000), {}, 413, "too_large"],
    ["1,001 events", JSON.stringify(Array(1001).fill({})), {}, 413, "too_large"],
  ])("refuses %s", async (_title, body, headers, status, code) => {
    const reply = await sendText(body, headers);
    expect(reply.status).toBe(status);
    const { error } = await reply.json<Refused>();
    expect(error).toMatchObject({ code, request_id: reply.headers.get("x-request-id") });
    expect(error.message.length).toBeGreaterThan(20);
  });

  it("refuses a gzip bomb without inflating it", async () => {
    const zeros = new Uint8Array(1024 * 1024);
    let left = 256;
    const bomb = await gzip(
      new ReadableStream<Uint8Array>({
        pull(controller) {
          if (left-- > 0) controller.enqueue(zeros);
          else controller.close();
        },
      }),
    );
    expect(bomb.byteLength).toBeLessThan(512 * 1024);
    const reply = await sendText(bomb, { "content-encoding": "gzip" });
    expect(reply.status).toBe(413);
    expect(await reply.json()).toMatchObject({ error: { code: "too_large" } });
  });

  it("marks a bad line of NDJSON and stores the others", async () => {
    const lines = [JSON.stringify(event({})), "{not json", JSON.stringify(event({}))].join("\n");
    const reply = await sendText(lines, { "content-type": "application/x-ndjson" });
    expect(await reply.json()).toMatchObject({
      accepted: 2,
      results: [{ index: 1, id: null, status: "rejected", code: "malformed_json" }],
    });
  });
});

describe("reading the log", () => {
  let account: Account;
  beforeAll(async () => {
    account = await signUp("Reader");
    const events = Array.from({ length: 250 }, (_, n) =>
      event({
        id: `e${n + 1}`,
        event_type: n % 2 === 0 ? "task_started" : "tool_called",
        agent_id: `agent-${n % 5}`,
        task_id: `T-${n % 3}`,
        feature_id: n % 2 === 0 ? "left" : "right",
      }),
    );
    expect((await send(events, account)).status).toBe(200);
  });

  it("pages through it by since and limit", async () => {
    const seen: number[] = [];
    let since: number | null = 0;
    while (since !== null) {
      const page: EventsPage = await read(`/v1/events?since=${since}&limit=99`, account);
      seen.push(...page.events.map((stored) => stored.seq));
      since = page.next;
    }
    expect(seen).toEqual(Array.from({ length: 250 }, (_, n) => n + 1));
    expect((await read("/v1/events", account)).events).toHaveLength(100);
    expect(await read("/v1/events?since=250", account)).toMatchObject({ events: [], next: null });
    expect(await read("/v1/events?since=999999", account)).toMatchObject({ events: [], next: null });
  });

  it("filters by type, agent, task and feature, all at once", async () => {
    const path = "/v1/events?limit=1000&type=task_started&agent=agent-0&task=T-1&feature=left";
    const { events } = await read(path, account);
    expect(events.length).toBeGreaterThan(5);
    for (const stored of events) {
      expect(stored).toMatchObject({
        event_type: "task_started",
        agent_id: "agent-0",
        task_id: "T-1",
        feature_id: "left",
      });
    }
    expect((await read("/v1/events?limit=1000&agent=agent-0", account)).events).toHaveLength(50);
    expect((await read("/v1/events?agent=nobody", account)).events).toEqual([]);
  });

  it("streams all of it as NDJSON, with filters and a limit", async () => {
    const stream = async (query: string) => {
      const reply = await asKey(account.keys.read, `/v1/events${query}`, {
        headers: { accept: "application/x-ndjson" },
      });
      expect(reply.headers.get("content-type")).toMatch(/^application\/x-ndjson/);
      const lines = (await textOf(reply)).split("\n");
      expect(lines.pop()).toBe("");
      return lines.map((line) => JSON.parse(line).seq as number);
    };
    expect(await stream("")).toEqual(Array.from({ length: 250 }, (_, n) => n + 1));
    expect(await stream("?since=240")).toHaveLength(10);
    expect(await stream("?limit=7")).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(await stream("?agent=agent-0")).toHaveLength(50);
  });

  it("streams more than one page", async () => {
    const many = await signUp("Many");
    for (let n = 0; n < 3; n++)
      await send(
        Array.from({ length: 1000 }, () => event({})),
        many,
      );
    const reply = await asKey(many.keys.read, "/v1/events", { headers: { accept: "application/x-ndjson" } });
    const seqs = (await textOf(reply))
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line).seq as number);
    expect(seqs).toEqual(Array.from({ length: 3000 }, (_, n) => n + 1));
  });

  it.each([
    ["since=-1", "since"],
    ["since=two", "since"],
    ["since=1.5", "since"],
    ["since=99999999999999999999", "since"],
    ["limit=0", "limit"],
    ["limit=1001", "limit"],
    ["type=", "type"],
    ["sinse=3", "sinse"],
  ])("refuses ?%s and says what is possible", async (query, name) => {
    const reply = await asKey(account.keys.read, `/v1/events?${query}`);
    expect(reply.status).toBe(400);
    const { error } = await reply.json<Refused>();
    expect(error).toMatchObject({ code: "invalid_parameter", message: expect.stringContaining(`"${name}"`) });
  });
});

describe("the state and what is selected from it", () => {
  let account: Account;
  beforeAll(async () => {
    account = await signUp("State");
    const part = (event_type: string, more: object) => event({ event_type, ...more });
    const reply = await send(
      [
        part("agent_initialized", {
          agent_id: "ada",
          agent_role: "coder",
          metadata: { model: "m", role: "coder" },
        }),
        part("feature_requested", { feature_id: "a/b c", agent_id: "boss", metadata: { title: "Odd id" } }),
        part("feature_requested", { feature_id: "plain", agent_id: "boss" }),
        part("task_created", { task_id: "T1", feature_id: "a/b c", agent_id: "boss" }),
        part("task_claimed", { task_id: "T1", feature_id: "a/b c", agent_id: "ada", agent_role: "coder" }),
        part("task_created", { task_id: "T2", feature_id: "plain", agent_id: "boss" }),
      ],
      account,
    );
    expect(await reply.json()).toMatchObject({ accepted: 6 });
  });
  const get = async <T>(path: string) => (await asKey(account.keys.read, path)).json<T>();

  it("serves the present state, also by its seq, and refuses a seq that has not happened", async () => {
    expect(await get("/v1/state")).toEqual(await get("/v1/state?at=6"));
    expect(await get("/v1/state?at=3")).toMatchObject({ seq: 3 });
    for (const path of ["/v1/state", "/v1/state?at=6", "/v1/state?at=3"]) {
      const lines = await asKey(account.keys.read, path, { headers: { accept: "application/x-ndjson" } });
      expect(unpacked(await lines.text())).toEqual(await get(path));
    }
    const future = await asKey(account.keys.read, "/v1/state?at=7");
    expect(future.status).toBe(400);
    expect(await future.json()).toMatchObject({
      error: { code: "invalid_parameter", message: expect.stringContaining("ends at 6") },
    });
  });

  it("selects tasks by status, feature, assignee and role", async () => {
    const ids = async (query: string) =>
      (await get<TasksResponse>(`/v1/tasks${query}`)).tasks.map((task) => task.id);
    expect(await ids("")).toEqual(["T1", "T2"]);
    expect(await ids("?status=claimed")).toEqual(["T1"]);
    expect(await ids("?status=claimed,pending")).toEqual(["T1", "T2"]);
    expect(await ids("?feature=plain")).toEqual(["T2"]);
    expect(await ids("?assignee=ada")).toEqual(["T1"]);
    expect(await ids("?role=coder")).toEqual(["T1"]);
    expect(await ids("?role=tester")).toEqual([]);
    expect((await asKey(account.keys.read, "/v1/tasks?status=finished")).status).toBe(400);
  });

  it("serves features, and one of them with its tasks, whatever its id", async () => {
    expect((await get<FeaturesResponse>("/v1/features")).features).toHaveLength(2);
    const { feature, tasks } = await get<FeatureResponse>(`/v1/features/${encodeURIComponent("a/b c")}`);
    expect(feature).toMatchObject({ id: "a/b c", title: "Odd id" });
    expect(tasks).toMatchObject([{ id: "T1" }]);
    const unknown = await asKey(account.keys.read, "/v1/features/none");
    expect(unknown.status).toBe(404);
  });

  it("selects agents by role and status", async () => {
    const ids = async (query: string) =>
      (await get<AgentsResponse>(`/v1/agents${query}`)).agents.map((agent) => agent.id);
    expect(await ids("?role=coder")).toEqual(["ada"]);
    expect(await ids("?role=coder&status=crashed")).toEqual([]);
  });
});

it("answers 401 without a key, and says where to get one", async () => {
  const reply = await call("/v1/events", json("POST", event({})));
  expect(reply.status).toBe(401);
  expect(await reply.json()).toMatchObject({
    error: { message: expect.stringContaining("Authorization: Bearer") },
  });
});
