/**
 * SHA-256's compression function (FIPS 180-4 §6.2.2) on four messages at once, one in each lane of WebAssembly's
 * 128-bit vectors: a module of a single function, written here instruction by instruction, so that what runs can be
 * read and no binary is kept.
 *
 *   memory:  STATE_AT  eight vectors, word i of each lane's state
 *            CONSTANTS_AT  64 vectors, each round's constant in all lanes; lanes.ts writes them once
 *            MESSAGES_AT  what is hashed, padded, anywhere behind
 *   blocks(p0, p1, p2, p3, n): n blocks of 64 bytes from p0, p1, p2, p3, each into its lane's state
 */
const STATE_WORDS = 8;
const ROUNDS = 64;
const VECTOR_BYTES = 16;

export const STATE_AT = 0;
export const CONSTANTS_AT = STATE_AT + STATE_WORDS * VECTOR_BYTES;
export const MESSAGES_AT = CONSTANTS_AT + ROUNDS * VECTOR_BYTES;
export const PAGE_BYTES = 65_536;

type Code = readonly number[];

/** LEB128 of a number that is not negative. */
function unsigned(value: number): number[] {
  const low = value & 0x7f;
  return value < 0x80 ? [low] : [low | 0x80, ...unsigned(value >>> 7)];
}
/** The same for `i32.const`, whose sign is the last byte's bit 6. */
function signed(value: number): number[] {
  return value < 0x40 ? [value] : [(value & 0x7f) | 0x80, ...signed(value >>> 7)];
}

const get = (local: number): Code => [0x20, ...unsigned(local)];
const set = (local: number, ...value: Code[]): Code => [...value.flat(), 0x21, ...unsigned(local)];
const number = (value: number): Code => [0x41, ...signed(value)];
const vector = (operation: number, ...operands: Code[]): Code => [
  ...operands.flat(),
  0xfd,
  ...unsigned(operation),
];

/** Aligned by nothing: a message stands where it stands. */
const load = (address: Code, offset: number): Code => [...vector(0, address), 0, ...unsigned(offset)];
const store = (address: Code, offset: number, value: Code): Code => [
  ...vector(11, address, value),
  0,
  ...unsigned(offset),
];
const shuffle = (a: Code, b: Code, bytes: Code): Code => [...vector(13, a, b), ...bytes];
const and = (a: Code, b: Code): Code => vector(78, a, b);
const xor = (first: Code, ...others: Code[]): Code =>
  others.reduce((all, other) => vector(81, all, other), first);
const left = (a: Code, bits: number): Code => vector(171, a, number(bits));
const right = (a: Code, bits: number): Code => vector(173, a, number(bits));
const add = (first: Code, ...others: Code[]): Code =>
  others.reduce((all, other) => vector(174, all, other), first);
/** To be joined by `xor`, one rotation is two shifts. */
const rotations = (a: Code, ...bits: number[]): Code[] =>
  bits.flatMap((count) => [right(a, count), left(a, 32 - count)]);

const POINTERS = [0, 1, 2, 3] as const;
const COUNT = 4;
const FIRST_VECTOR = 5;
const STATE = Array.from({ length: STATE_WORDS }, (_, i) => FIRST_VECTOR + i);
const WORDS = Array.from({ length: 16 }, (_, i) => FIRST_VECTOR + STATE_WORDS + i);
const [T1, CHANGED, BEFORE] = [29, 30, 31] as const;
const VECTOR_LOCALS = 27;

/** The words are big-endian. */
const SWAPPED: Code = [3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12];
const LOW_WORDS: Code = [0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23];
const HIGH_WORDS: Code = LOW_WORDS.map((byte) => byte + 8);
const LOW_PAIRS: Code = [0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23];
const HIGH_PAIRS: Code = LOW_PAIRS.map((byte) => byte + 8);

