/**
 * Tools, before and after they run.
 *
 * | hook                            | event                                                                |
 * |---------------------------------|----------------------------------------------------------------------|
 * | PreToolUse: Edit, Write, …      | file_locked                                                          |
 * | PreToolUse: AskUserQuestion     | clarification_requested                                              |
 * | PostToolUse, PostToolUseFailure | tool_called; of Edit, Write, …: file_unlocked                        |
 * | the same, of a test command     | test_passed, test_failed: by the exit code                           |
 * | PostToolUseFailure, interrupted | human_intervened                                                     |
 * | Pre- or PostToolUse: TaskUpdate | task_claimed, task_started, task_completed, task_failed (deleted)    |
 */
import type { OutgoingEvent } from "../../../schema/event/outgoing.ts";
import { countIn, flagIn, objectIn, textIn, type Payload } from "../payload.ts";
import { say, type Saying, type Scene } from "./scene.ts";
import { taskOf } from "./task.ts";
import { testRunnerOf } from "./test-command.ts";

const WRITERS = new Set(["Edit", "MultiEdit", "NotebookEdit", "Write"]);
const MAX_TOOL_CHARS = 200;
const MAX_PATH_CHARS = 1_000;

interface Call {
  id: string;
  tool: string;
  input: Payload;
  path: string | null;
  /** Of a tool that writes files. */
  writes: string | null;
}

function callOf({ payload }: Scene): Call | null {
  const id = textIn(payload, "tool_use_id");
  const tool = textIn(payload, "tool_name", MAX_TOOL_CHARS);
  if (id === null || tool === null) return null;
  const input = objectIn(payload, "tool_input");
  const path = pathIn(input, textIn(payload, "cwd"));
  return { id, tool, input, path, writes: WRITERS.has(tool) ? path : null };
}

export function readToolBefore(scene: Scene): OutgoingEvent[] {
  const call = callOf(scene);
  if (call === null) return [];
  const tell = (event_type: string, what: string, saying: Omit<Saying, "key">) =>
    say(scene, event_type, { ...saying, key: { id: `${call.id}#${what}` } });
  if (call.writes !== null) return [tell("file_locked", "lock", { metadata: { path: call.writes } })];
  if (call.tool === "AskUserQuestion")
    return [tell("clarification_requested", "ask", { metadata: { to: "user" } })];
  return call.tool === "TaskUpdate" && textIn(call.input, "status") === "in_progress"
    ? readTaskUpdate(scene, call)
    : [];
}

export function readToolAfter(scene: Scene, success: boolean): OutgoingEvent[] {
  const call = callOf(scene);
  if (call === null) return [];
  const { id, tool, input, path } = call;
  const interrupted = flagIn(scene.payload, "is_interrupt");
  const duration_ms = countIn(scene.payload, "duration_ms");
  const tell = (event_type: string, what: string, saying: Omit<Saying, "key">) =>
    say(scene, event_type, { ...saying, key: { id: `${id}${what}` } });
  const events = [
    tell("tool_called", "", {
      metadata: {
        tool,
        tool_call_id: id.slice(0, MAX_TOOL_CHARS),
        success,
        error_type: success ? null : interrupted ? "interrupted" : "error",
        path,
        server: /^mcp__(.+?)__/.exec(tool)?.[1],
      },
      metrics: { duration_ms },
    }),
  ];
  if (call.writes !== null)
    events.push(tell("file_unlocked", "#unlock", { metadata: { path: call.writes } }));
  if (interrupted)
    events.push(
      tell("human_intervened", "#interrupt", { metadata: { action: "interrupted", by: "user", tool } }),
    );
  const runner = tool === "Bash" && !interrupted ? testRunnerOf(textIn(input, "command") ?? "") : null;
  // One that goes on in the background has not run yet.
  if (runner !== null && !flagIn(input, "run_in_background"))
    events.push(
      tell(success ? "test_passed" : "test_failed", "#test", {
        metadata: { tool: runner, evidence: "exit_code" },
        metrics: { duration_ms },
      }),
    );
  if (success && tool === "TaskUpdate") events.push(...readTaskUpdate(scene, call));
  return events;
}

/** The same ids before and after, so that it is told once, whichever hook is set. */
function readTaskUpdate(scene: Scene, { id, input }: Call): OutgoingEvent[] {
  const number = textIn(input, "taskId");
  if (number === null) return [];
  const task = taskOf(scene, number);
  const owner = textIn(input, "owner", MAX_TOOL_CHARS);
  const tell = (event_type: string, metadata: Saying["metadata"] = {}) =>
    say(scene, event_type, { key: { id: `${id}#${event_type}` }, task, metadata });
  switch (textIn(input, "status")) {
    case "in_progress":
      return [tell("task_claimed", { assignee: owner }), tell("task_started")];
    case "completed":
      return [tell("task_completed")];
    case "deleted":
      return [tell("task_failed", { reason: "deleted from the list", retryable: false })];
    case null:
    default:
      return owner === null ? [] : [tell("task_claimed", { assignee: owner })];
  }
}

/** Inside the folder where the session works, or as it was given. */
function pathIn(input: Payload, cwd: string | null): string | null {
  const given = textIn(input, "file_path") ?? textIn(input, "notebook_path") ?? textIn(input, "path");
  if (given === null) return null;
  const folder = `${cwd?.replace(/[\\/]+$/, "") ?? ""}/`;
  const path = cwd !== null && given.startsWith(folder) ? given.slice(folder.length) : given;
  return (
    path
      .replace(/\p{Cc}+/gu, " ")
      .slice(0, MAX_PATH_CHARS)
      .toWellFormed() || null
  );
}
