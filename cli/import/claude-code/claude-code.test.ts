import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import { parseEvent } from "../../../schema/event/parse.ts";
import { readLines } from "../lines.ts";
import { Tally } from "../outgoing.ts";
import type { OutgoingEvent } from "../../../schema/event/outgoing.ts";
import { mapClaudeCode } from "./claude-code.ts";
import { findTranscripts } from "./files.ts";
import * as line from "./miniature.test-data.ts";

const DATA = process.env["CLUSTERFORK_DATA"] ?? join(import.meta.dirname, "../../../../shared/data");
const RECORDED = join(DATA, "entire-cli/raw");
/** What the tool that recorded them counted for each session. */
const COUNTED = join(DATA, "entire-cli/checkpoints_meta.jsonl.gz");
const FIXTURES = ["claude-code-viewer", "agent-sessions-fixtures/stage0/agents/claude"].map((name) =>
  join(DATA, name),
);

const scratch = mkdtempSync(join(tmpdir(), "clusterfork-transcripts-"));
afterAll(() => rmSync(scratch, { recursive: true }));

/** A folder of projects, as Claude Code lays it out. */
function projects(files: Record<string, (object | string)[]>): string {
  const root = mkdtempSync(join(scratch, "projects-"));
  for (const [name, records] of Object.entries(files)) {
    const text = records.map((record) => (typeof record === "string" ? record : JSON.stringify(record)));
    const path = join(root, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, name.endsWith(".gz") ? gzipSync(text.join("\n")) : text.join("\n"));
  }
  return root;
}

async function read(
  paths: string | string[],
  now_ms = line.LONG_AFTER,
): Promise<{ events: OutgoingEvent[]; tally: Tally }> {
  const tally = new Tally();
  const files = findTranscripts([paths].flat(), tally);
  const events = await mapClaudeCode(files, { open: readLines, peek: readLines }, tally, now_ms);
  expect(events.map((event) => parseEvent(event)).filter((parsed) => !parsed.ok)).toEqual([]);
  const times = events.map((event) => Date.parse(event.timestamp));
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  expect(new Set(events.map((event) => event.id)).size).toBe(events.length);
  const skipped = [...tally.skipped.values()].reduce((sum, times) => sum + times, 0);
  expect(tally.records).toBe(tally.mapped + skipped);
  return { events, tally };
}
const only = (events: OutgoingEvent[], type: string): OutgoingEvent[] =>
  events.filter((event) => event.event_type === type);
const session = (...records: (object | string)[]): string =>
  projects({ [`-home-me-shop/${line.SESSION}.jsonl`]: records });

describe("calls", () => {
  it("[M1] takes the maximum usage of a message over its lines, once, under the request id", async () => {
    const { events } = await read(
      session(
        line.prompt("Add a cart to the shop, please"),
        line.answer("msg_1", { output_tokens: 1, input_tokens: 3 }),
        line.answer("msg_1", { output_tokens: 1, input_tokens: 3, cache_read_input_tokens: 70 }),
        line.answer("msg_1", { output_tokens: 480, input_tokens: 3, cache_creation_input_tokens: 9 }),
        line.answer("msg_2", { output_tokens: 20, input_tokens: 5 }),
      ),
    );
    const calls = only(events, "tokens_used");
    expect(calls.map(({ id }) => id)).toEqual(["req_msg_1", "req_msg_2"]);
    expect(calls[0]?.metrics).toMatchObject({
      input_tokens: 3,
      cache_read_tokens: 70,
      cache_write_tokens: 9,
      output_tokens: 480,
      duration_ms: 3000,
    });
    expect(calls[0]?.metadata).toMatchObject({ model: "claude-sonnet-5", provider: "anthropic" });
    expect(calls[0]?.session_id).toBe(line.SESSION);
  });

  it("[M1] counts lines that a resumed session repeats for the first session alone", async () => {
    const first = [line.prompt("Add a cart to the shop, please"), line.answer("msg_1", { output_tokens: 7 })];
    const repeated = first.map((record) => ({ ...record, sessionId: line.OTHER_SESSION }));
    const root = projects({
      [`p/${line.SESSION}.jsonl`]: first,
      [`p/${line.OTHER_SESSION}.jsonl`]: [...repeated, line.answer("msg_2", { output_tokens: 5 })],
    });
    const { events, tally } = await read(root);
    const sums = only(events, "tokens_used").map(({ metrics }) => metrics?.["output_tokens"]);
    expect(sums).toEqual([7, 5]);
    expect([...tally.skipped.entries()]).toEqual([[expect.stringContaining("the same line again"), 2]]);
  });

  it("leaves a call out that is still being written, and tells it once it is whole", async () => {
    const root = session(
      line.prompt("Add a cart to the shop, please"),
      line.answer("msg_1", { output_tokens: 1 }),
    );
    const early = await read(root, line.clock());
    expect(only(early.events, "tokens_used")).toEqual([]);
    expect(early.tally.notes.size).toBe(1);
    expect(only(early.events, "task_completed")).toEqual([]);
    expect(only((await read(root)).events, "tokens_used")).toHaveLength(1);
  });

  it("does not count what Claude Code wrote itself, but tells the error", async () => {
    const { events } = await read(
      session(line.prompt("Add a cart to the shop, please"), {
        ...line.answer("x", { output_tokens: 9 }, [], "<synthetic>"),
        isApiErrorMessage: true,
        apiErrorStatus: 529,
      }),
    );
    expect(only(events, "tokens_used")).toEqual([]);
    expect(only(events, "claude_code.api_error")[0]?.metrics).toEqual({ status: 529 });
  });
});

