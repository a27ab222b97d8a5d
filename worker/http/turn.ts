/**
 * Questions on the log take turns: each may hold some 40 MB and this isolate's thread for seconds, so a project has
 * few of them at once, whoever asks. The rest waits in line, and beyond that is told to come again.
 *
 * In memory, of this isolate alone, which is what is to be protected. A request whose client hangs up ends without
 * another word, so a turn counts until it is given back or its time is over.
 */

/** Questions of one project at once: two of the largest leave an isolate half of its 128 MB. */
const MAX_AT_ONCE = 2;
/** Those that wait: a page asks some four to eight at once, and each takes a second at most by far the most often. */
const MAX_WAITING = 12;
/** How long one waits, ms: who asks has given up by then. */
const MAX_WAIT_MS = 15_000;
/** A turn that was not given back by then was left, ms: the longest question takes a few seconds. */
const MAX_TURN_MS = 30_000;
/** Between two looks at the line, ms. A promise of another request could not be waited for. */
const LOOK_MS = 20;
/** Advice to who found the line full. */
export const TURN_RETRY_S = 2;

interface Turn {
  until_ms: number;
}

interface Line {
  running: Turn[];
  waiting: Turn[];
}

export class Turns {
  readonly #lines = new Map<string, Line>();
  readonly #now_ms: () => number;
  readonly #wait: (ms: number) => Promise<void>;

  constructor(now_ms: () => number, wait: (ms: number) => Promise<void>) {
    this.#now_ms = now_ms;
    this.#wait = wait;
  }

  /** Resolves to what gives the turn back; to null when there is none to be had. */
  async take(project_id: string): Promise<(() => void) | null> {
    const line = this.#line(project_id);
    const waiting: Turn = { until_ms: this.#now_ms() + MAX_WAIT_MS };
    if (line.waiting.length >= MAX_WAITING) return null;
    line.waiting.push(waiting);
    while (line.waiting[0] !== waiting || line.running.length >= MAX_AT_ONCE) {
      await this.#wait(LOOK_MS);
      this.#leaveOut(line);
      if (!line.waiting.includes(waiting)) return null;
    }
    line.waiting.shift();
    const turn: Turn = { until_ms: this.#now_ms() + MAX_TURN_MS };
    line.running.push(turn);
    return () => {
      line.running = line.running.filter((each) => each !== turn);
      if (line.running.length === 0 && line.waiting.length === 0) this.#lines.delete(project_id);
    };
  }

  #line(project_id: string): Line {
    const line = this.#lines.get(project_id) ?? { running: [], waiting: [] };
    this.#lines.set(project_id, line);
    this.#leaveOut(line);
    return line;
  }

  #leaveOut(line: Line): void {
    const now_ms = this.#now_ms();
    line.running = line.running.filter(({ until_ms }) => until_ms > now_ms);
    line.waiting = line.waiting.filter(({ until_ms }) => until_ms > now_ms);
  }
}
