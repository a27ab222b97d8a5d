/**
 * `POST /v1/hooks/claude-code`. Claude Code waits for the answer, so there is little to do: a key's tag, a
 * parse, one call of the room. A 2xx without a body changes nothing there; any other status is an error that
 * blocks nothing.
 */
import { adaptClaudeCode } from "../intake/claude-code/hooks.ts";
import { readPlainBytes } from "../intake/bytes.ts";
import { sha256Hex } from "../intake/hash.ts";
import type { Adapted } from "../intake/adapter.ts";
import type { Failure } from "../../schema/wire/error.ts";
import type { HttpContext, ProjectAccess, ProjectHandler, Reply } from "./context.ts";
import { createDeliver, type Deliver, type IntakeTools } from "./deliver.ts";

/** Bytes. The payload of PostToolUse holds what a tool gave back, a whole file perhaps. */
const MAX_HOOK_BYTES = 4 * 1024 * 1024;
const LIMITS = { max_bytes: MAX_HOOK_BYTES, max_drained_bytes: 2 * MAX_HOOK_BYTES };
const NOTHING: Adapted = { events: [], refused: [], ignored: {} };

export function acceptClaudeCode(tools: IntakeTools): ProjectHandler {
  const deliver = createDeliver(tools);
  return async (c, access) => {
    const read = await readHook(c, access, tools);
    // Also one that is refused is answered only to a key that is good (T4).
    const failure = await store(c, access, deliver, read.ok ? read.adapted : NOTHING);
    return failure ?? (read.ok ? new Response(null, { status: 204 }) : read.failure);
  };
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

type ReadHook = { ok: true; adapted: Adapted } | { ok: false; failure: Failure };

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
  const adapted = adaptClaudeCode(payload, { now_ms, settings, sha256: sha256Hex });
  const refused = adapted.refused[0];
  if (refused !== undefined) return { ok: false, failure: { code: "invalid", message: refused.message } };
  return { ok: true, adapted };
}
