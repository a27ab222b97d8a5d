/**
 * Canonical JSON: keys in order of their UTF-16 units, no spaces, numbers as
 * JavaScript writes them (RFC 8785). Two bodies that say the same have the same
 * text, whatever the order of their keys. The value has passed `parseEvent`, so
 * its depth is bounded.
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  let text = "{";
  for (const [key, part] of Object.entries(value).sort(byKey)) {
    if (part === undefined) continue;
    text += `${text === "{" ? "" : ","}${JSON.stringify(key)}:${canonicalJson(part)}`;
  }
  return `${text}}`;
}

function byKey([a]: [string, unknown], [b]: [string, unknown]): number {
  return a < b ? -1 : 1;
}
