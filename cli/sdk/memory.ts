/** Lines that wait in memory, in order. */
import { batchOf, type Line } from "./line.ts";

export class Memory {
  #lines: Line[] = [];
  bytes = 0;

  get length(): number {
    return this.#lines.length;
  }

  push(line: Line): void {
    this.#lines.push(line);
    this.bytes += line.bytes;
  }

  /** The next batch; it stays here until `drop` says that it was acknowledged. */
  peek(max_events: number, max_bytes: number): Line[] {
    return batchOf(this.#lines, max_events, max_bytes);
  }

  /** Removes a peeked batch. Lines that have meanwhile gone to disk are not here any more. */
  drop(batch: readonly Line[]): void {
    let count = 0;
    while (count < batch.length && this.#lines[count] === batch[count]) count += 1;
    this.#remove(count);
  }

  /** Removes the first `count`. */
  #remove(count: number): void {
    for (const line of this.#lines.splice(0, count)) this.bytes -= line.bytes;
  }

  /** Hands everything to `store`, which says how many of them it took. */
  spill(store: (lines: readonly Line[]) => number): void {
    if (this.#lines.length > 0) this.#remove(store(this.#lines));
  }
}
