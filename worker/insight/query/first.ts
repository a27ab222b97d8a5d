/** The first so many of a stream by an order, without sorting all of it. */
export class First<T> {
  readonly kept: T[] = [];
  readonly #limit: number;
  readonly #order: (a: T, b: T) => number;

  constructor(limit: number, order: (a: T, b: T) => number) {
    this.#limit = limit;
    this.#order = order;
  }

  add(item: T): void {
    const last = this.kept.at(-1);
    if (this.kept.length >= this.#limit && last !== undefined && this.#order(item, last) >= 0) return;
    let low = 0;
    let high = this.kept.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const other = this.kept[middle];
      if (other !== undefined && this.#order(other, item) <= 0) low = middle + 1;
      else high = middle;
    }
    this.kept.splice(low, 0, item);
    if (this.kept.length > this.#limit) this.kept.pop();
  }
}