/** Four words of each message, from messages by rows to words by rows: a transposition. */
function fourWords(first: number): Code {
  const words = WORDS.slice(first, first + 4);
  const [a = 0, b = 0, c = 0, d = 0] = words;
  const rows = words.flatMap((word, lane) => {
    const bytes = load(get(POINTERS[lane] ?? 0), first * 4);
    return [...set(T1, bytes), ...set(word, shuffle(get(T1), get(T1), SWAPPED))];
  });
  return [
    ...rows,
    ...set(T1, shuffle(get(a), get(b), LOW_WORDS)),
    ...set(CHANGED, shuffle(get(a), get(b), HIGH_WORDS)),
    ...set(BEFORE, shuffle(get(c), get(d), LOW_WORDS)),
    ...set(d, shuffle(get(c), get(d), HIGH_WORDS)),
    ...set(a, shuffle(get(T1), get(BEFORE), LOW_PAIRS)),
    ...set(b, shuffle(get(T1), get(BEFORE), HIGH_PAIRS)),
    ...set(c, shuffle(get(CHANGED), get(d), LOW_PAIRS)),
    ...set(d, shuffle(get(CHANGED), get(d), HIGH_PAIRS)),
  ];
}

/** The word of a round, from the sixteen before it, in the place of the oldest. */
function nextWord(round: number): Code {
  const word = (back: number) => get(WORDS[(round - back) & 15] ?? 0);
  const small0 = xor(right(word(15), 3), ...rotations(word(15), 7, 18));
  const small1 = xor(right(word(2), 10), ...rotations(word(2), 17, 19));
  return set(WORDS[round & 15] ?? 0, add(word(16), small0, word(7), small1));
}

/** The variables a–h stay where they are, and their names move on: round i calls a what was h in the round before. */
function round(i: number): Code {
  const name = (place: number) => STATE[(place - i) & 7] ?? 0;
  const [a, b] = [get(name(0)), get(name(1))];
  const [e, f, g] = [get(name(4)), get(name(5)), get(name(6))];
  const big1 = xor(right(e, 6), left(e, 26), ...rotations(e, 11, 25));
  const big0 = xor(right(a, 2), left(a, 30), ...rotations(a, 13, 22));
  const choice = xor(g, and(e, xor(f, g)));
  const constant = load(number(0), CONSTANTS_AT + i * VECTOR_BYTES);
  // Of a, b and c: b, but c where b differs from both. What a and b differ in, b and c differ in the round after.
  const majority = xor(b, and(get(CHANGED), get(BEFORE)));
  return [
    ...(i < 16 ? [] : nextWord(i)),
    ...set(T1, add(get(name(7)), constant, get(WORDS[i & 15] ?? 0), choice, big1)),
    ...set(name(3), add(get(name(3)), get(T1))),
    ...set(CHANGED, xor(a, b)),
    ...set(name(7), add(get(T1), majority, big0)),
    ...set(BEFORE, get(CHANGED)),
  ];
}

function body(): Code {
  const atState = (i: number) => load(number(0), STATE_AT + i * VECTOR_BYTES);
  const block: Code = [
    ...STATE.flatMap((local, i) => set(local, atState(i))),
    ...[0, 4, 8, 12].flatMap(fourWords),
    ...set(BEFORE, xor(get(STATE[1] ?? 0), get(STATE[2] ?? 0))),
    ...Array.from({ length: ROUNDS }, (_, i) => round(i)).flat(),
    ...STATE.flatMap((local, i) =>
      store(number(0), STATE_AT + i * VECTOR_BYTES, add(get(local), atState(i))),
    ),
    ...POINTERS.flatMap((pointer) => set(pointer, get(pointer), number(64), [0x6a])),
  ];
  const again: Code = [...get(COUNT), ...number(1), 0x6b, 0x22, COUNT, 0x0d, 0];
  // loop … br_if 0 … end, and the function's end.
  return [1, VECTOR_LOCALS, 0x7b, 0x03, 0x40, ...block, ...again, 0x0b, 0x0b];
}

const section = (id: number, content: Code): Code => [id, ...unsigned(content.length), ...content];
const named = (name: string, kind: number): Code => [name.length, ...new TextEncoder().encode(name), kind, 0];

/** The module's bytes, with so many pages of memory. */
export function moduleBytes(pages: number): Uint8Array<ArrayBuffer> {
  const code = body();
  const i32 = 0x7f;
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, 0x60, 5, i32, i32, i32, i32, i32, 0]),
    ...section(3, [1, 0]),
    ...section(5, [1, 1, ...unsigned(pages), ...unsigned(pages)]),
    ...section(7, [2, ...named("memory", 2), ...named("blocks", 0)]),
    ...section(10, [1, ...unsigned(code.length), ...code]),
  ]);
}
