/** Reads the short texts of the envelope: ids, names and the event type. */
import { MAX_QUOTED_CHARS, MAX_TYPE_CHARS } from "./limits.ts";
import type { RejectionCode } from "./rejection.ts";
import { redactSecretsInText } from "./secret/secret.ts";
import { isReservedType } from "./type.ts";

export interface Refusal {
  ok: false;
  code: RejectionCode;
  message: string;
}

export type ReadText = { ok: true; value: string } | Refusal;

/** Dotted lower_snake: `tokens_used`, `deploy.started`. */
const TYPE_FORM = /^[a-z][a-z0-9_]*(?:\.[a-z0-9_]+)*$/;

export function readType(value: unknown, internal: boolean): ReadText {
  if (typeof value !== "string" || value.length > MAX_TYPE_CHARS || !TYPE_FORM.test(value)) {
    const shown = typeof value === "string" ? `is ${quote(value)}` : `is of type ${typeof value}`;
    const form = `lower_snake or dotted words of at most ${MAX_TYPE_CHARS} characters`;
    return refuse(
      "invalid_field",
      `event_type ${shown}. Send ${form}, like "task_completed" or "deploy.started".`,
    );
  }
  if (!internal && isReservedType(value)) {
    const instead = `Use a name of your own, like "custom.${value}"`;
    return refuse("reserved", `${value} is decided by Clusterfork and cannot be sent. ${instead}.`);
  }
  return { ok: true, value };
}

/** Almost all ids: nothing in them is half a character, or a control. */
const PRINTABLE = /^[ -~]+$/;
/** Control characters split log lines and hide in terminals. */
const CONTROL = /\p{Cc}/u;

export function readRef(field: string, value: unknown, max_chars: number, otherwise: string): ReadText {
  if (typeof value !== "string") {
    return refuse("invalid_field", `${field} must be a string, not of type ${typeof value}; ${otherwise}.`);
  }
  if (value.length === 0) return refuse("invalid_field", `${field} is empty; ${otherwise}.`);
  if (value.length > max_chars) {
    const size = `${value.length} characters long, more than ${max_chars}`;
    return refuse("invalid_field", `${field} is ${size}. Shorten it, or send its hash.`);
  }
  if (PRINTABLE.test(value)) return { ok: true, value };
  if (!value.isWellFormed()) {
    const cause = "half a character (a lone surrogate)";
    return refuse("invalid_field", `${field} holds ${cause}. Do not cut text inside an emoji.`);
  }
  if (CONTROL.test(value)) {
    return refuse("invalid_field", `${field} holds a control character, a line break perhaps. Remove it.`);
  }
  return { ok: true, value };
}

export function refuse(code: RejectionCode, message: string): Refusal {
  return { ok: false, code, message };
}

/** What a message may quote of a sender's text. Secrets go before the cut: half of one is not told by its form. */
export function shorten(path: string): string {
  const plain = redactSecretsInText(path);
  return plain.length <= MAX_QUOTED_CHARS ? plain : `${plain.slice(0, MAX_QUOTED_CHARS).toWellFormed()}…`;
}
export function quote(value: string): string {
  return JSON.stringify(shorten(value.toWellFormed()));
}
