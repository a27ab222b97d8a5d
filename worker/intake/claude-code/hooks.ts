/**
 * Claude Code's hooks of type `http`: one event per request.
 *
 * | hook                         | event                                                                        |
 * |------------------------------|------------------------------------------------------------------------------|
 * | UserPromptSubmit             | feature_requested, task_created, task_started, agent_initialized: the session, once; agent_reasoning_started |
 * | Pre-, PostToolUse, PostToolUseFailure | see tool.ts                                                         |
 * | TaskCreated, TaskCompleted   | task_created, task_completed                                                 |
 * | SubagentStart, SubagentStop  | agent_initialized; agent_submitted, agent_stopped                            |
 * | Stop, TeammateIdle, Notification "idle_prompt" | agent_idle                                                 |
 * | Notification "permission_prompt", "elicitation_dialog" | escalated_to_user                                  |
 * | StopFailure                  | agent_crashed                                                                |
 * | PreCompact                   | context_window_filled                                                        |
 * | SessionEnd                   | agent_stopped                                                                |
 *
 * Prompts, messages, inputs and results of tools are not kept unless the project
 * says so. SessionStart and Setup take no http hooks; one on WorktreeCreate would
 * have to make the worktree, so it must not be set.
 */
import type { Adapter } from "../adapter.ts";
import type { OutgoingEvent } from "../../../schema/event/outgoing.ts";
import { isPayload, textIn } from "../payload.ts";
import { SESSION_KEY, keep, occurrence, prose, repositoryOf, say, sceneOf, type Scene } from "./scene.ts";
import { readTask, teammateOf } from "./task.ts";
import { readToolAfter, readToolBefore } from "./tool.ts";

const MAX_WORD_CHARS = 100;

const READERS: ReadonlyMap<string, (scene: Scene) => OutgoingEvent[]> = new Map<
  string,
  (scene: Scene) => OutgoingEvent[]
>([
  ["UserPromptSubmit", readPrompt],
  ["PreToolUse", readToolBefore],
  ["PostToolUse", (scene) => readToolAfter(scene, true)],
  ["PostToolUseFailure", (scene) => readToolAfter(scene, false)],
  ["TaskCreated", (scene) => readTask(scene, "task_created")],
  ["TaskCompleted", (scene) => readTask(scene, "task_completed")],
  ["SubagentStart", readSubagentStart],
  ["SubagentStop", readSubagentStop],
  ["Stop", (scene) => [idle(scene, "turn ended")]],
  ["TeammateIdle", (scene) => [idle(scene, "teammate idle")]],
  ["Notification", readNotification],
  ["StopFailure", readCrash],
  ["PreCompact", readCompaction],
  ["SessionEnd", readSessionEnd],
]);

/** The hooks to be set, in the order of a session. */
export const CLAUDE_CODE_HOOKS = [...READERS.keys()];

/** `rate_limit`, `prompt_input_exit`, `auto`. */
const HOOK_WORD = /^[\w-]+$/;

/** A name of Claude Code's, and not of somebody's making. */
const HOOK_NAME = /^[A-Za-z]{1,60}$/;

export const adaptClaudeCode: Adapter<unknown> = (payload, context) => {
  const scene = isPayload(payload) ? sceneOf(payload, context) : null;
  const hook = isPayload(payload) ? textIn(payload, "hook_event_name") : null;
  if (scene === null || hook === null) {
    const message = "A hook's payload has session_id and hook_event_name. Set the hook's type to http.";
    return { events: [], refused: [{ index: 0, message }], ignored: {} };
  }
  const events = READERS.get(hook)?.(scene) ?? [];
  const name = HOOK_NAME.test(hook) ? hook : "a hook without a name";
  return { events, refused: [], ignored: events.length > 0 ? {} : { [name]: 1 } };
};

