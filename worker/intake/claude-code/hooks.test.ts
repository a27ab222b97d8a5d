import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { normalise } from "../../../schema/event/normalise.ts";
import { apply, createState } from "../../../schema/state/apply.ts";
import { DEFAULT_INTAKE } from "../../../schema/wire/intake.ts";
import type { IntakeContext } from "../adapter.ts";
import type { OutgoingEvent } from "../../../schema/event/outgoing.ts";
import { sha256Hex } from "../hash.ts";
import { adaptClaudeCode, CLAUDE_CODE_HOOKS } from "./hooks.ts";
import { testRunnerOf } from "./test-command.ts";

const CANARY = "CANARY-secret words";
const SESSION = "0a1b2c3d-4e5f-4061-8071-2a3b4c5d6e7f";
const NOW_MS = Date.UTC(2026, 10, 22, 12);
const context: IntakeContext = { now_ms: NOW_MS, settings: DEFAULT_INTAKE, sha256: sha256Hex };
const keeping: IntakeContext = { ...context, settings: { ...DEFAULT_INTAKE, content: true } };

type Fields = Record<string, unknown>;
const hook = (hook_event_name: string, fields: Fields = {}): Fields => ({
  session_id: SESSION,
  transcript_path: `/home/a/.claude/projects/x/${SESSION}.jsonl`,
  cwd: "/home/a/shop/.claude/worktrees/agent-1",
  permission_mode: "default",
  hook_event_name,
  ...fields,
});
const tool = (hook_event_name: string, tool_name: string, tool_input: Fields, fields: Fields = {}) =>
  hook(hook_event_name, { tool_name, tool_input, tool_use_id: "toolu_01AbC", ...fields });
const read = (payload: unknown, by = context): OutgoingEvent[] => adaptClaudeCode(payload, by).events;
const types = (payload: unknown) => read(payload).map(({ event_type }) => event_type);

const SESSION_TASK = `session-${SESSION}`;
const MAIN = "claude-code:0a1b2c3d";
const SUBAGENT = { agent_id: "a99", agent_type: "Explore" };

const ALL: Fields[] = [
  hook("UserPromptSubmit", { prompt: CANARY }),
  tool("PreToolUse", "Edit", {
    file_path: "/home/a/shop/.claude/worktrees/agent-1/src/a.ts",
    old_string: CANARY,
    new_string: CANARY,
  }),
  tool(
    "PostToolUse",
    "Edit",
    { file_path: "/etc/b", new_string: CANARY },
    { tool_response: { content: CANARY } },
  ),
  tool("PreToolUse", "AskUserQuestion", { questions: [CANARY] }),
  tool("PostToolUse", "Bash", { command: `npm test # ${CANARY}` }, { tool_response: { stdout: CANARY } }),
  tool("PostToolUseFailure", "Bash", { command: "pytest -q" }, { error: CANARY, is_interrupt: false }),
  tool("PostToolUseFailure", "mcp__db__query", { sql: CANARY }, { error: CANARY, is_interrupt: true }),
  tool("PreToolUse", "TaskUpdate", { taskId: "3", status: "in_progress", owner: "alice" }),
  tool("PostToolUse", "TaskUpdate", { taskId: "3", status: "completed" }),
  hook("TaskCreated", { task_id: "3", task_subject: "Add login", task_description: CANARY }),
  hook("TaskCompleted", {
    task_id: "3",
    task_subject: "Add login",
    teammate_name: "alice",
    team_name: "shop",
  }),
  hook("SubagentStart", SUBAGENT),
  hook("SubagentStop", { ...SUBAGENT, last_assistant_message: CANARY, stop_hook_active: false }),
  hook("Stop", { last_assistant_message: CANARY, stop_hook_active: false }),
  hook("TeammateIdle", { teammate_name: "alice", team_name: "shop" }),
  hook("Notification", { notification_type: "permission_prompt", message: CANARY, title: CANARY }),
  hook("Notification", { notification_type: "idle_prompt", message: CANARY }),
  hook("StopFailure", { error: "rate_limit", error_details: CANARY }),
  hook("PreCompact", { trigger: "auto", custom_instructions: CANARY }),
  hook("SessionEnd", { reason: "logout" }),
];

