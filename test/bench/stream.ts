/**
 * `npm run bench:stream`: how long an event takes from the sender's request to
 * every viewer's socket (DESIGN §8: p99 ≤ 250 ms at 100 viewers, ≤ 1 s at 2,000).
 * The viewers live in this process and acknowledge once a second, as the
 * dashboard does; with thousands of them its own work is part of the figure.
 * Above MAX_VIEWERS they are spread over rooms, and each event goes to all of these.
 *
 *   --viewers N,M (default 1,100,2000,10000)   --rate events per second (default 20)   --seconds S (default 15)
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { MAX_VIEWERS } from "../../worker/room/limits.ts";
import { openFilesLimit } from "../faults/crowd.ts";
import { openLine, type Line, type LineEvents } from "../faults/line.ts";
import { benchEvent } from "./event.ts";
import { load, quantile } from "./machine.ts";
import { startServer } from "./server.ts";

export interface StreamFigures {
  /** Fewer than asked for, where the limit of open files allows no more. */
  viewers: number;
  rooms: number;
  arrived: number;
  expected: number;
  p50: number;
  p99: number;
  worst: number;
}

const ACK_EVERY_MS = 1_000;
/** Handshakes at a time. */
const OPENING = 50;
/** Of workerd: two descriptors for each socket, and some for everything else. */
const FILES_PER_SOCKET = 2;
const OTHER_FILES = 200;

/** Latencies in ms. A server of its own for each. */
export async function benchStream(
  wanted: number,
  { rate = 20, seconds = 15 }: { rate?: number; seconds?: number } = {},
): Promise<StreamFigures> {
  const viewers = Math.min(wanted, Math.floor((openFilesLimit() - OTHER_FILES) / FILES_PER_SOCKET));
  const rooms = Math.ceil(viewers / MAX_VIEWERS);
  const events = rate * seconds;
  const data = await mkdtemp(join(tmpdir(), "clusterfork-bench-"));
  const server = await startServer("append.worker.ts", data, { BARE: "BareRows" });
  const url = `http://127.0.0.1:${server.port}`;
  // By seq: there is one sender, so seqs follow the order of sending, the same in each room.
  const sent_ms: number[] = [];
  const latencies_ms: number[] = [];
  const cursors = new Map<Line, number>();
  const acked = new Map<Line, number>();
  let snapshots = 0;
  let closed = 0;
  const hearing: LineEvents = {
    message(line, head) {
      const now_ms = performance.now();
      const range = /^\{"type":"events","from":(\d+),"to":(\d+)/.exec(head);
      if (range === null) {
        snapshots += 1;
        line.acknowledge(0);
        return;
      }
      const to = Number(range[2]);
      for (let seq = Number(range[1]); seq <= to; seq += 1)
        latencies_ms.push(now_ms - (sent_ms[seq] ?? now_ms));
      cursors.set(line, to);
    },
    closed: () => (closed += 1),
  };
  const acknowledging = setInterval(() => {
    for (const [line, seq] of cursors) {
      if (seq === acked.get(line)) continue;
      acked.set(line, seq);
      line.acknowledge(seq);
    }
  }, ACK_EVERY_MS);
  try {
    const lines: Line[] = [];
    while (lines.length < viewers) {
      const some = Array.from({ length: Math.min(OPENING, viewers - lines.length) }, (_, n) => {
        const room = Math.floor((lines.length + n) / MAX_VIEWERS);
        return openLine({ url, path: `/stream/viewers-${room}`, bearer: "none", since: null }, hearing);
      });
      lines.push(...(await Promise.all(some)));
    }
    while (snapshots < viewers) {
      if (closed > 0) throw new Error(`${closed} sockets were closed before the first event`);
      await sleep(50);
    }
    const started_ms = performance.now();
    for (let seq = 1; seq <= events; seq += 1) {
      await sleep(Math.max(0, started_ms + (seq * 1_000) / rate - performance.now()));
      sent_ms[seq] = performance.now();
      const body = JSON.stringify([benchEvent()]);
      await Promise.all(
        Array.from({ length: rooms }, (_, room) => send(`${url}/room/viewers-${room}`, body)),
      );
    }
    const expected = events * viewers;
    for (let waited_ms = 0; latencies_ms.length < expected && waited_ms < 20_000; waited_ms += 50)
      await sleep(50);
    for (const line of lines) line.close();
    const [p50 = 0, p99 = 0, worst = 0] = [0.5, 0.99, 1].map((part) => quantile(latencies_ms, part));
    return { viewers, rooms, arrived: latencies_ms.length, expected, p50, p99, worst };
  } finally {
    clearInterval(acknowledging);
    await server.stop();
    await rm(data, { recursive: true, force: true });
  }
}

async function send(url: string, body: string): Promise<void> {
  const reply = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body,
  });
  if (!reply.ok) throw new Error(await reply.text());
  await reply.arrayBuffer();
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      viewers: { type: "string", default: "1,100,2000,10000" },
      rate: { type: "string", default: "20" },
      seconds: { type: "string", default: "15" },
    },
  });
  console.log(`load average before: ${load()}`);
  const [rate, seconds] = [Number(values.rate), Number(values.seconds)];
  for (const wanted of values.viewers.split(",")) {
    const found = await benchStream(Number(wanted), { rate, seconds });
    console.log(
      `${found.viewers} viewers in ${found.rooms} rooms, ${rate} events/s: ${found.arrived} of ${found.expected} arrived, ` +
        `p50 ${found.p50.toFixed(0)} ms   p99 ${found.p99.toFixed(0)} ms   worst ${found.worst.toFixed(0)} ms   load average ${load()}`,
    );
  }
}
