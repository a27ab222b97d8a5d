/** Letters for names: `Agent A` … `Agent Z`, `Agent AA`. They follow a hash, so that neither the alphabet nor a rank is told by them. */

export function aliasesOf(names: Iterable<string>, what: string): Map<string, string> {
  const sorted = [...new Set(names)].toSorted((a, b) => hash(a) - hash(b) || (a < b ? -1 : 1));
  return new Map(sorted.map((name, index) => [name, `${what} ${letters(index)}`]));
}

/** A … Z, AA … */
export function letters(index: number): string {
  const rest = Math.floor(index / 26);
  return `${rest === 0 ? "" : letters(rest - 1)}${String.fromCharCode(65 + (index % 26))}`;
}

/** FNV-1a (Fowler, Noll & Vo), 32 bits. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) value = Math.imul(value ^ byte, 0x01000193) >>> 0;
  return value;
}
