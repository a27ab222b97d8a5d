/**
 * One pass over a text. Each anchor is noticed by one pair of neighbouring
 * characters of it, the rarest: a table of 128 × 128 pairs tells in one load
 * whether any anchor is near, so that ordinary text costs little more than
 * reading it.
 *
 *   text ──pair table──▶ anchor? ──compare──▶ rule.match ──▶ span; go on behind it
 *
 * Code units are folded to seven bits for the table: text beyond ASCII causes
 * a few idle comparisons, never a miss.
 */
import { Reader } from "./reader.ts";
import type { Rule, SecretSpan } from "./rule.ts";
import { RULES } from "./rules.ts";

interface Anchor {
  rule: Rule;
  literal: string;
  caseless: boolean;
  /** Index in the literal of the second character of its pair. */
  offset: number;
}

/** Characters of text and code, most frequent first; what is missing is rarer still. */
const BY_FREQUENCY = ' etaoinsrlducmhpgf_.-/"byv0:=,1w2kx3S45678TAECINORP9LDqjMFBUzG';
const PAIRS = 128 * 128;

function rarity(character: string): number {
  const place = BY_FREQUENCY.indexOf(character);
  return place === -1 ? BY_FREQUENCY.length : place;
}

/** The offset of the pair whose rarity is greatest. */
function rarestPair(literal: string, caseless: boolean): number {
  let best = 1;
  let bestRarity = -1;
  for (let offset = 1; offset < literal.length; offset++) {
    const pair = rarity(literal.charAt(offset - 1)) + rarity(literal.charAt(offset));
    if (pair > bestRarity) [best, bestRarity] = [offset, pair];
  }
  return literal.length === 1 || (caseless && bestRarity < 0) ? 0 : best;
}

function spellings(character: string, caseless: boolean): number[] {
  const codes = [character.charCodeAt(0)];
  if (caseless && /[a-z]/.test(character)) codes.push(character.toUpperCase().charCodeAt(0));
  return codes;
}

/** Lists of anchors, and for each pair of characters the number of its list (0: none). */
function buildTable(rules: readonly Rule[]): { lists: Anchor[][]; listOf: Uint16Array } {
  const lists: Anchor[][] = [[]];
  const listOf = new Uint16Array(PAIRS);
  const add = (first: number, second: number, anchor: Anchor): void => {
    const pair = (first << 7) | second;
    let list = listOf[pair] ?? 0;
    if (list === 0) {
      list = lists.push([]) - 1;
      listOf[pair] = list;
    }
    lists[list]?.push(anchor);
  };
  for (const rule of rules) {
    for (const literal of rule.anchors) {
      const caseless = rule.caseless === true;
      const anchor = { rule, literal, caseless, offset: rarestPair(literal, caseless) };
      const seconds = spellings(literal.charAt(anchor.offset), caseless);
      if (anchor.offset === 0) {
        for (let first = 0; first < 128; first++) for (const second of seconds) add(first, second, anchor);
        continue;
      }
      for (const first of spellings(literal.charAt(anchor.offset - 1), caseless)) {
        for (const second of seconds) add(first, second, anchor);
      }
    }
  }
  return { lists, listOf };
}

const { lists: LISTS, listOf: LIST_OF } = buildTable(RULES);

function stands(text: string, at: number, anchor: Anchor): boolean {
  if (!anchor.caseless) return text.startsWith(anchor.literal, at);
  const { literal } = anchor;
  for (let index = 0; index < literal.length; index++) {
    const code = text.charCodeAt(at + index);
    const lower = code >= 65 && code <= 90 ? code | 32 : code;
    if (lower !== literal.charCodeAt(index)) return false;
  }
  return true;
}

export interface Scan {
  spans: readonly SecretSpan[];
  /** Anchors that stood in the text, also where nothing came of them: 0 says that no rule had any say. */
  glances: number;
  /** Work done, in characters looked at: a test holds it to a multiple of the length. */
  steps: number;
}

const NONE: readonly SecretSpan[] = [];

/** The secrets of a text, in order, not overlapping. */
export function scan(text: string): Scan {
  let spans: SecretSpan[] | undefined;
  let glances = 0;
  const { length } = text;
  let reader: Reader | undefined;
  let before = 0;
  for (let index = 0; index < length; index++) {
    const code = text.charCodeAt(index) & 127;
    const list = LIST_OF[(before << 7) | code] ?? 0;
    before = code;
    if (list === 0) continue;
    for (const anchor of LISTS[list] ?? []) {
      const at = index - anchor.offset;
      if (at < 0 || !stands(text, at, anchor)) continue;
      const { rule } = anchor;
      const after = at + anchor.literal.length;
      glances++;
      if (rule.near !== undefined && !rule.near(text, at, after)) continue;
      reader ??= new Reader(text);
      reader.steps += anchor.literal.length;
      if (at < reader.free) continue;
      const span = rule.match(reader, at, after);
      if (span === undefined || span.end <= index) continue;
      spans ??= [];
      spans.push({ rule: rule.name, start: Math.max(span.start, reader.free), end: span.end });
      reader.free = span.end;
      index = span.end - 1;
      before = 0;
      break;
    }
  }
  return { spans: spans ?? NONE, glances, steps: length + glances + (reader?.steps ?? 0) };
}
