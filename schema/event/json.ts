/**
 * Takes a copy of a sender's JSON that is safe to keep: plain objects and arrays,
 * finite numbers, well-formed text, no `__proto__`, bounded depth and size. A
 * copy, because what the sender handed over may change or carry prototypes.
 */
import type { Json } from "./event.ts";
import { MAX_DEPTH, MAX_EVENT_BYTES, MAX_KEY_CHARS, MAX_OBJECT_KEYS } from "./limits.ts";

export type JsonRefusal = { code: "invalid" | "too_deep" | "too_large"; path: string; message: string };
export type CopiedJson = { ok: true; value: Json } | { ok: false; refusal: JsonRefusal };

interface Walk {
  /** UTF-16 units of text seen so far: a lower bound of the size in bytes. */
  chars: number;
  refusal: JsonRefusal | null;
}

/** `level` is the depth that `value` itself stands at; the event is level 1. */
export function copyJson(value: unknown, level: number): CopiedJson {
  const walk: Walk = { chars: 0, refusal: null };
  const copied = copy(value, level, walk);
  return walk.refusal === null ? { ok: true, value: copied } : { ok: false, refusal: walk.refusal };
}

function copy(value: unknown, level: number, walk: Walk): Json {
  switch (typeof value) {
    case "string":
      walk.chars += value.length;
      if (walk.chars > MAX_EVENT_BYTES) return tooLarge(walk);
      return value.toWellFormed();
    case "number":
      if (Number.isFinite(value)) return value;
      return refuse(walk, "invalid", `is ${value}: JSON has finite numbers only. Leave it out.`);
    case "boolean":
      return value;
    case "object":
      if (value === null) return null;
      if (level > MAX_DEPTH) {
        return refuse(walk, "too_deep", `is nested deeper than ${MAX_DEPTH} levels. Flatten it.`);
      }
      return Array.isArray(value) ? copyArray(value, level, walk) : copyObject(value, level, walk);
    case "bigint":
    case "function":
    case "symbol":
    case "undefined":
      return refuse(walk, "invalid", `is a ${typeof value}, which JSON does not have. Leave it out.`);
  }
}

function copyArray(values: unknown[], level: number, walk: Walk): Json {
  const copied: Json[] = [];
  walk.chars += values.length;
  if (walk.chars > MAX_EVENT_BYTES) return tooLarge(walk);
  for (let index = 0; index < values.length; index++) {
    copied.push(copy(values[index], level + 1, walk));
    if (walk.refusal !== null) {
      walk.refusal.path = `[${index}]${walk.refusal.path}`;
      return null;
    }
  }
  return copied;
}

function copyObject(source: object, level: number, walk: Walk): Json {
  if (!isPlain(source)) return refuse(walk, "invalid", "is not a plain object. Send JSON values only.");
  const copied: { [key: string]: Json } = {};
  const keys = Object.keys(source);
  if (keys.length > MAX_OBJECT_KEYS) {
    return refuse(
      walk,
      "invalid",
      `has ${keys.length} keys, more than ${MAX_OBJECT_KEYS}. Send a list of entries instead.`,
    );
  }
  for (const key of keys) {
    const value = source[key];
    if (value === undefined) continue;
    walk.chars += key.length + 1;
    if (walk.chars > MAX_EVENT_BYTES) return tooLarge(walk);
    if (key === "__proto__") refuse(walk, "invalid", `has a key "__proto__". Rename the key.`);
    else if (key.length > MAX_KEY_CHARS)
      refuse(walk, "invalid", `has a key longer than ${MAX_KEY_CHARS} characters. Put it into a value.`);
    else {
      copied[key.toWellFormed()] = copy(value, level + 1, walk);
      if (walk.refusal !== null) walk.refusal.path = `.${key.toWellFormed()}${walk.refusal.path}`;
    }
    if (walk.refusal !== null) return null;
  }
  return copied;
}

export function isPlain(value: object): value is Readonly<Record<string, unknown>> {
  const prototype: unknown = Object.getPrototypeOf(value);
  // An object of another realm (an iframe, a vm) has that realm's prototype, whose own prototype is null.
  return prototype === null || prototype === Object.prototype || Object.getPrototypeOf(prototype) === null;
}

function refuse(walk: Walk, code: JsonRefusal["code"], message: string): null {
  walk.refusal = { code, path: "", message };
  return null;
}

function tooLarge(walk: Walk): null {
  return refuse(
    walk,
    "too_large",
    `makes the event larger than ${MAX_EVENT_BYTES / 1024} KiB. Send a summary, and keep the artifact where it is.`,
  );
}

/** Whether a value nests deeper than an event may; without recursion, since a million levels parse. */
export function isTooDeep(value: unknown): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MAX_DEPTH) return true;
    const next = level.flatMap(valuesOf);
    // A set, so that values which refer to each other twice do not double at each level.
    level = [...new Set<unknown>(next)];
  }
  return false;
}

function valuesOf(value: unknown): unknown[] {
  return typeof value === "object" && value !== null
    ? Object.values<unknown>(value as Readonly<Record<string, unknown>>)
    : [];
}
