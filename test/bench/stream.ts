/**
 * `npm run bench:stream`: how long an event takes from the sender's request to
 * every viewer's socket (DESIGN §8: p99 ≤ 250 ms at 100 viewers, ≤ 1 s at 2,000).
 * The viewers live in this process and acknowledge once a second, as the
 * dashboard does; with thousands of them its own work is part of the figure.
 *
 *   --viewers N,M (default 100,2000)   --rate events per second (default 20)   --seconds S (default 15)
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { benchEvent } from "./event.ts";
import { load, quantile } from "./machine.ts";
import { startServer } from "./server.ts";

const { values } = parseArgs({
  options: {
    viewers: { type: "string", default: "100,2000" },
    rate: { type: "string", default: "20" },
    seconds: { type: "string", default: "15" },
  },
});
const ACK_EVERY_MS = 1_000;
const rate = Number(values.rate);
const events = rate * Number(values.seconds);

const data = await mkdtemp(join(tmpdir(), "clusterfork-bench-"));
const { port, stop } = await startServer("append.worker.ts", data, { BARE: "BareRows" });

async function measure(viewers: number): Promise<void> {
  const room = `viewers-${viewers}`;
  // By seq: there is one sender, so seqs follow the order of sending.
  const sent_ms: number[] = [];
  const latencies_ms: number[] = [];
  let snapshots = 0;
  let closed = 0;
  const sockets = Array.from({ length: viewers }, () => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/stream/${room}`);
    let acked_ms = performance.now();
    socket.addEventListener("message", ({ data: text }) => {
      const now_ms = performance.now();
      const range = /^\{"type":"events","from":(\d+),"to":(\d+)/.exec(String(text).slice(0, 80));
      if (range === null) {
        snapshots += 1;
        socket.send('{"type":"ack","seq":0}');
        return;
      }
      const to = Number(range[2]);
      for (let seq = Number(range[1]); seq <= to; seq += 1) {
        latencies_ms.push(now_ms - (sent_ms[seq] ?? now_ms));
      }
      if (now_ms - acked_ms < ACK_EVERY_MS) return;
      acked_ms = now_ms;
      socket.send(`{"type":"ack","seq":${to}}`);
    });
    socket.addEventListener("close", () => (closed += 1));
    return socket;
  });
  while (snapshots < viewers) {
    if (closed > 0) throw new Error(`${closed} sockets were closed before the first event`);
    await sleep(50);
  }

  const started_ms = performance.now();
  for (let seq = 1; seq <= events; seq += 1) {
    await sleep(Math.max(0, started_ms + (seq * 1_000) / rate - performance.now()));
    sent_ms[seq] = performance.now();
    const reply = await fetch(`http://127.0.0.1:${port}/room/${room}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify([benchEvent()]),
    });
    if (!reply.ok) throw new Error(await reply.text());
    await reply.arrayBuffer();
  }
  for (let waited_ms = 0; latencies_ms.length < events * viewers && waited_ms < 20_000; waited_ms += 50) {
    await sleep(50);
  }
  const [p50, p99, worst] = [0.5, 0.99, 1].map((part) => quantile(latencies_ms, part).toFixed(0));
  console.log(
    `${viewers} viewers, ${rate} events/s: ${latencies_ms.length} of ${events * viewers} arrived, ` +
      `p50 ${p50} ms   p99 ${p99} ms   worst ${worst} ms   load average ${load()}`,
  );
  for (const socket of sockets) socket.close();
}

try {
  console.log(`load average before: ${load()}`);
  for (const viewers of values.viewers.split(",")) await measure(Number(viewers));
} finally {
  await stop();
  await rm(data, { recursive: true, force: true });
}
