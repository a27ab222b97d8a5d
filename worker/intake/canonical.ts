/**
 * Canonical JSON: keys in order of their UTF-16 units, no spaces, numbers as
 * JavaScript writes them (RFC 8785). Two bodies that say the same have the same
 * text, whatever the order of their keys. The value has passed `parseEvent`, so
 * its depth is bounded.
 */
export function canonicalJson(value: unknown): string {
  if (typeof value === "string") return quoted(value);
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  const parts: Readonly<Record<string, unknown>> = { ...value };
  let text = "";
  for (const key of Object.keys(parts).sort()) {
    const part = parts[key];
    if (part !== undefined) text += `${text === "" ? "" : ","}${quoted(key)}:${canonicalJson(part)}`;
  }
  return `{${text}}`;
}

/** Printable ASCII without quotation marks and backslashes stands for itself. */
const NEEDS_ESCAPE = /[^ !#-[\]-~]/;

function quoted(text: string): string {
  return NEEDS_ESCAPE.test(text) ? JSON.stringify(text) : `"${text}"`;
}
