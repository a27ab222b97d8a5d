/** Claude Code's hooks, and CloudEvents, over the running Worker. */
import { beforeAll, describe, expect, it, vi } from "vitest";
import type { AppendResponse, EventsPage, StateResponse } from "../../schema/wire/http.ts";
import type { BudgetResponse } from "../../schema/wire/budget.ts";
import { KEPT_MS } from "../../worker/account/remembered.ts";
import { log, logs } from "../sample/otlp.ts";
import { asKey, asPerson, event, json, migrate, signUp, type Account, type Init } from "./server.ts";

let team: Account;
beforeAll(async () => {
  await migrate();
  team = await signUp("Claude Code");
});

const SESSION = "0a1b2c3d-4e5f-4061-8071-2a3b4c5d6e7f";
const payload = (hook_event_name: string, fields: object = {}) => ({
  session_id: SESSION,
  cwd: "/home/a/shop",
  hook_event_name,
  ...fields,
});
const post = (body: unknown, key = team.keys.ingest) =>
  asKey(key, "/v1/hooks/claude-code", json("POST", body));
const eventsOf = async () => (await (await asKey(team.keys.read, "/v1/events")).json<EventsPage>()).events;

describe("Claude Code's hooks", () => {
  it("are answered by an empty 2xx, and told once", async () => {
    const edit = {
      tool_name: "Edit",
      tool_use_id: "toolu_1",
      tool_input: { file_path: "/home/a/shop/a.ts" },
    };
    const hooks = [
      payload("UserPromptSubmit", { prompt: "CANARY", prompt_id: "p-1" }),
      payload("PreToolUse", edit),
      payload("PostToolUse", { ...edit, tool_response: { content: "CANARY" } }),
      payload("PreToolUse", { ...edit, tool_use_id: "toolu_2" }),
      payload("WorktreeCreate", { name: "x" }),
    ];
    for (const hook of [...hooks, ...hooks]) {
      const reply = await post(hook);
      expect(reply.status).toBe(204);
      expect(await reply.text()).toBe("");
    }
    const events = await eventsOf();
    expect(events.map(({ event_type }) => event_type)).toEqual([
      "feature_requested",
      "task_created",
      "agent_initialized",
      "task_started",
      "agent_reasoning_started",
      "file_locked",
      "tool_called",
      "file_unlocked",
      "file_locked",
    ]);
    expect(JSON.stringify(events)).not.toContain("CANARY");
    expect(new Set(events.map(({ source }) => source))).toEqual(new Set(["claude-code"]));
    const { state } = await (await asKey(team.keys.read, "/v1/state")).json<StateResponse>();
    expect(state.locks).toMatchObject([{ path: "a.ts", agent_id: "claude-code:0a1b2c3d" }]);
  });

  it("deny a tool while a hard budget is used up, where the project enforces budgets, and only then", async () => {
    const other = await signUp("Enforced");
    const path = `/api/projects/${other.project.id}`;
    const tool = (hook = "PreToolUse", session_id: string = crypto.randomUUID()) =>
      post(
        {
          ...payload(hook, { tool_name: "Bash", tool_use_id: session_id, tool_input: { command: "ls" } }),
          session_id,
        },
        other.keys.ingest,
      );
    const change = (fields: object) =>
      asPerson(other.cookie, `${path}/settings`, json("PATCH", { intake: fields }));
    const set = await asPerson(
      other.cookie,
      `${path}/budgets`,
      json("POST", { scope: "project", title: "CANARY", limit_usd: 1, hard: true }),
    );
    const { budget } = await set.json<BudgetResponse>();
    const spent = event({ event_type: "tokens_used", metrics: { cost_usd: 1 } });
    await asKey(other.keys.ingest, "/v1/events", json("POST", spent));
    expect((await tool()).status).toBe(204);
    expect(await (await change({ enforce_budgets: true })).json()).toMatchObject({
      settings: { intake: { content: false, enforce_budgets: true } },
    });
    expect(await (await change({ content: false })).json()).toMatchObject({
      settings: { intake: { enforce_budgets: true } },
    });
    // The setting holds within its ten seconds.
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + KEPT_MS });
    const denied = await tool();
    expect(denied.status).toBe(200);
    expect(await denied.json()).toEqual({
      hookSpecificOutput: {
        hookEventName: "PreToolUse",
        permissionDecision: "deny",
        permissionDecisionReason: expect.stringMatching(
          new RegExp(
            `^The hard budget ${budget.id} of this project has no room: \\$1 of \\$1 is used, until `,
          ),
        ) as string,
      },
    });
    expect((await tool("PostToolUse")).status).toBe(204);
    await asPerson(other.cookie, `${path}/budgets/${budget.id}`, json("PUT", { hard: false }));
    expect((await tool()).status).toBe(204);
    vi.useRealTimers();
  });

  it("that are bad get a 4xx that says why, never a 500", async () => {
    const send = (body: string, type = "application/json"): Promise<Response> =>
      asKey(team.keys.ingest, "/v1/hooks/claude-code", {
        method: "POST",
        body,
        headers: { "content-type": type },
      });
    expect((await send("{")).status).toBe(400);
    expect((await send("{}", "text/plain")).status).toBe(415);
    expect((await send("[]")).status).toBe(422);
    expect((await send(" ".repeat(4 * 1024 * 1024 + 1))).status).toBe(413);
    expect((await post(payload("Stop"), team.keys.read)).status).toBe(403);
    expect((await send("{", "application/json")).status).toBe(400);
  });
});

