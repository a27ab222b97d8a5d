/**
 * `POST /v1/hooks/github/<cfh_project_id_tag>`:
 *
 *   tag (T3) ─▶ body, ≤ 4 MiB ─▶ signature ─▶ JSON or form ─▶ events ─▶ room: revoked? (T4), append
 *
 * Nothing of the body is parsed before its signature is proven, and no room is asked.
 */
import type { ErrorCode, Failure } from "../../schema/wire/error.ts";
import { hookSecret, isSignedBy, verifyHookTag } from "../account/hook-text.ts";
import { sha256 } from "../account/tag.ts";
import { readPlainBytes } from "../intake/bytes.ts";
import { adaptGitHub } from "../intake/github/github.ts";
import { sha256Hex } from "../intake/hash.ts";
import { openRoom } from "./access.ts";
import type { HttpContext, OpenHandler, ProjectAccess, Reply } from "./context.ts";
import { createDeliver, type Deliver, type IntakeTools } from "./deliver.ts";
import { refuseKey } from "./rate.ts";

/**
 * Bytes. GitHub's largest delivery that says something here is a push of 2,048 commits of about 1.3 KB each; it
 * would send up to 25 MB, which is more than a Worker should hold.
 */
const MAX_DELIVERY_BYTES = 4 * 1024 * 1024;
const LIMITS = { max_bytes: MAX_DELIVERY_BYTES, max_drained_bytes: 2 * MAX_DELIVERY_BYTES };

const NO_HOOK: Failure = {
  code: "not_found",
  message:
    "There is no such hook. Copy its address again from the project's settings, and check that it is whole.",
};

export function acceptGitHub(tools: IntakeTools): OpenHandler {
  const deliver = createDeliver(tools);
  return (c) => postDelivery(c, deliver, tools);
}

async function postDelivery(c: HttpContext, deliver: Deliver, { readIntake }: IntakeTools): Promise<Reply> {
  const hook = verifyHookTag(c.env.KEY_SECRET, c.req.param("hook") ?? "");
  if (hook === null) return NO_HOOK;
  const limited = await refuseKey(c, hook.hook_id);
  if (limited !== null) return limited;
  const body = await readPlainBytes(c.req.raw, LIMITS);
  if (!body.ok) return body.failure;
  const secret = hookSecret(c.env.KEY_SECRET, hook);
  const refused = refuseSignature(c.req.header("x-hub-signature-256"), secret, body.bytes);
  if (refused !== null) return refused;
  const payload = readPayload(c.req.header("content-type"), body.bytes);
  if (!payload.ok) return payload.failure;

  const principal = { kind: "key", key_id: hook.hook_id, secret_sha256: sha256(secret) } as const;
  const { project_id } = hook;
  const access: ProjectAccess = { project_id, principal, room: openRoom(c, project_id) };
  const now_ms = Date.now();
  const settings = await readIntake(c.env.DB, project_id, now_ms);
  const adapted = adaptGitHub(
    { event: c.req.header("x-github-event") ?? "", payload: payload.value },
    { now_ms, settings, sha256: sha256Hex },
  );
  const delivered = await deliver(c, access, adapted, "github");
  return delivered.ok ? Response.json(delivered.reply) : delivered.failure;
}

function refuseSignature(header: string | undefined, secret: string, body: Uint8Array): Failure | null {
  if (header === undefined) {
    const message =
      "The delivery is not signed. Enter the hook's secret under Secret in GitHub's form of the webhook.";
    return { code: "unauthenticated", message };
  }
  if (isSignedBy(secret, body, header)) return null;
  const message =
    "The signature does not fit. Enter the secret of this hook at GitHub, or make a new hook when it is lost.";
  return { code: "unauthenticated", message };
}

type ReadPayload = { ok: true; value: unknown } | { ok: false; failure: Failure };

/** GitHub's form offers both types; a form has the JSON in its field `payload`. */
function readPayload(content_type: string | undefined, body: Uint8Array): ReadPayload {
  const type = content_type?.split(";")[0]?.trim().toLowerCase();
  const text = new TextDecoder().decode(body);
  if (type === "application/json") return parse(text);
  if (type === "application/x-www-form-urlencoded") return parse(new URLSearchParams(text).get("payload"));
  return refuse("unsupported_media_type", "Choose application/json as the Content type at GitHub.");
}

function parse(text: string | null): ReadPayload {
  try {
    const value: unknown = JSON.parse(text ?? "");
    return { ok: true, value };
  } catch {
    // The parser's own message quotes the body.
    return refuse("malformed", "The payload is not JSON. Send what GitHub sends, unchanged.");
  }
}

function refuse(code: ErrorCode, message: string): { ok: false; failure: Failure } {
  return { ok: false, failure: { code, message } };
}
