/**
 * `npm run bench -- stream`: how long an event takes from the sender's request to every viewer's socket
 * (DESIGN §8: p99 ≤ 250 ms at 100 viewers, ≤ 1 s at 2,000). The viewers live in this process and acknowledge once
 * a second, as the dashboard does; with thousands of them its own work is part of the figure. Each viewer must see
 * every seq once and in order.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { MAX_VIEWERS } from "../../worker/room/limits.ts";
import { benchEvent } from "./event.ts";
import { check, figure, type Figure, type Target } from "./figure.ts";
import { load, quantile } from "./machine.ts";
import { ask, startServer, withFolder, type Server } from "./server.ts";

const ACK_EVERY_MS = 1_000;
/** Sockets that are being opened at a time: a flood of handshakes is another figure. */
const OPENING_AT_ONCE = 200;
/** Far above any target: what is not there by then is lost. */
const PATIENCE_MS = 60_000;
const TARGETS: Partial<Record<number, Target>> = {
  100: { of: "figure", at_most: 250 },
  2_000: { of: "figure", at_most: 1_000 },
};

export interface StreamOptions {
  viewers?: number[];
  /** Events per second, one a request. */
  rate?: number;
  seconds?: number;
  say?: (line: string) => void;
}

interface Watched {
  latencies_ms: number[];
  snapshots: number;
  closed: number;
  /** The first gap or repetition that any viewer saw. */
  broken: string | null;
}

function watch({ port }: Server, room: string, sent_ms: readonly number[], watched: Watched): WebSocket {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/stream/${room}`);
  let acked_ms = performance.now();
  let seen = 0;
  socket.addEventListener("message", ({ data: text }) => {
    const now_ms = performance.now();
    const range = /^\{"type":"events","from":(\d+),"to":(\d+)/.exec(String(text).slice(0, 80));
    if (range === null) {
      watched.snapshots += 1;
      socket.send('{"type":"ack","seq":0}');
      return;
    }
    const [from, to] = [Number(range[1]), Number(range[2])];
    if (from !== seen + 1) watched.broken ??= `a viewer that had ${seen} was sent ${from} to ${to}`;
    seen = to;
    for (let seq = from; seq <= to; seq += 1) watched.latencies_ms.push(now_ms - (sent_ms[seq] ?? now_ms));
    if (now_ms - acked_ms < ACK_EVERY_MS) return;
    acked_ms = now_ms;
    socket.send(`{"type":"ack","seq":${to}}`);
  });
  socket.addEventListener("close", () => (watched.closed += 1));
  return socket;
}

async function measure(server: Server, viewers: number, rate: number, events: number): Promise<number[]> {
  const room = `viewers-${viewers}`;
  // By seq: there is one sender, so seqs follow the order of sending.
  const sent_ms: number[] = [];
  const watched: Watched = { latencies_ms: [], snapshots: 0, closed: 0, broken: null };
  const sockets: WebSocket[] = [];
  const until = async (done: () => boolean, what: () => string) => {
    for (let waited_ms = 0; !done(); waited_ms += 20) {
      check(watched.broken === null, watched.broken ?? "");
      check(watched.closed === 0, `${watched.closed} of ${viewers} sockets were closed`);
      check(waited_ms < PATIENCE_MS, what());
      await sleep(20);
    }
  };
  try {
    while (sockets.length < viewers) {
      const more = Math.min(OPENING_AT_ONCE, viewers - sockets.length);
      for (let n = 0; n < more; n += 1) sockets.push(watch(server, room, sent_ms, watched));
      await until(
        () => watched.snapshots >= sockets.length,
        () => `${watched.snapshots} of ${sockets.length} viewers got their snapshot`,
      );
    }
    const started_ms = performance.now();
    for (let seq = 1; seq <= events; seq += 1) {
      await sleep(Math.max(0, started_ms + (seq * 1_000) / rate - performance.now()));
      sent_ms[seq] = performance.now();
      await ask(server, `/room/${room}`, JSON.stringify([benchEvent()]));
    }
    const due = events * viewers;
    await until(
      () => watched.latencies_ms.length >= due,
      () => `${watched.latencies_ms.length} of ${due} events arrived`,
    );
    check(watched.broken === null, watched.broken ?? "");
    check(watched.latencies_ms.length === due, `${watched.latencies_ms.length} arrivals of ${due}`);
    const head = Number(await ask(server, `/head/room/${room}`));
    check(head === events, `head ${head}, accepted ${events}`);
    return watched.latencies_ms;
  } finally {
    for (const socket of sockets) socket.close();
  }
}

export function benchStream(options: StreamOptions = {}): Promise<Figure[]> {
  const { viewers = [1, 100, 2_000, 10_000], rate = 20, seconds = 10, say = console.log } = options;
  return withFolder(async (data) => {
    const server = await startServer("append.worker.ts", data, { BARE: "BareRows" });
    try {
      const figures: Figure[] = [];
      for (const count of viewers) {
        if (count > MAX_VIEWERS) {
          say(`${count} viewers: a room takes ${MAX_VIEWERS}, so this is not measured`);
          continue;
        }
        const latencies_ms = await measure(server, count, rate, rate * seconds);
        const [p50, p99, worst] = [0.5, 0.99, 1].map((part) => quantile(latencies_ms, part).toFixed(0));
        say(
          `${count} viewers, ${rate} events/s: p50 ${p50} ms   p99 ${p99} ms   worst ${worst} ms   load ${load()}`,
        );
        const target = TARGETS[count];
        const what = `event → socket, ${count.toLocaleString("en")} ${count === 1 ? "viewer" : "viewers"}, p99`;
        const runs = [quantile(latencies_ms, 0.99)];
        figures.push(figure(what, "ms", runs, target === undefined ? {} : { target }));
      }
      return figures;
    } finally {
      await server.stop();
    }
  });
}
