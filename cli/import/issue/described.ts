/** `key: value` lines, in which Gas Town, and trackers that it works in, keep structure inside a description. */
export function describedFields(description: string | null): Map<string, string> {
  const fields = new Map<string, string>();
  for (const line of description?.split("\n") ?? []) {
    const match = /^(\w+): (.+)$/.exec(line.trim());
    const [, key, value] = match ?? [];
    if (key !== undefined && value !== undefined && value !== "null") fields.set(key, value);
  }
  return fields;
}
