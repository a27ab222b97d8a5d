/** Which words stand near which: a symmetric count of pairs, and what of it is more than chance. */

/** Words to either side. Wide windows learn what a text is about, narrow ones what part of speech a word is. */
const WINDOW = 12;
/** Rare contexts are smoothed, or their every pair would look like a law (Levy, Goldberg, Dagan 2015). */
const SMOOTHING = 0.75;

/** Compressed sparse rows. */
export interface Sparse {
  size: number;
  starts: Uint32Array;
  columns: Uint32Array;
  values: Float32Array;
}

/** Sums by a key of 32 bits, in open addressing: a Map of ten million numbers takes a gigabyte. */
class Sums {
  #keys = new Uint32Array(1 << 22);
  #values = new Float64Array(1 << 22);
  #used = 0;

  add(key: number, amount: number): void {
    if (this.#used * 2 > this.#keys.length) this.#grow();
    const at = this.#slot(key);
    if (this.#values[at] === 0) {
      this.#keys[at] = key;
      this.#used += 1;
    }
    this.#values[at] = (this.#values[at] ?? 0) + amount;
  }

  /** Keys in ascending order: the order of arrival says nothing. */
  sorted(): { keys: Uint32Array; value: (key: number) => number } {
    const keys = new Uint32Array(this.#used);
    let n = 0;
    this.#values.forEach((value, at) => {
      if (value !== 0) keys[n++] = this.#keys[at] ?? 0;
    });
    return { keys: keys.sort(), value: (key) => this.#values[this.#slot(key)] ?? 0 };
  }

  #slot(key: number): number {
    const mask = this.#keys.length - 1;
    let at = (Math.imul(key, 0x9e3779b1) >>> 8) & mask;
    while (this.#values[at] !== 0 && this.#keys[at] !== key) at = (at + 1) & mask;
    return at;
  }

  #grow(): void {
    const keys = this.#keys;
    const values = this.#values;
    this.#keys = new Uint32Array(keys.length * 2);
    this.#values = new Float64Array(keys.length * 2);
    values.forEach((value, from) => {
      if (value === 0) return;
      const at = this.#slot(keys[from] ?? 0);
      this.#keys[at] = keys[from] ?? 0;
      this.#values[at] = value;
    });
  }
}

/** @param passages each as numbers of words; what has no vector is −1 and still takes its place. */
function count(passages: Iterable<Int32Array>, size: number): Sums {
  const sums = new Sums();
  for (const words of passages)
    for (let i = 0; i < words.length; i += 1) {
      const word = words[i] ?? -1;
      if (word < 0) continue;
      for (let far = 1; far <= WINDOW && i + far < words.length; far += 1) {
        const other = words[i + far] ?? -1;
        if (other < 0 || other === word) continue;
        const weight = (WINDOW + 1 - far) / WINDOW;
        sums.add(word * size + other, weight);
        sums.add(other * size + word, weight);
      }
    }
  return sums;
}

/** Positive pointwise mutual information. @param size words at most 65,535: two make a key of 32 bits. */
export function associations(passages: Iterable<Int32Array>, size: number): Sparse {
  if (size > 65_535) throw new RangeError("more words than two of them fit into 32 bits");
  const { keys, value } = count(passages, size).sorted();
  const totals = new Float64Array(size);
  let total = 0;
  for (const key of keys) {
    const amount = value(key);
    totals[Math.floor(key / size)] = (totals[Math.floor(key / size)] ?? 0) + amount;
    total += amount;
  }
  const smooth = totals.map((one) => one ** SMOOTHING);
  const smooth_total = smooth.reduce((sum, one) => sum + one, 0);

  const starts = new Uint32Array(size + 1);
  const columns = new Uint32Array(keys.length);
  const values = new Float32Array(keys.length);
  let n = 0;
  for (const key of keys) {
    const row = Math.floor(key / size);
    const column = key % size;
    const chance = ((totals[row] ?? 0) / total) * ((smooth[column] ?? 0) / smooth_total);
    const information = Math.log(value(key) / total / chance);
    if (information > 0) {
      columns[n] = column;
      values[n] = information;
      n += 1;
      starts[row + 1] = (starts[row + 1] ?? 0) + 1;
    }
  }
  for (let row = 0; row < size; row += 1) starts[row + 1] = (starts[row + 1] ?? 0) + (starts[row] ?? 0);
  return { size, starts, columns: columns.slice(0, n), values: values.slice(0, n) };
}
