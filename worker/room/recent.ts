/**
 * The end of the log as texts: frames are made of it. A viewer that is behind by some frames is not worth a row of
 * the log, which is read and decoded whole for each of them.
 */
import { MAX_RECENT_LENGTH } from "./limits.ts";
import type { Line } from "./log.ts";

export class Recent {
  readonly #lines: Line[] = [];
  #length = 0;

  /** Without gaps, in order of seq. */
  get lines(): readonly Line[] {
    return this.#lines;
  }

  add(first_seq: number, texts: readonly string[]): void {
    // Commits that nobody watched are not here.
    if ((this.#lines.at(-1)?.seq ?? 0) + 1 !== first_seq) this.clear();
    for (const [i, text] of texts.entries()) {
      this.#lines.push({ seq: first_seq + i, text });
      this.#length += text.length;
    }
    let dropped = 0;
    while (this.#length > MAX_RECENT_LENGTH) {
      this.#length -= this.#lines[dropped]?.text.length ?? 0;
      dropped += 1;
    }
    this.#lines.splice(0, dropped);
  }

  clear(): void {
    this.#lines.length = 0;
    this.#length = 0;
  }
}
