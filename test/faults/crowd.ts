/** Many viewers at once, each on a line of its own, and what they must see: every seq from the first once, in order (V1). */
import { readdirSync, readFileSync } from "node:fs";
import { openLine, type Line } from "./line.ts";

/** Handshakes at a time: as many as a server has waiting anyway. */
const OPENING = 50;
/** As the contract asks; a tenth of them at a time. */
const ACK_EVERY_MS = 1_000;
const ACK_TURNS = 10;
/** Each address of this machine has 28,000 ports, and closed ones rest for a minute. */
const ADDRESSES = 8;

interface Seen {
  project: string;
  cursor: number;
  acked: number;
}

export interface Joining {
  url: string;
  bearer: string;
  /** Names the log that is watched: sent times are by its seqs. */
  project: string;
  /** False for a viewer that reads and never says so. */
  acknowledges?: boolean;
}

export class Crowd {
  readonly #seen = new Map<Line, Seen>();
  readonly #timer: ReturnType<typeof setInterval>;
  #turn = 0;
  /** What must not happen: a frame that does not follow the one before. */
  readonly faults: string[] = [];
  readonly latencies_ms: number[] = [];
  /** By their close code; null: the connection broke. */
  readonly closed = new Map<number | null, number>();
  /** When an event was sent, by project and seq. */
  readonly #sent_ms = new Map<string, number[]>();

  constructor() {
    this.#timer = setInterval(() => this.#acknowledge(), ACK_EVERY_MS / ACK_TURNS);
  }

  /** Opens so many more from seq 0; rejects when one is refused. */
  async join({ url, bearer, project, acknowledges = true }: Joining, count: number): Promise<Line[]> {
    const lines: Line[] = [];
    for (let begun = 0; begun < count; begun += OPENING) {
      const some = Array.from({ length: Math.min(OPENING, count - begun) }, async (_, n) => {
        const seen = { project, cursor: 0, acked: acknowledges ? 0 : Infinity };
        let is_over = false;
        const from = `127.0.0.${1 + ((begun + n) % ADDRESSES)}`;
        const line = await openLine(
          { url, bearer, since: 0, from },
          {
            message: (_line, head) => this.#hear(seen, head),
            closed: (gone, code) => {
              // It may come in one packet with the handshake, before anybody here knows the line.
              is_over = true;
              this.#seen.delete(gone);
              this.closed.set(code, (this.closed.get(code) ?? 0) + 1);
            },
          },
        );
        if (!is_over) this.#seen.set(line, seen);
        return line;
      });
      lines.push(...(await Promise.all(some)));
    }
    return lines;
  }

  /** Before the event that will have this seq is sent. */
  sending(project: string, seq: number): void {
    const times = this.#sent_ms.get(project) ?? [];
    times[seq] = performance.now();
    this.#sent_ms.set(project, times);
  }

  /** Resolves when all of them saw `seq`. */
  seen(project: string, seq: number): Promise<void> {
    return until(() => this.#behind(project, seq) === 0, `all viewers of ${project} saw seq ${seq}`);
  }

  #behind(project: string, seq: number): number {
    let behind = 0;
    for (const seen of this.#seen.values()) if (seen.project === project && seen.cursor < seq) behind += 1;
    return behind;
  }

  get size(): number {
    return this.#seen.size;
  }

  end(): void {
    clearInterval(this.#timer);
    for (const line of this.#seen.keys()) line.cut();
  }

  #hear(seen: Seen, head: string): void {
    const now_ms = performance.now();
    const range = /^\{"type":"events","from":(\d+),"to":(\d+)/.exec(head);
    if (range === null) {
      this.faults.push(`${head.slice(0, 40)} after ${seen.cursor}`);
      return;
    }
    const [from, to] = [Number(range[1]), Number(range[2])];
    if (from !== seen.cursor + 1) this.faults.push(`${from} after ${seen.cursor}`);
    const times = this.#sent_ms.get(seen.project);
    for (let seq = from; seq <= to; seq += 1) {
      const sent_ms = times?.[seq];
      if (sent_ms !== undefined) this.latencies_ms.push(now_ms - sent_ms);
    }
    seen.cursor = to;
  }

  /** By a timer, so that also the last event of a burst is acknowledged. */
  #acknowledge(): void {
    this.#turn = (this.#turn + 1) % ACK_TURNS;
    let place = 0;
    for (const [line, seen] of this.#seen) {
      place = (place + 1) % ACK_TURNS;
      if (place !== this.#turn || seen.cursor <= seen.acked) continue;
      line.acknowledge(seen.cursor);
      seen.acked = seen.cursor;
    }
  }
}

/** Waits for what must come: a loaded machine is slow, and nothing here is about how slow. */
export async function until(is: () => boolean, what: string): Promise<void> {
  const end_ms = performance.now() + MAX_WAIT_MS;
  while (!is()) {
    if (performance.now() > end_ms)
      throw new Error(`in ${MAX_WAIT_MS / 1_000} s it did not come to this: ${what}`);
    await new Promise((wake) => setTimeout(wake, 50));
  }
}
const MAX_WAIT_MS = 60_000;

/** MB of memory that a process holds, as the kernel counts. */
export function residentMb(pid: number): number {
  const kib = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  return Number(kib) / 1_024;
}

/** Files that a process has open, its sockets among them. */
export const openFiles = (pid: number): number => readdirSync(`/proc/${pid}/fd`).length;
