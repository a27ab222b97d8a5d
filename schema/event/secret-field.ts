/**
 * Fields whose name alone says that their value is a secret: the value goes,
 * whatever it is and however harmless it looks (P1).
 */
import type { Json } from "./event.ts";
import { isSecretFieldName } from "./secret/secret.ts";

/**
 * Names that elsewhere may be harmless (a parser has tokens), but not as a key
 * of an event's metadata, where counts are called `tokens` or stand in metrics.
 */
const SECRET_NAMES: ReadonlySet<string> = new Set([
  "token",
  "cookie",
  "cookies",
  "credential",
  "credentials",
  "jwt",
  "bearer",
]);

/** The parts that any of these names holds: one cheap test before a name is read word by word. */
const NAME_HINT = /pass|secret|token|key|auth|cookie|credential|jwt|bearer|connection/i;

/** `pwd` is left to the scan of values: it is a shell's working directory as often as a password. */
export function isSecretField(name: string): boolean {
  return NAME_HINT.test(name) && (SECRET_NAMES.has(name.toLowerCase()) || isSecretFieldName(name));
}

const REDACTED_FIELD = "[redacted:field]";

/** Returns the metadata with secret fields replaced, at any depth; untouched parts are shared with the input. */
export function redactSecretFields(metadata: { [key: string]: Json }): { [key: string]: Json } {
  let copy: { [key: string]: Json } | null = null;
  for (const key of Object.keys(metadata)) {
    const value = metadata[key] ?? null;
    const redacted = isSecretField(key) ? REDACTED_FIELD : inside(value);
    if (redacted === value) continue;
    copy ??= { ...metadata };
    copy[key] = redacted;
  }
  return copy ?? metadata;
}

function inside(value: Json): Json {
  if (typeof value !== "object" || value === null) return value;
  if (!Array.isArray(value)) return redactSecretFields(value);
  const items = value.map(inside);
  return items.some((item, index) => item !== value[index]) ? items : value;
}