describe("tools", () => {
  it("tells a call with its path inside the project, success and duration, never its content", async () => {
    const { events } = await read(
      session(
        ...line.tool(
          "t1",
          "Write",
          { file_path: "/home/me/shop/src/cart.ts", content: "SECRET BODY" },
          "SECRET OUT",
        ),
        ...line.tool("t2", "Read", { file_path: "/etc/hosts" }, "no", { is_error: true }),
      ),
    );
    expect(
      only(events, "tool_called").map(({ id, metadata, metrics }) => ({ id, metadata, metrics })),
    ).toEqual([
      {
        id: "t1",
        metadata: { tool: "Write", tool_call_id: "t1", success: true, path: "src/cart.ts" },
        metrics: { duration_ms: 1000 },
      },
      {
        id: "t2",
        metadata: {
          tool: "Read",
          tool_call_id: "t2",
          success: false,
          error_type: "error",
          path: "/etc/hosts",
        },
        metrics: { duration_ms: 1000 },
      },
    ]);
    expect(JSON.stringify(events)).not.toContain("SECRET");
  });

  it("reads tests from the output of a command, as weak evidence", async () => {
    const { events } = await read(
      session(
        ...line.tool("t1", "Bash", { command: "npx vitest run" }, " Tests  1 failed | 12 passed (13)", {
          is_error: true,
        }),
        ...line.tool("t2", "Bash", { command: "go test ./..." }, "ok  \tshop/cart\t0.4s"),
        ...line.tool("t3", "Bash", { command: "cat notes.txt" }, "Tests  3 failed"),
      ),
    );
    const [failed] = only(events, "test_failed");
    expect(failed).toMatchObject({
      metadata: { evidence: "output", tool: "vitest" },
      metrics: { passed: 12, failed: 1 },
    });
    expect(only(events, "test_failed")).toHaveLength(1);
    expect(only(events, "test_passed").map(({ id }) => id)).toEqual(["t2#test"]);
  });

  it("tells of a person who refuses a tool or interrupts", async () => {
    const refusal = "The user doesn't want to proceed with this tool use. The tool use was rejected.";
    const { events } = await read(
      session(
        ...line.tool("t1", "Edit", { file_path: "a" }, refusal, { is_error: true }),
        line.prompt("[Request interrupted by user]"),
      ),
    );
    expect(only(events, "human_intervened").map(({ metadata }) => metadata?.["action"])).toEqual([
      "rejected",
      "interrupted",
    ]);
  });

  it("says so when a result belongs to no call, and when a result never came", async () => {
    const [use] = line.tool("t1", "Bash", { command: "sleep 1" }, "");
    const [, orphan] = line.tool("t2", "Bash", { command: "ls" }, "x");
    const { events, tally } = await read(session(use ?? {}, orphan ?? {}));
    expect(tally.notes.get("a result of a tool call that is in none of the files")).toBe(1);
    expect(only(events, "tool_called")[0]?.metadata).toEqual({ tool: "Bash", tool_call_id: "t1" });
  });
});

