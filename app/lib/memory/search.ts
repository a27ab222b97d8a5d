/** Which decisions hold what was typed, and where in their words it stands. */
import type { Decision } from "../../../schema/state/entity/decision.ts";

/** Longer than any question that a person types. */
export const MAX_TYPED = 200;

export const wordsOf = (typed: string): string[] =>
  typed
    .slice(0, MAX_TYPED)
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");

/** Every word must occur somewhere: in what was decided, why, what was rejected, or whose and what it is about. */
export function matchesWords(decision: Decision, words: readonly string[]): boolean {
  if (words.length === 0) return true;
  const { title, rationale, alternatives, agent_id, task_id, feature_id } = decision;
  const where = [title, rationale, ...alternatives, agent_id, task_id, feature_id]
    .filter((text) => text !== null)
    .join("\n")
    .toLowerCase();
  return words.every((word) => where.includes(word));
}

export interface Stretch {
  text: string;
  hit: boolean;
}

/** A text in stretches, those that match any of the words marked. Joined they are the text. */
export function markedIn(text: string, words: readonly string[]): Stretch[] {
  const low = text.toLowerCase();
  // In some scripts lower case has another length: then a place in it is none in the text.
  if (words.length === 0 || low.length !== text.length) return [{ text, hit: false }];
  const found: Stretch[] = [];
  let at = 0;
  for (;;) {
    let next = -1;
    let length = 0;
    for (const word of words) {
      const place = low.indexOf(word, at);
      if (place === -1 || (next !== -1 && (place > next || (place === next && word.length <= length))))
        continue;
      next = place;
      length = word.length;
    }
    if (next === -1) break;
    if (next > at) found.push({ text: text.slice(at, next), hit: false });
    found.push({ text: text.slice(next, next + length), hit: true });
    at = next + length;
  }
  if (at < text.length || found.length === 0) found.push({ text: text.slice(at), hit: false });
  return found;
}
