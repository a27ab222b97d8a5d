/**
 * One text under examination. The reader answers the only questions that need
 * unbounded looking (where does a run of a class end, where is the next
 * terminator) and remembers each answer, so that however many anchors stand in
 * a text, each character is examined at most once per class.
 */
import { ALNUM, classOf, DIGIT, TOKEN } from "./character.ts";

interface Known {
  from: number;
  to: number;
}

/** Longest escape sequence that may stand directly before a token: `\u001b[38;5;123m`. */
const MAX_ESCAPE_CHARS = 16;
const ESCAPE_TAIL =
  /(?:\\[nrtbfv]|%[0-9a-f]{2}|\\u[0-9a-f]{4}|\\x[0-9a-f]{2}|(?:\\u001b|\\x1b|\\e|\\033|[^\x20-\x7e])\[[0-9;]{0,10}m)$/i;

export class Reader {
  readonly text: string;
  /** Characters before this index belong to a secret already found. */
  free = 0;
  /** Units of work done: characters examined, lookups, candidates. Grows linearly with the text. */
  steps = 0;
  #runs: Map<number, Known> | undefined;
  #finds: Map<string, Known> | undefined;

  constructor(text: string) {
    this.text = text;
  }

  /** Index after the run of `mask` characters that begins at `from` (`from` itself when there is none). */
  runEnd(mask: number, from: number): number {
    const known = this.#runs?.get(mask);
    this.steps++;
    if (known !== undefined && from >= known.from && from <= known.to) return known.to;
    const { text } = this;
    let to = from;
    while (to < text.length && (classOf(text.charCodeAt(to)) & mask) !== 0) to++;
    this.steps += to - from;
    if (known === undefined) (this.#runs ??= new Map()).set(mask, { from, to });
    else {
      known.from = from;
      known.to = to;
    }
    return to;
  }

  /**
   * Index at which the run of `mask` characters ending at `to` begins, at most
   * `max_chars` back. The tail of an escape (`\\n`, `%22`) is not of the run.
   */
  runStart(mask: number, to: number, max_chars: number): number {
    const floor = Math.max(this.free, to - max_chars);
    let from = to;
    while (from > floor && (classOf(this.text.charCodeAt(from - 1)) & mask) !== 0) from--;
    this.steps += to - from + 1;
    const { text } = this;
    if (text[from - 1] === "\\" && /[nrtbfv]/.test(text.charAt(from))) from++;
    else if (text[from - 1] === "%" && /^[0-9a-f]{2}$/i.test(text.slice(from, from + 2))) from += 2;
    return Math.min(from, to);
  }

  /** Index of the next `needle` at or after `from`, −1 when there is none. */
  next(needle: string, from: number): number {
    const known = this.#finds?.get(needle);
    this.steps++;
    if (known !== undefined && from >= known.from && (known.to === -1 || from <= known.to)) return known.to;
    const to = this.text.indexOf(needle, from);
    this.steps += (to === -1 ? this.text.length : to) - from;
    if (known === undefined) (this.#finds ??= new Map()).set(needle, { from, to });
    else {
      known.from = from;
      known.to = to;
    }
    return to;
  }

  is(mask: number, at: number): boolean {
    return (classOf(this.text.charCodeAt(at)) & mask) !== 0;
  }

  /** Whether any of the first `max_chars` characters of a run is of the class. */
  has(mask: number, from: number, to: number, max_chars = 64): boolean {
    const end = Math.min(to, from + max_chars);
    for (let at = from; at < end; at++) {
      this.steps++;
      if (this.is(mask, at)) return true;
    }
    return false;
  }

  /**
   * Whether a token can begin here: not in the middle of a word. A character
   * that is the tail of an escape (of JSON in JSON, of a URL, of a terminal's
   * colour) is no word.
   */
  startsToken(at: number): boolean {
    if (at === 0 || at === this.free) return true;
    const { text } = this;
    if (!this.is(TOKEN, at - 1)) return true;
    if (!this.is(ALNUM, at - 1)) return false;
    this.steps += MAX_ESCAPE_CHARS;
    return ESCAPE_TAIL.test(text.slice(Math.max(0, at - MAX_ESCAPE_CHARS), at));
  }

  /** Letters and digits both: what separates a random token from a word in prose. */
  isMixed(from: number, to: number): boolean {
    return this.has(DIGIT, from, to) && this.has(ALNUM & ~DIGIT, from, to);
  }
}
