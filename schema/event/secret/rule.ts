/**
 * A rule: what it finds, the literal anchors by which the scan notices it, and
 * a matcher that runs only where an anchor stands.
 *
 * A matcher may look a bounded way back and, through the reader's remembered
 * runs, any way forward: never with a backtracking pattern over the text.
 */
import type { Reader } from "./reader.ts";

export interface Span {
  start: number;
  end: number;
}

export interface SecretSpan extends Span {
  rule: string;
}

export interface Rule {
  /** Stands in the replacement: `[redacted:<name>]`. Lower case, digits and dashes. */
  name: string;
  finds: string;
  anchors: readonly string[];
  /** Whether the anchors match in any case. */
  caseless?: boolean;
  /** A cheap first look at an anchor that is common in ordinary text: false when nothing can come of it. */
  near?(text: string, at: number, after: number): boolean;
  /** The secret at an anchor that begins at `at` and ends before `after`. */
  match(reader: Reader, at: number, after: number): Span | undefined;
}

export interface PrefixedToken {
  name: string;
  finds: string;
  prefixes: readonly string[];
  /** Character class of the body. */
  body: number;
  /** Fewest body characters: at or a little under the real length, so that a clipped token is caught too. */
  min: number;
  /** Class in which the token goes on after its body; the body's own when absent. */
  tail?: number;
  /** The prefix is too short to be telling inside a word (`sk-` in `task-`): a token must begin there. */
  whole?: boolean;
  /** The body must hold letters and digits: for prefixes that ordinary names share. */
  mixed?: boolean;
}

/** The common case: a fixed prefix, then so many characters of a class. */
export function prefixed(token: PrefixedToken): Rule {
  const tail = token.tail ?? token.body;
  return {
    name: token.name,
    finds: token.finds,
    anchors: token.prefixes,
    match(reader, at, after) {
      const end = reader.runEnd(token.body, after);
      if (end - after < token.min) return undefined;
      if (token.whole === true && !reader.startsToken(at)) return undefined;
      if (token.mixed === true && !reader.isMixed(after, end)) return undefined;
      return { start: at, end: tail === token.body ? end : reader.runEnd(tail, end) };
    },
  };
}
