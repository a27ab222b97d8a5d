/**
 * The file of word vectors (words.bin), as scripts/embedding writes it and the Worker reads it. Little-endian:
 *
 * | bytes | |
 * |---|---|
 * | 8 | "CFWORDS1" |
 * | 4 × 3 | words n, dimensions d (even), bytes b of what follows last |
 * | 4 d | the direction that all texts share, float32, a unit vector |
 * | 4 n | scale of each row, float32 |
 * | n d / 2 | rows, two numbers a byte, the first in the low half: 0–15 stands for −7.5 … 7.5, times the scale |
 * | b | JSON `{ "version", "words" }`, UTF-8, words joined by spaces |
 *
 * A row is the word's unit vector times its weight (the IDF), so that the sum of rows is the weighted sum.
 */
const MAGIC = "CFWORDS1";
const HEAD_BYTES = 20;
/** The middle of the 16 steps. */
const MIDDLE = 7.5;

export interface WordTable {
  /** `<name>@<version>`. */
  version: string;
  dimensions: number;
  words: string[];
  shared: Float32Array;
  scales: Float32Array;
  rows: Uint8Array;
}

/** Quantises one row: the scale that makes its largest number the largest step. */
export function packRow(row: Float32Array, into: Uint8Array): number {
  let largest = 0;
  for (const value of row) largest = Math.max(largest, Math.abs(value));
  const scale = largest / MIDDLE;
  const step = (value: number) =>
    scale === 0 ? 8 : Math.min(15, Math.max(0, Math.round(value / scale + MIDDLE)));
  for (let i = 0; i < into.length; i += 1) into[i] = step(row[2 * i] ?? 0) | (step(row[2 * i + 1] ?? 0) << 4);
  return scale;
}

/** Adds row `n` of the table to `sum`, so many times. */
export function addRow(table: WordTable, n: number, sum: Float32Array, times: number): void {
  const scale = (table.scales[n] ?? 0) * times;
  const half = table.dimensions / 2;
  const { rows } = table;
  for (let i = 0, at = n * half; i < half; i += 1, at += 1) {
    const byte = rows[at] ?? 0;
    sum[2 * i] = (sum[2 * i] ?? 0) + ((byte & 15) - MIDDLE) * scale;
    sum[2 * i + 1] = (sum[2 * i + 1] ?? 0) + ((byte >> 4) - MIDDLE) * scale;
  }
}

export function writeTable(table: WordTable): Uint8Array {
  const { dimensions, words, shared, scales, rows } = table;
  const last = new TextEncoder().encode(JSON.stringify({ version: table.version, words: words.join(" ") }));
  const file = new Uint8Array(
    HEAD_BYTES + shared.byteLength + scales.byteLength + rows.byteLength + last.byteLength,
  );
  file.set(new TextEncoder().encode(MAGIC));
  const head = new DataView(file.buffer);
  [words.length, dimensions, last.byteLength].forEach((n, i) => head.setUint32(8 + 4 * i, n, true));
  let at = HEAD_BYTES;
  for (const part of [shared, scales]) {
    for (const value of part) {
      head.setFloat32(at, value, true);
      at += 4;
    }
  }
  file.set(rows, at);
  file.set(last, at + rows.byteLength);
  return file;
}

/** Throws on a file that is not one: it is part of the program, so nothing else can be done. */
export function readTable(file: ArrayBuffer): WordTable {
  const text = (from: number, bytes: number) => new TextDecoder().decode(new Uint8Array(file, from, bytes));
  if (file.byteLength < HEAD_BYTES || text(0, 8) !== MAGIC)
    throw new Error("words.bin is not a file of word vectors: npm run build:embedding makes it anew");
  const head = new DataView(file);
  const [count, dimensions, last] = [8, 12, 16].map((at) => head.getUint32(at, true)) as [
    number,
    number,
    number,
  ];
  const at = { shared: HEAD_BYTES, scales: HEAD_BYTES + 4 * dimensions };
  const rows_at = at.scales + 4 * count;
  const rows_bytes = (count * dimensions) / 2;
  if (rows_at + rows_bytes + last !== file.byteLength) throw new Error("words.bin is cut short");
  const { version, words } = JSON.parse(text(rows_at + rows_bytes, last)) as {
    version: string;
    words: string;
  };
  return {
    version,
    dimensions,
    words: words.split(" "),
    // HEAD_BYTES is a multiple of four: no copy is needed.
    shared: new Float32Array(file, at.shared, dimensions),
    scales: new Float32Array(file, at.scales, count),
    rows: new Uint8Array(file, rows_at, rows_bytes),
  };
}
