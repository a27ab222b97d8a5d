/**
 * Two letters that stand for a name: the first of the first and of the last
 * word, else the first two. Whole characters, so that an emoji is not cut.
 */
export function initials(name: string): string {
  const words = name.split(/[\s/:_.@-]+/u).filter((word) => word !== "");
  const first = [...(words[0] ?? "?")];
  const last = words.length > 1 ? [...(words.at(-1) ?? "")] : [];
  return `${first[0] ?? "?"}${last[0] ?? first[1] ?? ""}`.toLowerCase();
}
