/**
 * `npm run bench -- append`: the room beside bare Durable Objects in the same server and run. The room's requests
 * are validated, redacted, priced and folded, and a viewer watches; the bare objects take the texts as they are:
 * one inserts a row per event in a transaction per request, one writes nothing. Between them stand the parts alone:
 * validated, redacted, priced, hashed and written, and neither ids, fold, columns nor viewers. Rounds are interleaved, and the
 * ratios are medians over the rounds (DESIGN §8). After each measurement the head must be what was accepted.
 */
import { check, figure, ratios, type Figure, type Target } from "./figure.ts";
import { benchEvent } from "./event.ts";
import { run, type Measured } from "./load.ts";
import { load, median } from "./machine.ts";
import { ask, startServer, withFolder, type Server } from "./server.ts";

const KINDS = ["room", "bare", "nothing", "chained"] as const;
type Kind = (typeof KINDS)[number];
const CEILINGS = {
  bare: "bare, a commit per request",
  nothing: "bare, no write",
  chained: "checked, hashed, written, no more",
} as const;

export interface AppendOptions {
  batches?: number[];
  /** Requests in flight. */
  connections?: number;
  rounds?: number;
  /** Of one measurement. */
  duration_ms?: number;
  warm_up_ms?: number;
  say?: (line: string) => void;
}

const TARGETS: Partial<Record<string, Target>> = {
  "1 bare": { of: "ratio", at_least: 1.2 },
  "1 nothing": { of: "ratio", at_least: 0.6 },
  "100 bare": { of: "ratio", at_least: 0.6 },
};

/** A viewer that acknowledges every frame, so that publishing is part of what is measured. */
function watch({ port }: Server, path: string): WebSocket {
  const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`);
  socket.addEventListener("message", ({ data }) => {
    const to = /^\{"type":"events","from":\d+,"to":(\d+)/.exec(String(data).slice(0, 80))?.[1];
    if (to !== undefined) socket.send(`{"type":"ack","seq":${to}}`);
  });
  return socket;
}

async function compare(server: Server, batch: number, options: Required<AppendOptions>): Promise<Figure[]> {
  const { connections, rounds, duration_ms, warm_up_ms, say } = options;
  const viewer = watch(server, `/stream/room-${batch}`);
  const found: Record<Kind, Measured[]> = { room: [], bare: [], nothing: [], chained: [] };
  const accepted: Record<Kind, number> = { room: 0, bare: 0, nothing: 0, chained: 0 };
  const body = () => JSON.stringify(Array.from({ length: batch }, benchEvent));
  for (let round = 0; round <= rounds; round += 1) {
    for (const kind of KINDS) {
      const measured = await run({
        port: server.port,
        path: `/${kind}/${kind}-${batch}`,
        connections,
        duration_ms: round === 0 ? warm_up_ms : duration_ms,
        body,
      });
      // What keeps nothing says how many it took in this measurement.
      const before = kind === "nothing" ? 0 : accepted[kind];
      accepted[kind] = before + measured.requests * batch;
      const head = Number(await ask(server, `/head/${kind}/${kind}-${batch}`));
      check(head === accepted[kind], `${kind} at batch ${batch}: head ${head}, accepted ${accepted[kind]}`);
      // The first round warms up.
      if (round > 0) found[kind].push(measured);
    }
  }
  viewer.close();
  say(
    `\nbatch ${batch}, ${connections} in flight, ${rounds} rounds of ${duration_ms / 1_000} s, load ${load()}`,
  );
  for (const kind of KINDS) {
    const p50 = median(found[kind].map((one) => one.p50_ms)).toFixed(1);
    const p99 = median(found[kind].map((one) => one.p99_ms)).toFixed(1);
    const rate = median(rates(found[kind], batch));
    const each = `${Math.round(rate).toString().padStart(7)} events/s   ${(1e6 / rate).toFixed(1).padStart(5)} µs each`;
    say(`  ${kind.padEnd(8)} ${each}   p50 ${p50} ms   p99 ${p99} ms`);
  }
  return (["bare", "nothing", "chained"] as const).map((kind) => {
    const target = TARGETS[`${batch} ${kind}`];
    const one = figure(
      `append, batch ${batch}, ${connections} in flight`,
      "events/s",
      rates(found.room, batch),
      {
        beside: { what: CEILINGS[kind], runs: rates(found[kind], batch) },
        ...(target === undefined ? {} : { target }),
      },
    );
    const all = ratios(one);
    say(`  room / ${kind} = ${median(all).toFixed(2)}   (${all.map((ratio) => ratio.toFixed(2)).join(" ")})`);
    return one;
  });
}

const rates = (all: readonly Measured[], batch: number) => all.map((one) => one.requests_per_second * batch);

export function benchAppend(options: AppendOptions = {}): Promise<Figure[]> {
  const settings: Required<AppendOptions> = {
    batches: [1, 10, 100, 1_000],
    connections: 50,
    rounds: 5,
    duration_ms: 2_000,
    warm_up_ms: 1_000,
    say: console.log,
    ...options,
  };
  return withFolder(async (data) => {
    const server = await startServer("append.worker.ts", data, { BARE: "BareRows", CHAINED: "ChainedRows" });
    try {
      const figures: Figure[] = [];
      for (const batch of settings.batches) figures.push(...(await compare(server, batch, settings)));
      return figures;
    } finally {
      await server.stop();
    }
  });
}