/** The first thing that a session tells: SessionStart has no http hook. */
function readPrompt(scene: Scene): OutgoingEvent[] {
  const { payload, context, session, main_agent } = scene;
  const prompt = textIn(payload, "prompt");
  const title = `${repositoryOf(textIn(payload, "cwd"))}, session ${session.slice(0, 8)}`;
  const metadata = { title, title_guessed: true, kind: "session" };
  const once = { key: SESSION_KEY, agent_id: main_agent, role: "main" };
  return [
    say(scene, "feature_requested", { ...once, task: null, metadata }),
    say(scene, "task_created", { ...once, metadata }),
    say(scene, "agent_initialized", { ...once, metadata: { runtime: "claude-code", role: "main" } }),
    say(scene, "task_started", once),
    say(scene, "agent_reasoning_started", {
      key: occurrence(scene),
      metadata: {
        about: prose(prompt, context),
        prompt: context.settings.content ? null : keep(prompt, context),
      },
      metrics: { prompt_chars: prompt?.length },
    }),
  ];
}

function readSubagentStart(scene: Scene): OutgoingEvent[] {
  const { main_agent, agent_id, role } = scene;
  if (agent_id === main_agent) return [];
  return [
    say(scene, "agent_initialized", {
      key: agent_id,
      metadata: { runtime: "claude-code", role, parent_agent: main_agent },
    }),
  ];
}

/** It hands in its part, not the session's task: that is not in review by it. */
function readSubagentStop(scene: Scene): OutgoingEvent[] {
  const { payload, context, main_agent, agent_id } = scene;
  if (agent_id === main_agent) return [];
  const message = textIn(payload, "last_assistant_message");
  const key = `${agent_id}-${occurrence(scene)}`;
  return [
    say(scene, "agent_submitted", {
      key,
      task: null,
      metadata: { to: main_agent, summary: prose(message, context) },
      metrics: { summary_chars: message?.length },
    }),
    say(scene, "agent_stopped", { key, task: null }),
  ];
}

/** One of the words that Claude Code has for it; a sentence is kept only where the project keeps what is said. */
function wordIn({ payload, context }: Scene, key: string): string | null {
  const text = textIn(payload, key, MAX_WORD_CHARS);
  return text !== null && HOOK_WORD.test(text) ? text : prose(text, context);
}

function idle(scene: Scene, reason: string): OutgoingEvent {
  return say(scene, "agent_idle", { ...teammateOf(scene), key: occurrence(scene), metadata: { reason } });
}

const ESCALATIONS: ReadonlyMap<string, string> = new Map([
  ["permission_prompt", "approval"],
  ["elicitation_dialog", "decision"],
]);

function readNotification(scene: Scene): OutgoingEvent[] {
  const { payload, context } = scene;
  const type = textIn(payload, "notification_type") ?? "";
  if (type === "idle_prompt") return [idle(scene, "waits for a prompt")];
  const kind = ESCALATIONS.get(type);
  if (kind === undefined) return [];
  const reason = prose(textIn(payload, "message"), context) ?? `Claude Code waits: ${type.replace("_", " ")}`;
  return [
    say(scene, "escalated_to_user", { key: occurrence(scene), metadata: { kind, to: "user", reason } }),
  ];
}

function readCrash(scene: Scene): OutgoingEvent[] {
  const error_type = wordIn(scene, "error") ?? "unknown";
  return [say(scene, "agent_crashed", { key: occurrence(scene), metadata: { error_type } })];
}

function readCompaction(scene: Scene): OutgoingEvent[] {
  const trigger = wordIn(scene, "trigger");
  return [
    say(scene, "context_window_filled", {
      key: occurrence(scene),
      metadata: { action: "compacted", trigger },
    }),
  ];
}

function readSessionEnd(scene: Scene): OutgoingEvent[] {
  const reason = wordIn(scene, "reason") ?? "the session ended";
  return [say(scene, "agent_stopped", { key: occurrence(scene), metadata: { reason } })];
}
