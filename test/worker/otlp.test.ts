/** OTLP over HTTP against the running Worker: types, statuses, limits, retries, settings. */
import { gzipSync } from "node:zlib";
import { beforeAll, describe, expect, it } from "vitest";
import type { StoredEvent } from "../../schema/event/event.ts";
import { agentRun, log, logs, span, traces } from "../sample/otlp.ts";
import { asKey, asPerson, call, json, migrate, signUp, type Account, type Init } from "./server.ts";

const TRACES = "/v1/otlp/v1/traces";
const LOGS = "/v1/otlp/v1/logs";
const PROTOBUF = { "content-type": "application/x-protobuf" };

beforeAll(migrate);

async function stored({ keys }: Account): Promise<StoredEvent[]> {
  const reply = await asKey(keys.read, "/v1/events?limit=1000");
  return (await reply.json<{ events: StoredEvent[] }>()).events;
}

const send = (account: Account, path: string, init: Init): Promise<Response> =>
  asKey(account.keys.ingest, path, init);

const sendJson = (account: Account, path: string, body: unknown): Promise<Response> =>
  send(account, path, json("POST", body));

describe("OTLP/HTTP", () => {
  it("[M1] stores an agent's run once, however often it is sent", async () => {
    const account = await signUp("otlp run");
    for (let time = 0; time < 3; time++) {
      const reply = await sendJson(account, TRACES, agentRun());
      expect(reply.status).toBe(200);
      expect(reply.headers.get("content-type")).toBe("application/json");
      expect(await reply.json()).toEqual({});
    }
    const events = await stored(account);
    const tokens = events.filter((event) => event.event_type === "tokens_used");
    expect(tokens.map((event) => event.metrics?.input_tokens)).toEqual([600, 1200]);
    expect(tokens.map((event) => event.metrics?.cache_read_tokens)).toEqual([400, undefined]);
    expect(tokens.every((event) => event.agent_id === "researcher" && event.source === "otlp")).toBe(true);
    expect(tokens.every((event) => event.metadata?.cost_source === "priced")).toBe(true);
    expect(new Set(events.map((event) => event.id)).size).toBe(events.length);
    const { tasks } = await (
      await asKey(account.keys.read, "/v1/tasks")
    ).json<{ tasks: Record<string, unknown>[] }>();
    expect(tasks).toMatchObject([
      { title: "Run of researcher", status: "done", feature_id: "session-conv-1" },
    ]);
  });

  it("answers an empty request with an empty reply, in both types", async () => {
    const account = await signUp("otlp empty");
    for (const path of [TRACES, LOGS, "/v1/otlp/v1/metrics"]) {
      const reply = await sendJson(account, path, {});
      expect([reply.status, await reply.text()]).toEqual([200, "{}"]);
      const binary = await send(account, path, { method: "POST", headers: PROTOBUF, body: new Uint8Array() });
      expect([binary.status, binary.headers.get("content-type"), (await binary.bytes()).length]).toEqual([
        200,
        "application/x-protobuf",
        0,
      ]);
    }
  });

  it("takes gzip, and refuses what inflates beyond the limit", async () => {
    const account = await signUp("otlp gzip");
    const gzip = { "content-type": "application/json", "content-encoding": "gzip" };
    const body = new Uint8Array(gzipSync(JSON.stringify(agentRun())));
    expect((await send(account, TRACES, { method: "POST", headers: gzip, body })).status).toBe(200);
    const bomb = new Uint8Array(gzipSync(new Uint8Array(9 * 1024 * 1024)));
    const reply = await send(account, TRACES, { method: "POST", headers: gzip, body: bomb });
    expect(reply.status).toBe(413);
    expect(await reply.json()).toEqual({
      code: 8,
      message: expect.stringContaining("8 MiB after inflating"),
    });
  });

  it.each([
    ["broken JSON", { "content-type": "application/json" }, "{", 400, 3],
    ["another JSON", { "content-type": "application/json" }, `{"resourceSpans":{}}`, 400, 3],
    ["text", { "content-type": "text/plain" }, "x", 415, 3],
    ["brotli", { "content-type": "application/json", "content-encoding": "br" }, "{}", 415, 3],
  ])("refuses %s by a google.rpc.Status", async (_, headers, body, status, code) => {
    const account = await signUp(`otlp ${code} ${status} ${body.length}`);
    const reply = await send(account, TRACES, { method: "POST", headers, body });
    expect(reply.status).toBe(status);
    expect(await reply.json()).toMatchObject({ code, message: expect.any(String) });
  });

  it("refuses truncated protobuf in protobuf, and promised gigabytes at once", async () => {
    const account = await signUp("otlp truncated");
    // Field 1, 100 MB long, of which nothing is there.
    for (const bytes of [[0x0a, 0x80, 0xc2, 0xd7, 0x2f], [0x0a, 0x05, 0x0a], [0x0a, 0xff], [0x07]]) {
      const reply = await send(account, TRACES, {
        method: "POST",
        headers: PROTOBUF,
        body: new Uint8Array(bytes),
      });
      expect([reply.status, reply.headers.get("content-type")]).toEqual([400, "application/x-protobuf"]);
      // Field 1, varint 3 (INVALID_ARGUMENT), then field 2, a text.
      expect([...(await reply.bytes()).subarray(0, 3)]).toEqual([0x08, 0x03, 0x12]);
    }
    expect(await stored(account)).toEqual([]);
  });

  it("[T4] says so to a key that may not send, in the sender's own form", async () => {
    const account = await signUp("otlp keys");
    const refused = await asKey(account.keys.read, TRACES, json("POST", {}));
    expect([refused.status, await refused.json()]).toMatchObject([403, { code: 7 }]);
    const unknown = await call(TRACES, json("POST", {}));
    expect([unknown.status, await unknown.json()]).toMatchObject([401, { code: 16 }]);
  });

  it.each([
    ["authorization", (key: string) => `Bearer ${key}`],
    ["authorization", (key: string) => `Bearer%20${key}`],
    ["authorization", (key: string) => key],
    ["x-api-key", (key: string) => key],
  ])("takes the key as %s, the way OTEL_EXPORTER_OTLP_HEADERS can write it", async (header, write) => {
    const account = await signUp(`otlp header ${crypto.randomUUID().slice(0, 8)}`);
    const { headers, ...init } = json("POST", {});
    const reply = await call(TRACES, {
      ...init,
      headers: { ...headers, [header]: write(account.keys.ingest) },
    });
    expect(reply.status).toBe(200);
  });

  it("[L3] says which records it did not take, and takes the others", async () => {
    const account = await signUp("otlp partial");
    const tool = { "gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "search" };
    const backwards = span({ id: 3, from: 10, to: 5, attributes: tool });
    const body = traces([span({ id: 1, attributes: tool }), { name: "no ids" }, null, backwards]);
    const reply = await sendJson(account, TRACES, body);
    expect(reply.status).toBe(200);
    expect(await reply.json()).toEqual({
      partialSuccess: {
        rejectedSpans: "2",
        errorMessage: expect.stringMatching(/record 1: .* record 3: .*duration/s),
      },
    });
    const events = await stored(account);
    expect(events.map((event) => event.metrics)).toEqual([{ duration_ms: 1000 }, undefined]);
  });

  it("splits what is more than one append", async () => {
    const account = await signUp("otlp many");
    const many = Array.from({ length: 2_500 }, (_, id) =>
      span({ id: id + 1, attributes: { "gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "t" } }),
    );
    expect((await sendJson(account, TRACES, traces(many))).status).toBe(200);
    const { head } = await (
      await asKey(account.keys.read, "/v1/events?limit=1")
    ).json<{ head: { seq: number } }>();
    expect(head.seq).toBe(2_500);
  });

  it("[P1] keeps prompts only where the project says so", async () => {
    const account = await signUp("otlp content");
    const settings = `/api/projects/${account.project.id}/settings`;
    const prompt = (session: string): object =>
      logs(
        [log("claude_code.user_prompt", { "session.id": session, prompt: "CANARY-7", prompt_length: 8 })],
        "claude-code",
      );
    await sendJson(account, LOGS, prompt("one"));
    expect(JSON.stringify(await stored(account))).not.toContain("CANARY-7");
    const change = await asPerson(account.cookie, settings, json("PATCH", { intake: { content: true } }));
    expect(change.status).toBe(200);
    expect(await change.json()).toMatchObject({
      settings: { intake: { content: true, branches: ["{feature}/{task}", "{feature}"] } },
    });
  });
});