describe("work", () => {
  it("makes a feature of a topic branch, a task of the session, a review of a pull request", async () => {
    const { events } = await read(
      session(
        line.prompt("Implement the following plan:\n\n# A cart for the shop\n\nlong text", "main"),
        line.answer("msg_1", { output_tokens: 1 }, [], undefined, "ann/shop-7-add-cart"),
        line.pullRequest(12),
      ),
    );
    const feature = "shop/ann/shop-7-add-cart";
    const [requested] = only(events, "feature_requested");
    expect(requested).toMatchObject({
      feature_id: feature,
      metadata: { title: "shop 7 add cart", kind: "branch" },
    });
    expect(new Set(events.map((event) => event.feature_id))).toEqual(new Set([feature]));
    const [task] = only(events, "task_created");
    expect(task).toMatchObject({
      task_id: `session-${line.SESSION}`,
      agent_id: "claude-code:11111111",
      agent_role: "main",
      metadata: { title: "A cart for the shop", kind: "session" },
    });
    expect(only(events, "review_requested")[0]?.metadata?.["pull_request"]).toBe("me/shop#12");
    expect(events.indexOf(task as OutgoingEvent)).toBeLessThan(
      events.indexOf(only(events, "task_started")[0] as OutgoingEvent),
    );
  });

  it("is its own feature on a main branch, and ends with the agent's last word", async () => {
    const { events } = await read(
      session(
        line.prompt("hi"),
        line.prompt("Why is the cart empty?"),
        line.answer("m", { output_tokens: 2 }),
      ),
    );
    expect(only(events, "feature_requested")[0]).toMatchObject({
      feature_id: `session-${line.SESSION}`,
      metadata: { title: "Why is the cart empty?", kind: "session" },
    });
    expect(only(events, "task_completed")[0]?.metadata).toMatchObject({ inferred: true });
    expect(only(events, "feature_completed")).toHaveLength(1);
  });

  it("takes the best title: given, found, summary of another file, command", async () => {
    const title = async (...records: object[]): Promise<unknown> => {
      const { events } = await read(session(...records));
      return only(events, "task_created")[0]?.metadata?.["title"];
    };
    const asked = line.prompt("Why is the cart empty?");
    const { uuid } = line.prompt("x");
    const summary = { type: "summary", summary: "Cart emptied", leafUuid: uuid };
    expect(await title({ ...asked, uuid }, summary)).toBe("Cart emptied");
    expect(await title(asked, { ...summary, leafUuid: "of another session" })).toBe("Why is the cart empty?");
    expect(await title(asked, { type: "ai-title", aiTitle: "Empty cart" })).toBe("Empty cart");
    expect(
      await title(asked, { type: "ai-title", aiTitle: "a" }, { type: "custom-title", customTitle: "Mine" }),
    ).toBe("Mine");
    expect(
      await title(line.prompt("<command-name>/review</command-name><command-args></command-args>")),
    ).toBe("/review");
    expect(await title(line.prompt("w ".repeat(500)))).toHaveLength(80);
  });

  it("follows TaskCreate and TaskUpdate, with what blocks what and who owns it", async () => {
    const { events } = await read(
      session(
        ...line.tool("c1", "TaskCreate", { subject: "Model" }, "Task #1 created successfully: Model"),
        ...line.tool("c2", "TaskCreate", { subject: "Page" }, "ok", {}, { task: { id: "2" } }),
        ...line.tool("u1", "TaskUpdate", { taskId: "2", addBlockedBy: ["1"] }, "Updated"),
        ...line.tool("u2", "TaskUpdate", { taskId: "1", status: "in_progress", owner: "bob" }, "Updated"),
        line.answer("msg_1", { output_tokens: 4 }),
        ...line.tool("w1", "Write", { file_path: "/home/me/shop/model.ts" }, "ok"),
        ...line.tool("u3", "TaskUpdate", { taskId: "1", status: "completed" }, "Updated"),
        ...line.tool("u4", "TaskUpdate", { taskId: "2", status: "deleted" }, "Updated"),
      ),
    );
    const task = (number: number): string => `session-${line.SESSION}/task-${number}`;
    const of = (id: string): string[] =>
      events
        .filter((event) => event.task_id === id && event.event_type.startsWith("task_"))
        .map((event) => event.event_type);
    expect(of(task(1))).toEqual(["task_created", "task_claimed", "task_started", "task_completed"]);
    expect(of(task(2))).toEqual(["task_created", "task_created", "task_failed"]);
    expect(
      only(events, "task_created").find((event) => event.metadata?.["dependencies"] !== undefined)?.metadata,
    ).toEqual({
      dependencies: [task(1)],
    });
    expect(
      events.find((event) => event.event_type === "task_claimed" && event.task_id === task(1))?.metadata,
    ).toEqual({ assignee: "bob" });
    expect(only(events, "tokens_used")[0]?.task_id).toBe(task(1));
    const done = only(events, "task_completed").find((event) => event.task_id === task(1));
    expect(done?.metadata?.["files"]).toEqual(["model.ts"]);
  });

  it("follows TodoWrite by the words of its entries", async () => {
    const list = (...statuses: string[]): object => ({
      todos: statuses.map((status, index) => ({ content: `Step ${index}`, status })),
    });
    const { events } = await read(
      session(
        ...line.tool("w1", "TodoWrite", list("pending", "pending"), "ok"),
        ...line.tool("w2", "TodoWrite", list("in_progress", "pending"), "ok"),
        ...line.tool("w3", "TodoWrite", list("completed"), "ok"),
      ),
    );
    const todos = events.filter((event) => event.task_id?.includes("/todo-"));
    expect(only(todos, "task_created").map(({ metadata }) => metadata?.["title"])).toEqual([
      "Step 0",
      "Step 1",
    ]);
    expect(only(todos, "task_completed")).toHaveLength(1);
    expect(only(todos, "task_failed")).toHaveLength(0);
  });
});

