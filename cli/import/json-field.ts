/** Fields of foreign JSON, read with care: whatever is not what it should be is absent. */

export type JsonObject = Record<string, unknown>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** One line as an object, or the reason why it is none. */
export function parseObject(line: string): JsonObject | string {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return "not JSON (a line cut off, or a merge conflict)";
  }
  return isObject(value) ? value : "not an object";
}

export function text(value: unknown): string | null {
  return typeof value === "string" && value.trim() !== "" ? value.trim() : null;
}

export function time(value: unknown): number | null {
  if (typeof value !== "string") return null;
  const ms = Date.parse(value);
  return Number.isFinite(ms) ? ms : null;
}

/** A whole number of at least 0: a count of tokens, of milliseconds. */
export function count(value: unknown): number | null {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : null;
}

export function object(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}

export function objects(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

export function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}

export function cut(value: string, limit: number): string {
  return value.length <= limit ? value : `${value.slice(0, limit - 1).toWellFormed()}…`;
}
