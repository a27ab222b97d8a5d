/** The newest values of a series, in their order and sorted: each push moves a few numbers instead of sorting anew. */
export class Rolling {
  readonly #max: number;
  /** The newest last. */
  readonly values: number[] = [];
  /** Ascending. */
  readonly sorted: number[] = [];

  constructor(max: number) {
    this.#max = max;
  }

  /** Takes finite values only. */
  push(value: number): void {
    if (!Number.isFinite(value)) return;
    this.values.push(value);
    this.sorted.splice(this.#placeOf(value), 0, value);
    if (this.values.length <= this.#max) return;
    const oldest = this.values.shift();
    if (oldest !== undefined) this.sorted.splice(this.#placeOf(oldest), 1);
  }

  /** Of the first that is not below it. */
  #placeOf(value: number): number {
    let low = 0;
    let high = this.sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.sorted[middle] ?? Infinity) < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
