/** JSON bodies of the dashboard's own routes: small, and read once into a schema. */
import type { z } from "zod";
import type { ErrorCode, Failure } from "../../schema/wire/error.ts";
import type { HttpContext } from "./context.ts";

/** The largest of them, a sign-up, is well under 1 KiB. */
const MAX_BODY_BYTES = 16 * 1024;

type Read<T> = { ok: true; value: T } | { ok: false; failure: Failure };

function refuse(code: ErrorCode, message: string, details?: unknown): { ok: false; failure: Failure } {
  return { ok: false, failure: { code, message, details } };
}

/**
 * Takes the whole body in, before anybody looks up what its sender may do: one who holds the rest of it back
 * must not act by rights that he has lost since (T4).
 */
export async function receiveBody(c: HttpContext): Promise<void> {
  try {
    c.set("body", { text: await readText(c.req.raw.body) });
  } catch {
    // The sender hung up in the middle; anybody can, so it is not worth a line in the log.
    c.set("body", "broken");
  }
}

export async function readJson<T>(c: HttpContext, schema: z.ZodType<T>): Promise<Read<T>> {
  const type = c.req.header("content-type")?.split(";")[0]?.trim().toLowerCase();
  if (type !== "application/json") {
    return refuse("unsupported_media_type", "Send a JSON body with `Content-Type: application/json`.");
  }
  const body = c.get("body");
  if (body === "broken") return refuse("malformed", "The body broke off. Send it again, whole.");
  const { text } = body;
  if (text === null) {
    return refuse("too_large", `The body is larger than ${MAX_BODY_BYTES} bytes. Send less.`);
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    // The parser's own message quotes the body, which may hold a password.
    return refuse("malformed", "The body is not JSON. Check quotes, commas and the encoding (UTF-8).");
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return { ok: true, value: parsed.data };
  const issues = parsed.error.issues.map((issue) => ({
    field: issue.path.join("."),
    message: issue.message,
  }));
  const message = issues.map((issue) => (issue.field ? `${issue.field}: ${issue.message}` : issue.message));
  return refuse("invalid", message.join("; "), issues);
}

/** Null when it is larger than the limit; no more than that is ever held. */
async function readText(body: ReadableStream<Uint8Array> | null): Promise<string | null> {
  if (body === null) return "";
  const decoder = new TextDecoder();
  let bytes = 0;
  let text = "";
  for await (const chunk of body) {
    bytes += chunk.byteLength;
    if (bytes > MAX_BODY_BYTES) return null;
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}
