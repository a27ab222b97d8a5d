/** Redaction of one text. */
import type { SecretSpan } from "./rule.ts";
import { scan } from "./scan.ts";

/**
 * A replacement shortens its surroundings, which may rarely complete a pattern
 * that was not one before; more rounds than these would let a hostile text
 * choose how often it is read.
 */
const MAX_ROUNDS = 4;

/** What stands where a secret stood. */
export function redacted(rule: string): string {
  return `[redacted:${rule}]`;
}

/** The secrets of a text, in order, not overlapping; indexes are UTF-16 code units. */
export function findSecrets(text: string): readonly SecretSpan[] {
  return scan(text).spans;
}

/** The text without its secrets; the same string when it holds none. Linear in its length. */
export function redactSecretsInText(text: string): string {
  let current = text;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const { spans } = scan(current);
    if (spans.length === 0) return current;
    let next = "";
    let from = 0;
    for (const span of spans) {
      next += current.slice(from, span.start) + redacted(span.rule);
      from = span.end;
    }
    current = next + current.slice(from);
  }
  return current;
}