describe("subagents", () => {
  const call = line.tool(
    "task1",
    "Task",
    { subagent_type: "reviewer", prompt: "Review the cart" },
    "fine",
    {},
    { agentId: "a1" },
  );
  const lines = [
    { ...line.prompt("Review the cart"), isSidechain: true, agentId: "a1" },
    { ...line.answer("msg_s", { output_tokens: 30 }), isSidechain: true, agentId: "a1" },
  ];

  it("reads a subagent's own file and its progress in the parent's, once", async () => {
    const progress = lines.map((record) => ({
      ...line.prompt("outer"),
      type: "progress",
      uuid: `outer-${record.uuid}`,
      parentToolUseID: "task1",
      data: { type: "agent_progress", agentId: "a1", message: record },
    }));
    const root = projects({
      [`p/${line.SESSION}.jsonl`]: [
        line.prompt("Have it reviewed, please"),
        call[0] ?? {},
        ...progress,
        call[1] ?? {},
      ],
      [`p/${line.SESSION}/subagents/agent-a1.jsonl.gz`]: lines,
    });
    const { events } = await read(root);
    const [used] = only(events, "tokens_used").filter(({ id }) => id === "req_msg_s");
    expect(used).toMatchObject({ agent_id: "claude-code:11111111/a1", agent_role: "reviewer" });
    expect(only(events, "tokens_used").filter(({ id }) => id === "req_msg_s")).toHaveLength(1);
    expect(only(events, "agent_submitted")[0]?.agent_id).toBe("claude-code:11111111/a1");
    const born = only(events, "agent_initialized").find(({ agent_role }) => agent_role === "reviewer");
    expect(born?.metadata?.["parent_agent"]).toBe("claude-code:11111111");
  });

  it("finds the subagents of earlier versions in the session's own file", async () => {
    const [asked, answered] = lines.map(({ agentId: _agent, ...record }) => record);
    const old = [
      { ...asked, uuid: "root-of-the-chain" },
      { ...answered, parentUuid: "root-of-the-chain" },
    ];
    const [began, ended] = line.tool(
      "task2",
      "Task",
      { subagent_type: "reviewer", prompt: "Review the cart" },
      "fine",
    );
    const { events } = await read(session(began ?? {}, ...old, ended ?? {}));
    expect(only(events, "tokens_used").find(({ id }) => id === "req_msg_s")).toMatchObject({
      agent_id: "claude-code:11111111/root-of-",
      agent_role: "reviewer",
    });
  });
});