describe("a session that is told live and imported", () => {
  const session = (n: number) => `${n}a1b2c3d-4e5f-4061-8071-2a3b4c5d6e7f`;
  const hooks = (id: string) => async () => {
    for (const name of ["UserPromptSubmit", "Stop"])
      expect(
        (await post({ ...payload(name, { prompt: "Go", prompt_id: "p" }), session_id: id })).status,
      ).toBe(204);
  };
  const telemetry = (id: string) => async () => {
    const attributes = {
      "session.id": id,
      request_id: `req_${id}`,
      model: "claude-sonnet-5",
      input_tokens: 10,
    };
    const body = logs([log("claude_code.api_request", attributes)], "claude-code");
    expect((await asKey(team.keys.ingest, "/v1/otlp/v1/logs", json("POST", body))).status).toBe(200);
  };
  const transcript = (id: string) => async () => {
    const of = (event_type: string, fields: object = {}) => ({
      id: `t-${id}-${event_type}`,
      timestamp: "2026-11-20T09:00:00Z",
      event_type,
      agent_id: `claude-code:${id.slice(0, 8)}`,
      feature_id: "shop/fix-login",
      session_id: id,
      ...fields,
    });
    const task = { task_id: `session-${id}` };
    const events = [
      of("feature_requested", { metadata: { title: "fix login", kind: "branch" } }),
      of("task_created", { ...task, metadata: { title: "Fix the login", kind: "session" } }),
      of("tool_called", task),
    ];
    const init = json("POST", events);
    const headers = { ...init.headers, "clusterfork-source": "claude-code" };
    expect((await asKey(team.keys.ingest, "/v1/events", { ...init, headers })).status).toBe(200);
  };

  it.each([
    ["hooks, transcript", [hooks, transcript], `session-${session(1)}`],
    ["transcript, hooks", [transcript, hooks], "shop/fix-login"],
    ["telemetry, hooks, transcript", [telemetry, hooks, transcript], `session-${session(3)}`],
    ["transcript, telemetry, hooks", [transcript, telemetry, hooks], "shop/fix-login"],
  ] as const)("[M1] is one task in one feature: %s", async (title, sources, feature_id) => {
    const id = session(
      ["hooks, transcript", "transcript, hooks", "telemetry, hooks, transcript"].indexOf(title) + 1 || 4,
    );
    for (const source of sources) await source(id)();
    const events = (await eventsOf()).filter(({ session_id }) => session_id === id);
    expect(new Set(events.map((event) => event.feature_id))).toEqual(new Set([feature_id]));
    const { state } = await (await asKey(team.keys.read, "/v1/state")).json<StateResponse>();
    const tasks = state.open_tasks.filter((task) => task.id === `session-${id}`);
    // A guess gives way to the name that the transcript found, whichever came first.
    expect(tasks).toMatchObject([{ title: "Fix the login", feature_id }]);
  });
});

describe("CloudEvents", () => {
  const envelope = { specversion: "1.0", id: "1", source: "/ci", type: "dev.clusterfork.task_created" };
  const send = async (init: Init) => {
    const reply = await asKey(team.keys.ingest, "/v1/events", { method: "POST", ...init });
    return { status: reply.status, body: await reply.json<AppendResponse>() };
  };
  const typed = (type: string, body: unknown): Init => ({
    body: JSON.stringify(body),
    headers: { "content-type": `application/${type}; charset=utf-8` },
  });

  it("are taken one by one, in batches, and in binary mode; each is stored once", async () => {
    const one = await send(
      typed("cloudevents+json", { ...envelope, subject: "task/T-1", data: { title: "One" } }),
    );
    expect(one).toMatchObject({ status: 200, body: { accepted: 1 } });
    const batch = [
      { ...envelope, subject: "task/T-1", data: { title: "Again" } },
      { ...envelope, id: "2" },
      { id: "3" },
    ];
    expect((await send(typed("cloudevents-batch+json", batch))).body).toMatchObject({
      accepted: 1,
      duplicates: 1,
      results: [{ index: 2, id: "3", status: "rejected", code: "invalid_field" }],
    });
    const binary: Init = {
      body: JSON.stringify({ title: "Three" }),
      headers: {
        "content-type": "application/json",
        "ce-specversion": "1.0",
        "ce-id": "4",
        "ce-source": "/ci",
        "ce-type": "task_created",
        "ce-taskid": "T-3",
      },
    };
    expect((await send(binary)).body).toMatchObject({ accepted: 1 });
    const events = (await eventsOf()).filter(({ source }) => source === "cloudevents");
    expect(events.map(({ task_id, metadata }) => [task_id, metadata?.["title"]])).toEqual([
      ["T-1", "One"],
      [undefined, undefined],
      ["T-3", "Three"],
    ]);
  });
});