function stored(event: OutgoingEvent) {
  const options = {
    source: "claude-code",
    key_id: "k",
    mintId: () => "minted",
    sha256Hex,
    pseudonym: () => "p",
  };
  const result = normalise(event, options);
  if (!result.ok) throw new Error(`${JSON.stringify(event)}: ${result.message}`);
  return result.event;
}

describe("Claude Code's hooks", () => {
  it("tell who, where and what", () => {
    expect(read(ALL[0]).map(({ event_type, id }) => [event_type, id])).toEqual([
      ["feature_requested", `cc-${SESSION}-feature_requested-session`],
      ["task_created", `cc-${SESSION}-task_created-session`],
      ["agent_initialized", `cc-${SESSION}-agent_initialized-session`],
      ["task_started", `cc-${SESSION}-task_started-session`],
      ["agent_reasoning_started", expect.stringMatching(/^cc-.*-[0-9a-f]{20}-\d+$/)],
    ]);
    expect(read(ALL[0])[1]).toMatchObject({
      agent_id: MAIN,
      agent_role: "main",
      task_id: SESSION_TASK,
      feature_id: SESSION_TASK,
      session_id: SESSION,
      metadata: { title: "shop, session 0a1b2c3d", kind: "session" },
    });
  });

  it("lock a file before it is written and release it afterwards, also when that failed", () => {
    const input = { file_path: "/home/a/shop/.claude/worktrees/agent-1/src/a.ts" };
    expect(read(tool("PreToolUse", "Write", input))).toMatchObject([
      { id: "toolu_01AbC#lock", event_type: "file_locked", metadata: { path: "src/a.ts" } },
    ]);
    for (const name of ["PostToolUse", "PostToolUseFailure"])
      expect(read(tool(name, "Write", input))).toMatchObject([
        { id: "toolu_01AbC", event_type: "tool_called", metadata: { success: name === "PostToolUse" } },
        { id: "toolu_01AbC#unlock", event_type: "file_unlocked", metadata: { path: "src/a.ts" } },
      ]);
    expect(types(tool("PreToolUse", "Read", input))).toEqual([]);
  });

  it("take a test command's exit code, where it is the tests' own", () => {
    const run = (command: string, name = "PostToolUse", fields: Fields = {}) =>
      types(tool(name, "Bash", { command, ...fields }));
    expect(run("cd app && npm test 2>&1")).toEqual(["tool_called", "test_passed"]);
    expect(run("npx vitest run", "PostToolUseFailure")).toEqual(["tool_called", "test_failed"]);
    expect(run("npm test | tail -5")).toEqual(["tool_called"]);
    expect(run("npm test || true")).toEqual(["tool_called"]);
    expect(run("npm test; echo done")).toEqual(["tool_called"]);
    expect(run("npm test", "PostToolUse", { run_in_background: true })).toEqual(["tool_called"]);
    expect(testRunnerOf("x".repeat(5_000) + " vitest")).toBeNull();
    const broken_off = tool("PostToolUseFailure", "Bash", { command: "pytest" }, { is_interrupt: true });
    expect(types(broken_off)).toEqual(["tool_called", "human_intervened"]);
  });

  it("a claim is told once, whether the hook before, after or both are set", () => {
    const update = { taskId: "3", status: "in_progress", owner: "alice" };
    const before = read(tool("PreToolUse", "TaskUpdate", update));
    const after = read(tool("PostToolUse", "TaskUpdate", update));
    expect(before.map(({ event_type }) => event_type)).toEqual(["task_claimed", "task_started"]);
    expect(before[0]).toMatchObject({ task_id: `${SESSION_TASK}/task-3`, metadata: { assignee: "alice" } });
    expect(after.slice(1)).toEqual(before);
  });

  it("a subagent is an agent of its session, and hands in without ending the session's task", () => {
    const state = createState();
    const payloads = [ALL[0], hook("SubagentStart", SUBAGENT), hook("SubagentStop", SUBAGENT)];
    for (const [index, event] of payloads.flatMap((payload) => read(payload)).entries())
      apply(state, { ...stored(event), seq: index + 1, received_at: event.timestamp });
    expect(state.agents.get(`${MAIN}/a99`)).toMatchObject({ role: "Explore", status: "stopped" });
    expect(state.open_tasks.get(SESSION_TASK)).toMatchObject({ status: "in_progress", assignee: MAIN });
  });

  it("teammates share one list of tasks over their sessions", () => {
    const by = (session_id: string) =>
      read(
        hook("TaskCreated", {
          session_id,
          task_id: "1",
          task_subject: "x",
          teammate_name: "bob",
          team_name: "shop",
        }),
      );
    expect(by("one-session")[0]?.task_id).toBe("team-shop/task-1");
    expect(by("two-session")[0]?.task_id).toBe("team-shop/task-1");
    expect(by("one-session")[0]?.agent_id).toBe("claude-code:one-sess/bob");
  });
});

