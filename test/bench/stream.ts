/**
 * `npm run bench -- stream`: how long an event takes from the sender's request to every viewer's socket
 * (DESIGN §8: p99 ≤ 250 ms at 100 viewers, ≤ 1 s at 2,000), and how long its sender waits meanwhile. The viewers live
 * in this process and acknowledge once a second, as the dashboard does; with thousands of them its own work is part of
 * the figure. Each viewer must see every seq once and in order, and the events of these seqs and no others.
 *
 * More viewers than a room takes are spread over several, and the figure says so; the events go to them in turn.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { MAX_VIEWERS } from "../../worker/room/limits.ts";
import { benchEvent } from "./event.ts";
import { check, figure, type Figure, type Target } from "./figure.ts";
import { load, openFilesLimit, quantile } from "./machine.ts";
import { ask, startServer, withFolder, type Server } from "./server.ts";

const ACK_EVERY_MS = 1_000;
/** Sockets that are being opened at a time: a flood of handshakes is another figure. */
const OPENING_AT_ONCE = 200;
/** workerd holds two open files for each socket; these are for everything else that it holds. */
const FILES_PER_SOCKET = 2;
const OTHER_FILES = 200;
/** Beside how many viewers the sender's own wait is a figure. */
const MANY_VIEWERS = 2_000;
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
  /** The first gap, repetition or false event that any viewer saw. */
  broken: string | null;
}

interface Room {
  name: string;
  viewers: number;
  /** By seq: there is one sender, so seqs follow the order of sending. */
  sent_ms: number[];
  seq: number;
}

interface Message {
  events: { seq: number }[];
}

/** `reads`: it looks at the events themselves. One of each room does, for all get the same text. */
function watch({ port }: Server, { name, sent_ms }: Room, watched: Watched, reads: boolean): WebSocket {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/stream/${name}`);
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
    if (reads) {
      const told = (JSON.parse(String(text)) as Message).events.map(({ seq }) => seq).join();
      const due = Array.from({ length: to - from + 1 }, (_, n) => from + n).join();
      if (told !== due) watched.broken ??= `a frame of ${from} to ${to} holds ${told}`;
    }
    seen = to;
    for (let seq = from; seq <= to; seq += 1) watched.latencies_ms.push(now_ms - (sent_ms[seq] ?? now_ms));
    if (now_ms - acked_ms < ACK_EVERY_MS) return;
    acked_ms = now_ms;
    socket.send(`{"type":"ack","seq":${to}}`);
  });
  socket.addEventListener("close", () => (watched.closed += 1));
  return socket;
}

interface Taken {
  /** From the sender's request to each viewer's socket. */
  latencies_ms: number[];
  /** From the sender's request to its answer. */
  appends_ms: number[];
}

function roomsFor(viewers: number): Room[] {
  const count = Math.ceil(viewers / MAX_VIEWERS);
  return Array.from({ length: count }, (_, n) => ({
    name: `viewers-${viewers}-${n}`,
    viewers: Math.floor((viewers + n) / count),
    sent_ms: [],
    seq: 0,
  }));
}

async function measure(server: Server, rooms: readonly Room[], rate: number, events: number): Promise<Taken> {
  const viewers = rooms.reduce((sum, room) => sum + room.viewers, 0);
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
    for (const room of rooms) {
      for (let opened = 0; opened < room.viewers;) {
        const more = Math.min(OPENING_AT_ONCE, room.viewers - opened);
        for (let n = 0; n < more; n += 1) sockets.push(watch(server, room, watched, opened + n === 0));
        opened += more;
        await until(
          () => watched.snapshots >= sockets.length,
          () => `${watched.snapshots} of ${sockets.length} viewers got their snapshot`,
        );
      }
    }
    const appends_ms: number[] = [];
    const started_ms = performance.now();
    let due = 0;
    for (let nth = 0; nth < events; nth += 1) {
      const room = rooms[nth % rooms.length];
      if (room === undefined) throw new Error("no room");
      await sleep(Math.max(0, started_ms + ((nth + 1) * 1_000) / rate - performance.now()));
      room.seq += 1;
      due += room.viewers;
      const sent_ms = performance.now();
      room.sent_ms[room.seq] = sent_ms;
      await ask(server, `/room/${room.name}`, JSON.stringify([benchEvent()]));
      appends_ms.push(performance.now() - sent_ms);
    }
    await until(
      () => watched.latencies_ms.length >= due,
      () => `${watched.latencies_ms.length} of ${due} events arrived`,
    );
    check(watched.broken === null, watched.broken ?? "");
    check(watched.latencies_ms.length === due, `${watched.latencies_ms.length} arrivals of ${due}`);
    for (const { name, seq } of rooms) {
      const head = Number(await ask(server, `/head/room/${name}`));
      check(head === seq, `head ${head}, accepted ${seq}`);
    }
    return { latencies_ms: watched.latencies_ms, appends_ms };
  } finally {
    for (const socket of sockets) socket.close();
  }
}

export function benchStream(options: StreamOptions = {}): Promise<Figure[]> {
  const { viewers = [1, 100, 2_000, 10_000], rate = 20, seconds = 10, say = console.log } = options;
  const most = Math.floor((openFilesLimit() - OTHER_FILES) / FILES_PER_SOCKET);
  return withFolder(async (data) => {
    const server = await startServer("append.worker.ts", data, { BARE: "BareRows" });
    try {
      const figures: Figure[] = [];
      for (const asked of viewers) {
        const count = Math.min(asked, most);
        if (count < asked) say(`${asked} viewers: with so many open files as may be, ${count} are measured`);
        const rooms = roomsFor(count);
        const taken = await measure(server, rooms, rate, rate * seconds);
        const whom = `${count.toLocaleString("en")} ${count === 1 ? "viewer" : "viewers"}${rooms.length > 1 ? ` over ${rooms.length} rooms` : ""}`;
        const spread = (times_ms: readonly number[]) =>
          [0.5, 0.99, 1]
            .map((part, n) => `${["p50", "p99", "worst"][n]} ${quantile(times_ms, part).toFixed(0)} ms`)
            .join("   ");
        say(`${whom}, ${rate} events/s: ${spread(taken.latencies_ms)}   load ${load()}`);
        say(`  appends meanwhile: ${spread(taken.appends_ms)}`);
        const target = TARGETS[asked];
        const runs = [quantile(taken.latencies_ms, 0.99)];
        figures.push(
          figure(`event → socket, ${whom}, p99`, "ms", runs, target === undefined ? {} : { target }),
        );
        if (count >= MANY_VIEWERS)
          figures.push(figure(`append beside ${whom}, p99`, "ms", [quantile(taken.appends_ms, 0.99)]));
      }
      return figures;
    } finally {
      await server.stop();
    }
  });
}
