/** AnyValue and lists of KeyValue, in OTLP's JSON shape, as plain JSON. */
import type { Json } from "../../../schema/event/event.ts";
import { MAX_VALUE_DEPTH } from "./limits.ts";

/** A map, not an object: keys are a sender's, and `__proto__` is one of them. */
export type Attributes = ReadonlyMap<string, Json>;

export function readAttributes(list: unknown): Attributes {
  const attributes = new Map<string, Json>();
  if (!Array.isArray(list)) return attributes;
  for (const entry of list as readonly unknown[]) {
    if (!isObject(entry) || typeof entry.key !== "string") continue;
    const value = readAnyValue(entry.value, 1);
    // The first of two: a sender that repeats a key breaks the specification either way.
    if (value !== null && !attributes.has(entry.key)) attributes.set(entry.key, value);
  }
  return attributes;
}

/** Null for what is empty, unknown or nested too deep. */
export function readAnyValue(value: unknown, depth: number): Json {
  if (!isObject(value) || depth > MAX_VALUE_DEPTH) return null;
  if (typeof value.stringValue === "string") return value.stringValue;
  if (typeof value.boolValue === "boolean") return value.boolValue;
  if (value.intValue !== undefined) return numberFrom(value.intValue);
  if (value.doubleValue !== undefined) return numberFrom(value.doubleValue);
  if (typeof value.bytesValue === "string") return value.bytesValue;
  if (isObject(value.arrayValue)) return listFrom(value.arrayValue.values, depth);
  if (isObject(value.kvlistValue)) return objectFrom(value.kvlistValue.values, depth);
  return null;
}

function listFrom(values: unknown, depth: number): Json {
  if (!Array.isArray(values)) return [];
  return values.map((value: unknown) => readAnyValue(value, depth + 1));
}

function objectFrom(values: unknown, depth: number): Json {
  const entries: [string, Json][] = [];
  if (Array.isArray(values)) {
    for (const entry of values as readonly unknown[]) {
      if (isObject(entry) && typeof entry.key === "string") {
        entries.push([entry.key, readAnyValue(entry.value, depth + 1)]);
      }
    }
  }
  // fromEntries defines properties: it never calls the setter of `__proto__`.
  return Object.fromEntries(entries.filter(([key]) => key !== "__proto__"));
}

/** 64-bit integers arrive as text or as numbers; beyond 2^53 the last digits go, as in every metric here. */
export function numberFrom(value: unknown): number | null {
  if (typeof value !== "number" && (typeof value !== "string" || value.trim() === "")) return null;
  const number = Number(value);
  return Number.isFinite(number) ? number : null;
}

const NANOSECONDS_PER_MS = 1e6;

/** Milliseconds since the epoch; null for 0, which OTLP means by "unknown". */
export function timeFrom(nanoseconds: unknown): number | null {
  const number = numberFrom(nanoseconds);
  return number === null || number <= 0 ? null : number / NANOSECONDS_PER_MS;
}

const HEX_ID = /^(?:[0-9a-f]{16}|[0-9a-f]{32})$/;

/** Null for an id that is absent, malformed or all zeros, which OTLP means by "none". */
export function idFrom(value: unknown, digits: 16 | 32): string | null {
  if (typeof value !== "string") return null;
  const id = value.toLowerCase();
  return id.length === digits && HEX_ID.test(id) && !/^0+$/.test(id) ? id : null;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