describe("bad input", () => {
  it("counts cut lines, unknown types and damaged files, and goes on", async () => {
    const root = projects({
      [`p/${line.SESSION}.jsonl`]: [
        line.prompt("Add a cart to the shop, please"),
        { ...line.prompt("x"), type: "brand-new" },
        { type: "mode", mode: "normal", sessionId: line.SESSION },
        '{"type":"user","message":{"content":"cut in mid-li',
      ],
    });
    writeFileSync(join(root, "p", "broken.jsonl.gz"), gzipSync("x".repeat(10_000)).subarray(0, 40));
    const { events, tally } = await read(root);
    expect(only(events, "task_created")).toHaveLength(1);
    expect([...tally.skipped.keys()].sort()).toEqual([
      expect.stringContaining("damaged or cut gzip"),
      "not JSON (a line cut off, or a merge conflict)",
      'nothing to tell in "mode"',
      'type "brand-new" is not known',
    ]);
  });

  it("survives records of any shape", async () => {
    const { events } = await read(
      session(
        { type: "user", timestamp: "2026-01-01T00:00:00Z", message: 7, uuid: 3 },
        {
          type: "assistant",
          timestamp: "2026-01-01T00:00:01Z",
          message: {
            id: "m",
            usage: { output_tokens: -4, input_tokens: "9" },
            content: [null, { type: "tool_use" }],
          },
        },
        { type: "__proto__", timestamp: "2026-01-01T00:00:00Z" },
        { type: "constructor" },
        ...line.tool(
          "t".repeat(500),
          "TaskUpdate",
          { taskId: "__proto__", status: "in_progress", owner: "clusterfork:board" },
          "ok",
        ),
        ...line.tool("c", "Write", { file_path: "a\u0000b\nc" }, "ok"),
      ),
    );
    expect(events.length).toBeGreaterThan(0);
  });

  it("names a session by its lines where the file cannot be looked at first, and makes ids plain", async () => {
    const tally = new Tally();
    const records = [
      line.prompt("Why is the cart empty?"),
      { ...line.answer("m", { output_tokens: 1 }), isSidechain: true, agentId: "\u0007 odd" },
    ];
    const source = session(...records.map((record) => ({ ...record, sessionId: `s\n${"9".repeat(300)}` })));
    const files = findTranscripts([source], tally).map((file) => ({ ...file, session: null }));
    async function* nothing(): AsyncGenerator<never> {}
    const events = await mapClaudeCode(files, { open: readLines, peek: nothing }, tally, line.LONG_AFTER);
    expect(events.map((event) => parseEvent(event)).filter((parsed) => !parsed.ok)).toEqual([]);
    expect(events[0]?.session_id).toMatch(/^s-9{98}$/);
  });

  it("says where transcripts are kept when a folder holds none", () => {
    expect(() => findTranscripts([mkdtempSync(join(scratch, "empty-"))], new Tally())).toThrow(
      /~\/.claude\/projects/,
    );
    expect(() => findTranscripts([join(scratch, "none")], new Tally())).toThrow(/no such file/);
  });
});

describe("recorded sessions", () => {
  it.skipIf(!existsSync(RECORDED))("[M1] uses what a recount of the lines says, twice the same", async () => {
    const { events, tally } = await read(RECORDED);
    const most = new Map<string, number>();
    for (const name of readdirSync(RECORDED)) {
      // Every usage block in the text, whatever it is wrapped in.
      for (const text of gunzipSync(readFileSync(join(RECORDED, name)))
        .toString()
        .split("\n")) {
        for (const match of text.matchAll(/"id":"(msg_\w+)","type":"message".*?"output_tokens":(\d+)/g))
          most.set(match[1] ?? "", Math.max(most.get(match[1] ?? "") ?? 0, Number(match[2])));
      }
    }
    const used = only(events, "tokens_used");
    expect(used.reduce((sum, { metrics }) => sum + (metrics?.["output_tokens"] ?? 0), 0)).toBe(
      [...most.values()].reduce((sum, tokens) => sum + tokens, 0),
    );
    expect(used).toHaveLength(most.size);
    expect(tally.records).toBe(1888);
    expect((await read(RECORDED)).events).toEqual(events);
  });

  it.skipIf(!existsSync(COUNTED))("[M1] counts to the token what another recorder counted", async () => {
    const meta = gunzipSync(readFileSync(COUNTED)).toString().trim().split("\n");
    const counted = meta.map((text) => JSON.parse(text) as { checkpoint_id?: string; token_usage?: object });
    for (const name of readdirSync(RECORDED)) {
      // `71_d4670c34ac_1` is a session of the checkpoint 71d4670c34ac.
      const checkpoint = name.split("_").slice(0, 2).join("");
      const calls = only((await read(join(RECORDED, name))).events, "tokens_used");
      // That recorder did not look into subagents.
      const main = calls.filter((event) => event.agent_role === "main");
      const sum = (metric: string) =>
        main.reduce((total, { metrics }) => total + (metrics?.[metric] ?? 0), 0);
      const theirs = counted.filter((one) => one.checkpoint_id === checkpoint).map((one) => one.token_usage);
      expect(theirs, name).toContainEqual({
        input_tokens: sum("input_tokens"),
        cache_creation_tokens: sum("cache_write_tokens"),
        cache_read_tokens: sum("cache_read_tokens"),
        output_tokens: sum("output_tokens"),
        api_call_count: main.length,
      });
    }
  });

  it.skipIf(!FIXTURES.every((path) => existsSync(path)))("reads sessions of many versions", async () => {
    const { events } = await read(FIXTURES);
    expect(only(events, "tokens_used").length).toBeGreaterThan(150);
  });
});
