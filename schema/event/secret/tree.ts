/**
 * Redaction of a JSON tree: every key, every string, and the values of fields
 * whose name says that they are secret. What holds no secret is returned as it
 * is, the same object.
 */
import type { Json } from "../event.ts";
import { isAwsAccountName, secrecyOf, type Secrecy } from "./field-name.ts";
import { isPath, isPlausibleSecret, isRandomLooking, VALUE_HEAD_CHARS } from "./secret-value.ts";
import { scan } from "./scan.ts";
import { redacted, redactSecretsInText } from "./text.ts";

/**
 * Deepest level that is looked into. Events are refused beyond 32; twice that
 * leaves room for callers with a tree of their own and is far from the stack's end.
 */
const MAX_DEPTH = 64;

const FIELD = "secret-field";

function redactField(name: string, secrecy: Secrecy, value: Json, depth: number): Json {
  if (typeof value === "string") {
    const head = value.slice(0, VALUE_HEAD_CHARS);
    const pathInPwd = /pwd$/i.test(name) && isPath(head);
    const hidden = secrecy === "always" ? isPlausibleSecret(head) && !pathInPwd : isRandomLooking(head);
    return hidden ? redacted(FIELD) : redactSecretsInText(value);
  }
  if (typeof value === "number") return secrecy === "always" ? redacted(FIELD) : value;
  if (!Array.isArray(value)) return redactValue(value, depth);
  if (depth > MAX_DEPTH) return redacted("too-deep");
  return mapped(value, (item) => redactField(name, secrecy, item, depth + 1));
}

function redactNamed(key: string, value: Json, depth: number): Json {
  // The name of a rule in a key redacted before says nothing about the value.
  const name = key.includes("[") ? key.replaceAll(/\[redacted:[a-z0-9-]*\]/g, "") : key;
  const secrecy = secrecyOf(name);
  if (secrecy !== "no") return redactField(name, secrecy, value, depth);
  const account =
    (typeof value === "string" || typeof value === "number") &&
    /^\d{4}-?\d{4}-?\d{4}$/.test(String(value).slice(0, 16)) &&
    isAwsAccountName(name);
  return account ? redacted("aws-account-id") : redactValue(value, depth);
}

/** The array with each item mapped; the same array when nothing changed. */
function mapped(items: Json[], map: (item: Json) => Json): Json[] {
  let changed: Json[] | undefined;
  for (let index = 0; index < items.length; index++) {
    const item = items[index] ?? null;
    const next = map(item);
    if (next !== item) changed ??= items.slice(0, index);
    changed?.push(next);
  }
  return changed ?? items;
}

/** A key not yet taken: two keys may become the same text, and neither entry may be lost. */
function freeKey(key: string, source: object, uses: Map<string, number>): string {
  let count = uses.get(key) ?? 0;
  let free: string;
  do {
    count++;
    free = count === 1 ? key : `${key} ${count}`;
  } while (Object.hasOwn(source, free));
  uses.set(key, count);
  return free;
}

function redactObject(source: { [key: string]: Json }, depth: number): Json {
  let changed: Map<string, Json> | undefined;
  let uses: Map<string, number> | undefined;
  const keys = Object.keys(source);
  for (let index = 0; index < keys.length; index++) {
    const key = keys[index] ?? "";
    const value = source[key] ?? null;
    // The words of secret names are anchors too: a key without any is nobody's business.
    const { spans, glances } = scan(key);
    const nextKey = spans.length === 0 ? key : redactSecretsInText(key);
    const nextValue = glances === 0 ? redactValue(value, depth + 1) : redactNamed(nextKey, value, depth + 1);
    if (changed === undefined) {
      if (nextKey === key && nextValue === value) continue;
      changed = new Map(keys.slice(0, index).map((before) => [before, source[before] ?? null]));
    }
    changed.set(
      nextKey === key ? key : freeKey(nextKey, source, (uses ??= new Map<string, number>())),
      nextValue,
    );
  }
  // fromEntries defines own properties: a key `__proto__` stays a plain entry.
  return changed === undefined ? source : Object.fromEntries(changed);
}

function redactValue(value: Json, depth: number): Json {
  if (typeof value === "string") return redactSecretsInText(value);
  if (value === null || typeof value !== "object") return value;
  if (depth > MAX_DEPTH) return redacted("too-deep");
  if (Array.isArray(value)) return mapped(value, (item) => redactValue(item, depth + 1));
  return redactObject(value, depth);
}

/**
 * The value without its secrets, in keys as in values. Fields that are secret by
 * their name become a string, numbers too. Branches deeper than 64 levels are
 * replaced whole, never left unread.
 */
export function redactSecrets<T extends Json>(value: T): T {
  // The shape stays the sender's: only strings, and numbers under secret names, change.
  return redactValue(value, 0) as T;
}

/** No rule has any say in it, neither as a text nor as a name. */
export function readsAsNothing(text: string): boolean {
  return scan(text).glances === 0;
}
