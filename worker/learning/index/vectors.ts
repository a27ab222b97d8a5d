/**
 * Unit vectors in memory, a byte a dimension: 10,000 of 256 dimensions take 2.6 MB and are compared in some
 * milliseconds. Rounding to 254 steps moves a cosine by less than 0.003.
 */
const STEPS = 127;
const SCALE_BYTES = 4;

/** As it is stored: the scale as float32, then a signed byte per dimension. */
export function packVector(vector: Float32Array): ArrayBuffer {
  let largest = 0;
  for (const value of vector) largest = Math.max(largest, Math.abs(value));
  const scale = largest === 0 ? 1 : largest / STEPS;
  const packed = new ArrayBuffer(SCALE_BYTES + vector.length);
  new DataView(packed).setFloat32(0, scale, true);
  const bytes = new Int8Array(packed, SCALE_BYTES);
  vector.forEach((value, i) => (bytes[i] = Math.round(value / scale)));
  return packed;
}

export class Vectors {
  readonly #dimensions: number;
  readonly #slots = new Map<number, number>();
  readonly #free: number[] = [];
  #bytes = new Int8Array(0);
  #scales = new Float32Array(0);

  constructor(dimensions: number) {
    this.#dimensions = dimensions;
  }

  /** @param packed null, or of another size: it has none. */
  set(row: number, packed: ArrayBuffer | null): void {
    if (packed?.byteLength !== SCALE_BYTES + this.#dimensions) {
      this.delete(row);
      return;
    }
    const slot = this.#slots.get(row) ?? this.#free.pop() ?? this.#slots.size;
    if (slot >= this.#scales.length) this.#grow();
    this.#slots.set(row, slot);
    this.#scales[slot] = new DataView(packed).getFloat32(0, true);
    this.#bytes.set(new Int8Array(packed, SCALE_BYTES), slot * this.#dimensions);
  }

  delete(row: number): void {
    const slot = this.#slots.get(row);
    if (slot === undefined) return;
    this.#slots.delete(row);
    this.#free.push(slot);
  }

  get(row: number): Float32Array | undefined {
    const slot = this.#slots.get(row);
    if (slot === undefined) return undefined;
    const scale = this.#scales[slot] ?? 0;
    const bytes = this.#bytes.subarray(slot * this.#dimensions, (slot + 1) * this.#dimensions);
    return Float32Array.from(bytes, (byte) => byte * scale);
  }

  cosines(query: Float32Array, rows: Iterable<number>): Map<number, number> {
    const found = new Map<number, number>();
    const d = this.#dimensions;
    const bytes = this.#bytes;
    for (const row of rows) {
      const slot = this.#slots.get(row);
      if (slot === undefined) continue;
      // Two sums, which a processor adds side by side.
      let even = 0;
      let odd = 0;
      for (let i = 0, at = slot * d; i < d; i += 2, at += 2) {
        even += (query[i] ?? 0) * (bytes[at] ?? 0);
        odd += (query[i + 1] ?? 0) * (bytes[at + 1] ?? 0);
      }
      const cosine = (even + odd) * (this.#scales[slot] ?? 0);
      found.set(row, Math.max(-1, Math.min(1, cosine)));
    }
    return found;
  }

  #grow(): void {
    const slots = Math.max(64, this.#scales.length * 2);
    const bytes = new Int8Array(slots * this.#dimensions);
    const scales = new Float32Array(slots);
    bytes.set(this.#bytes);
    scales.set(this.#scales);
    this.#bytes = bytes;
    this.#scales = scales;
  }
}
