/**
 * `POST /v1/hooks/claude-code`. Claude Code waits for the answer, so there is little to do: a key's tag, a
 * parse, one call of the room. A 2xx without a body changes nothing there; any other status is an error that
 * blocks nothing.
 *
 * Where the project enforces its budgets, a tool is denied while a hard budget is used up, and only then. Where it
 * hands out lessons, a prompt is answered with those that fit it (hook-lessons.ts).
 */
import { adaptClaudeCode } from "../intake/claude-code/hooks.ts";
import { readPlainBytes } from "../intake/bytes.ts";
import { sha256Hex } from "../intake/hash.ts";
import type { Adapted, IntakeContext } from "../intake/adapter.ts";
import { sceneOf } from "../intake/claude-code/scene.ts";
import { isPayload, textIn } from "../intake/payload.ts";
import type { Spender } from "../../schema/state/budget.ts";
import type { Failure } from "../../schema/wire/error.ts";
import type { HttpContext, ProjectAccess, ProjectHandler, Reply } from "./context.ts";
import { lessonsForPrompt, type Prompt } from "./hook-lessons.ts";
import type { LearningTools } from "./learning-tools.ts";
import { standingText } from "./reserve.ts";
import { createDeliver, type Deliver, type IntakeTools } from "./deliver.ts";

/** Bytes. The payload of PostToolUse holds what a tool gave back, a whole file perhaps. */
const MAX_HOOK_BYTES = 4 * 1024 * 1024;
const LIMITS = { max_bytes: MAX_HOOK_BYTES, max_drained_bytes: 2 * MAX_HOOK_BYTES };
const PRE_TOOL = "PreToolUse";
const PROMPT = "UserPromptSubmit";
const NOTHING: Adapted = { events: [], refused: [], ignored: {} };

export function acceptClaudeCode(tools: IntakeTools, learning: LearningTools): ProjectHandler {
  const deliver = createDeliver(tools);
  return async (c, access) => {
    const read = await readHook(c, access, tools);
    // Also one that is refused is answered only to a key that is good (T4).
    const failure = await store(c, access, deliver, read.ok ? read.adapted : NOTHING);
    if (failure !== null) return failure;
    if (!read.ok) return read.failure;
    const lessons = read.prompt === null ? "" : await lessonsForPrompt(learning, c, access, read.prompt);
    if (lessons !== "") return Response.json(additionalContext(lessons));
    const reason = read.spender === null ? null : await reasonToDeny(access, read.spender);
    return reason === null ? new Response(null, { status: 204 }) : Response.json(denial(reason));
  };
}

/** Null: the tool may run. A room that cannot tell denies nothing. */
async function reasonToDeny({ room, principal }: ProjectAccess, spender: Spender): Promise<string | null> {
  const reply = await room.budget(principal, { kind: "check", spender });
  if (!reply.ok || reply.kind !== "checked" || reply.over === null) return null;
  const { budget, standing } = reply.over;
  return `${standingText(budget, standing)} Stop, and ask a person to raise it.`;
}

/** Claude Code's own words for it: https://code.claude.com/docs/en/hooks#pretooluse-decision-control */
function denial(reason: string): object {
  const decision = { permissionDecision: "deny", permissionDecisionReason: reason };
  return { hookSpecificOutput: { hookEventName: PRE_TOOL, ...decision } };
}

/** https://code.claude.com/docs/en/hooks#userpromptsubmit-decision-control */
function additionalContext(text: string): object {
  return { hookSpecificOutput: { hookEventName: PROMPT, additionalContext: text } };
}

async function store(
  c: HttpContext,
  access: ProjectAccess,
  deliver: Deliver,
  adapted: Adapted,
): Promise<Reply | null> {
  const delivered = await deliver(c, access, adapted, "claude-code");
  return delivered.ok ? null : delivered.failure;
}

/**
 * `spender`: whose tool is about to run, where budgets are enforced; `prompt`: what was asked of the agent, where
 * lessons are handed out.
 */
type ReadHook =
  | { ok: true; adapted: Adapted; spender: Spender | null; prompt: Prompt | null }
  | { ok: false; failure: Failure };

async function readHook(
  c: HttpContext,
  { project_id }: ProjectAccess,
  { readIntake }: IntakeTools,
): Promise<ReadHook> {
  const type = c.req.header("content-type")?.split(";")[0]?.trim().toLowerCase();
  if (type !== "application/json") {
    const message = "Send the hook's JSON with Content-Type: application/json, as hooks of type http do.";
    return { ok: false, failure: { code: "unsupported_media_type", message } };
  }
  const body = await readPlainBytes(c.req.raw, LIMITS);
  if (!body.ok) return body;
  let payload: unknown;
  try {
    payload = JSON.parse(new TextDecoder().decode(body.bytes));
  } catch {
    // The parser's own message quotes the body.
    const message = "The body is not JSON. Set the hook's type to http, and send nothing by hand.";
    return { ok: false, failure: { code: "malformed", message } };
  }
  const now_ms = Date.now();
  const settings = await readIntake(c.env.DB, project_id, now_ms);
  const context = { now_ms, settings, sha256: sha256Hex };
  const adapted = adaptClaudeCode(payload, context);
  const refused = adapted.refused[0];
  if (refused !== undefined) return { ok: false, failure: { code: "invalid", message: refused.message } };
  return {
    ...{ ok: true, adapted },
    spender: settings.enforce_budgets ? spenderOf(payload, context) : null,
    prompt: settings.deliver_lessons ? promptOf(payload, context) : null,
  };
}

function promptOf(payload: unknown, context: IntakeContext): Prompt | null {
  if (!isPayload(payload) || payload["hook_event_name"] !== PROMPT) return null;
  const text = textIn(payload, "prompt");
  const scene = sceneOf(payload, context);
  return text === null || scene === null ? null : { text, task: scene.session_task };
}

function spenderOf(payload: unknown, context: IntakeContext): Spender | null {
  if (!isPayload(payload) || payload["hook_event_name"] !== PRE_TOOL) return null;
  const scene = sceneOf(payload, context);
  return scene && { agent: scene.agent_id, role: scene.role, feature_id: scene.feature };
}
