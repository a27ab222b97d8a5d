/** A progress line on standard error: redrawn on a terminal, every few seconds elsewhere. */
import type { WriteStream } from "node:tty";
import { bar, cleanLines } from "./terminal.ts";

/** Redraws per second on a terminal: enough to look alive. */
const TERMINAL_INTERVAL_MS = 100;
/** Lines in a log file: seldom enough to stay readable. */
const LOG_INTERVAL_MS = 5_000;

export class Progress {
  readonly #out: WriteStream;
  readonly #quiet: boolean;
  #last_ms = 0;
  #drawn = false;

  constructor(out: WriteStream, quiet: boolean) {
    this.#out = out;
    this.#quiet = quiet;
    // In a log file what is over within the interval needs no line; half a bar would be all that stays of it.
    if (!out.isTTY) this.#last_ms = Date.now();
  }

  /** `share` is 0 to 1, or null when the end is not known. */
  show(label: string, share: number | null): void {
    if (this.#quiet) return;
    const now = Date.now();
    if (now - this.#last_ms < (this.#out.isTTY ? TERMINAL_INTERVAL_MS : LOG_INTERVAL_MS)) return;
    this.#last_ms = now;
    const line = share === null ? label : `${bar(share, 24)} ${Math.round(share * 100)}%  ${label}`;
    if (this.#out.isTTY) {
      this.#out.write(`\r\u001b[2K${line.slice(0, (this.#out.columns || 80) - 1)}`);
      this.#drawn = true;
    } else this.#out.write(`${line}\n`);
  }

  /** A line that stays, such as a warning, with whatever the server said in it. */
  say(line: string): void {
    this.clear();
    this.#out.write(`${cleanLines(line)}\n`);
  }

  clear(): void {
    if (this.#drawn) this.#out.write("\r\u001b[2K");
    this.#drawn = false;
  }
}
