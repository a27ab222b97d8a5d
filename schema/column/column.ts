/**
 * One field of the events of one segment.
 *
 *   dictionary   distinct values once, and per event the place of its value there: names, models, booleans
 *   numbers      per event its number: durations, tokens, times
 *
 * As bytes (little-endian, as every machine that runs this is):
 *
 *   byte 0     kind: 1 dictionary, codes of 1 byte; 2 dictionary, codes of 2 bytes; 3 offsets of 4 bytes; 4 doubles
 *   byte 1     1 when a bitmap says which events have the field, 0 when all have
 *   bytes 4–7  events that have it
 *   bitmap     one bit per event, the lowest first, padded to 8 bytes
 *   8 bytes    kind 3 alone: the number that offsets count from
 *   payload    one code or number per event that has the field, padded to 8 bytes
 *   the rest   kinds 1 and 2: the values, as a JSON list in UTF-8
 */
import type { Value } from "./field.ts";

export interface Dictionary {
  kind: "dictionary";
  values: readonly Value[];
  /** Per event 1 + its place in `values`; 0 where the field is absent. */
  codes: Uint16Array;
}
export interface Numbers {
  kind: "numbers";
  /** NaN where the field is absent; stored numbers are finite. */
  numbers: Float64Array;
}
export type Column = Dictionary | Numbers;

const DICTIONARY_8 = 1;
const DICTIONARY_16 = 2;
const OFFSETS_32 = 3;
const DOUBLES = 4;
const HEADER_BYTES = 8;

export function encodeColumn(column: Column): Uint8Array {
  return column.kind === "dictionary" ? encodeDictionary(column) : encodeNumbers(column);
}

function encodeDictionary({ codes, values }: Dictionary): Uint8Array {
  const is_small = values.length <= 255;
  const packed = is_small ? new Uint8Array(codes.length) : new Uint16Array(codes.length);
  let count = 0;
  for (const code of codes) if (code !== 0) packed[count++] = code;
  const bitmap = bitmapOf(codes.length, count, (cell) => codes[cell] !== 0);
  const text = new TextEncoder().encode(JSON.stringify(values));
  return join(is_small ? DICTIONARY_8 : DICTIONARY_16, count, bitmap, [
    bytesOf(packed.subarray(0, count)),
    text,
  ]);
}

function encodeNumbers({ numbers }: Numbers): Uint8Array {
  const packed = new Float64Array(numbers.length);
  let count = 0;
  let least = Infinity;
  let most = -Infinity;
  let is_whole = true;
  for (const number of numbers) {
    if (Number.isNaN(number)) continue;
    packed[count++] = number;
    if (number < least) least = number;
    if (number > most) most = number;
    is_whole &&= Number.isSafeInteger(number);
  }
  const bitmap = bitmapOf(numbers.length, count, (cell) => !Number.isNaN(numbers[cell]));
  const present = packed.subarray(0, count);
  if (!is_whole || count === 0 || most - least >= 2 ** 32)
    return join(DOUBLES, count, bitmap, [bytesOf(present)]);
  const offsets = new Uint32Array(count);
  for (let i = 0; i < count; i += 1) offsets[i] = (present[i] ?? 0) - least;
  return join(OFFSETS_32, count, bitmap, [bytesOf(Float64Array.of(least)), bytesOf(offsets)]);
}

/** `cells`: the events of the segment. */
export function decodeColumn(bytes: Uint8Array, cells: number): Column {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const kind = bytes[0];
  const count = view.getUint32(4, true);
  let at = HEADER_BYTES;
  const take = (length: number): ArrayBuffer => {
    // A copy, because typed arrays begin at multiples of their element's size and a blob may not.
    const part = bytes.slice(at, at + length);
    at += padded(length);
    return part.buffer;
  };
  const bitmap = bytes[1] === 1 ? new Uint8Array(take(Math.ceil(cells / 8))) : null;
  if (kind === DICTIONARY_8 || kind === DICTIONARY_16) {
    const packed = kind === DICTIONARY_8 ? new Uint8Array(take(count)) : new Uint16Array(take(2 * count));
    const values = JSON.parse(new TextDecoder().decode(bytes.subarray(at))) as Value[];
    return { kind: "dictionary", values, codes: spread(packed, bitmap, new Uint16Array(cells)) };
  }
  if (kind === DOUBLES) {
    const packed = new Float64Array(take(8 * count));
    return { kind: "numbers", numbers: spread(packed, bitmap, new Float64Array(cells).fill(NaN)) };
  }
  if (kind !== OFFSETS_32) throw new Error(`a column of unknown kind ${String(kind)}`);
  const [least = 0] = new Float64Array(take(8));
  const offsets = new Uint32Array(take(4 * count));
  const packed = new Float64Array(count);
  for (let i = 0; i < count; i += 1) packed[i] = least + (offsets[i] ?? 0);
  return { kind: "numbers", numbers: spread(packed, bitmap, new Float64Array(cells).fill(NaN)) };
}

/** Null when every event has the field. */
function bitmapOf(cells: number, count: number, isPresent: (cell: number) => boolean): Uint8Array | null {
  if (count === cells) return null;
  const bitmap = new Uint8Array(Math.ceil(cells / 8));
  for (let cell = 0; cell < cells; cell += 1) {
    if (isPresent(cell)) bitmap[cell >> 3] = (bitmap[cell >> 3] ?? 0) | (1 << (cell & 7));
  }
  return bitmap;
}

type Cells = Uint8Array | Uint16Array | Float64Array;

/** Puts what is present back to its places. */
function spread<T extends Cells>(packed: Cells, bitmap: Uint8Array | null, cells: T): T {
  if (bitmap === null) {
    cells.set(packed);
    return cells;
  }
  let at = 0;
  for (let cell = 0; cell < cells.length; cell += 1) {
    if (((bitmap[cell >> 3] ?? 0) >> (cell & 7)) & 1) cells[cell] = packed[at++] ?? 0;
  }
  return cells;
}

function join(
  kind: number,
  count: number,
  bitmap: Uint8Array | null,
  rest: readonly Uint8Array[],
): Uint8Array {
  const parts = bitmap === null ? rest : [bitmap, ...rest];
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + padded(part.length), HEADER_BYTES));
  bytes[0] = kind;
  bytes[1] = bitmap === null ? 0 : 1;
  new DataView(bytes.buffer).setUint32(4, count, true);
  let at = HEADER_BYTES;
  for (const [i, part] of parts.entries()) {
    bytes.set(part, at);
    at += i === parts.length - 1 ? part.length : padded(part.length);
  }
  // The values are the last part, and JSON ends where the bytes end.
  return bytes.subarray(0, at);
}

function padded(length: number): number {
  return (length + 7) & ~7;
}

function bytesOf(array: Uint8Array | Uint16Array | Uint32Array | Float64Array): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}
