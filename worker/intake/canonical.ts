/**
 * Canonical JSON: keys in order of their UTF-16 units, no spaces, numbers as
 * JavaScript writes them (RFC 8785). Two bodies that say the same have the same
 * text, whatever the order of their keys. The value has passed `parseEvent`, so
 * its depth is bounded. On the way of every event: measured in test/bench/parse.ts.
 */
export function canonicalJson(value: unknown): string {
  if (typeof value === "string") return quoted(value);
  if (typeof value === "number") return Number.isFinite(value) ? String(value) : "null";
  if (typeof value === "object" && value !== null) return canonicalObject(value);
  return JSON.stringify(value) ?? "null";
}

function canonicalObject(value: object): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  const parts = value as Readonly<Record<string, unknown>>;
  let text = "";
  for (const key of inOrder(Object.keys(parts))) {
    const part = parts[key];
    if (part !== undefined) text += `${text === "" ? "" : ","}${quoted(key)}:${canonicalJson(part)}`;
  }
  return `{${text}}`;
}

/** Keys up to which sorting by insertion is faster than a call of `sort`, which copies twice. */
const FEW_KEYS = 16;

function inOrder(keys: string[]): string[] {
  if (keys.length > FEW_KEYS) return keys.sort();
  for (let i = 1; i < keys.length; i++) {
    const key = keys[i] ?? "";
    let at = i;
    for (let before = keys[at - 1]; before !== undefined && before > key; before = keys[at - 1]) {
      keys[at--] = before;
    }
    keys[at] = key;
  }
  return keys;
}

/** Printable ASCII without quotation marks and backslashes stands for itself. */
const NEEDS_ESCAPE = /[^ !#-[\]-~]/;

function quoted(text: string): string {
  return NEEDS_ESCAPE.test(text) ? JSON.stringify(text) : `"${text}"`;
}