describe("all of them", () => {
  it("there is a reader for each hook that is to be set", () => {
    expect(new Set(ALL.map(({ hook_event_name }) => hook_event_name))).toEqual(new Set(CLAUDE_CODE_HOOKS));
    for (const payload of ALL) expect(types(payload), JSON.stringify(payload)).not.toEqual([]);
  });

  it("[P1] keep no prompt, input, result or message unless the project says so", () => {
    expect(JSON.stringify(ALL)).toContain(CANARY);
    expect(JSON.stringify(ALL.map((payload) => read(payload)))).not.toContain("CANARY");
    expect(JSON.stringify(ALL.map((payload) => read(payload, keeping)))).toContain(CANARY);
  });

  it("[L2] a retry is a duplicate; the same words a minute later are not", () => {
    for (const payload of ALL) {
      const ids = (now_ms: number) =>
        read(structuredClone(payload), { ...context, now_ms }).map(({ id }) => id);
      expect(ids(NOW_MS + 3_000)).toEqual(ids(NOW_MS));
      if ("tool_use_id" in payload || "task_id" in payload) expect(ids(NOW_MS + 60_000)).toEqual(ids(NOW_MS));
    }
    const stop = hook("Stop");
    const at = (payload: Fields, now_ms: number) => read(payload, { ...context, now_ms })[0]?.id;
    expect(at(stop, NOW_MS + 60_000)).not.toBe(at(stop, NOW_MS));
    const prompted = hook("Stop", { prompt_id: "p-1" });
    expect(at(prompted, NOW_MS + 60_000)).toBe(at(prompted, NOW_MS));
  });

  it("give events that may enter as they are, with ids that are unique", () => {
    for (const by of [context, keeping]) {
      const events = ALL.flatMap((payload) => read(payload, by));
      for (const event of events) {
        expect(event.id.length).toBeLessThanOrEqual(128);
        stored(event);
      }
    }
    for (const payload of ALL) {
      const ids = read(payload).map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
    }
  });

  it.each([
    null,
    undefined,
    1,
    "x",
    [],
    {},
    { session_id: 5 },
    { session_id: "s" },
    { hook_event_name: "Stop" },
  ])("%j is refused with what is missing", (payload) => {
    expect(adaptClaudeCode(payload, context)).toMatchObject({ events: [], refused: [{ index: 0 }] });
  });

  it("other hooks are ignored by name; a name that is none is not repeated", () => {
    expect(adaptClaudeCode(hook("WorktreeCreate", { name: "x" }), context).ignored).toEqual({
      WorktreeCreate: 1,
    });
    expect(adaptClaudeCode(hook("<b>"), context).ignored).toEqual({ "a hook without a name": 1 });
  });

  it("[P1] a sentence where a word is expected is kept only where the project keeps what is said", () => {
    for (const payload of [
      hook("StopFailure", { error: CANARY }),
      hook("SessionEnd", { reason: CANARY }),
      hook("PreCompact", { trigger: CANARY }),
    ]) {
      expect(JSON.stringify(read(payload))).not.toContain(CANARY);
      expect(JSON.stringify(read(payload, keeping))).toContain(CANARY);
    }
    expect(read(hook("StopFailure", { error: "rate_limit" }))).toMatchObject([
      { metadata: { error_type: "rate_limit" } },
    ]);
  });

  it("[S3] any JSON in any field gives a value, and only events that may be stored", () => {
    const fields = [...new Set(ALL.flatMap((payload) => Object.keys(payload)))];
    fc.assert(
      fc.property(
        fc.constantFrom(...ALL),
        fc.constantFrom(...fields),
        fc.oneof(fc.jsonValue(), fc.string({ unit: "binary", maxLength: 400 })),
        (payload, field, junk) => {
          for (const event of read({ ...payload, [field]: junk }, keeping)) stored(event);
        },
      ),
      { numRuns: 2_000 },
    );
  });
});
