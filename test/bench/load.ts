/** A load generator that costs next to nothing: keep-alive sockets, prebuilt requests, one in flight per socket. */
import { connect, type Socket } from "node:net";

export interface Load {
  port: number;
  path: string;
  connections: number;
  duration_ms: number;
  /** The body of the nth request. */
  body: (n: number) => string;
}

export interface Measured {
  /** All of them were answered with 200. */
  requests: number;
  requests_per_second: number;
  p50_ms: number;
  p99_ms: number;
}

export async function run(load: Load): Promise<Measured> {
  const latencies: number[] = [];
  const started = performance.now();
  const until = started + load.duration_ms;
  let sent = 0;
  await Promise.all(
    Array.from({ length: load.connections }, async () => {
      const socket = connect(load.port, "127.0.0.1").setNoDelay(true);
      try {
        while (performance.now() < until) {
          const body = load.body(sent++);
          const at = performance.now();
          await exchange(socket, load.path, body);
          latencies.push(performance.now() - at);
        }
      } finally {
        socket.destroy();
      }
    }),
  );
  const seconds = (performance.now() - started) / 1_000;
  latencies.sort((a, b) => a - b);
  const at = (part: number) =>
    latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * part))] ?? 0;
  return {
    requests: latencies.length,
    requests_per_second: latencies.length / seconds,
    p50_ms: at(0.5),
    p99_ms: at(0.99),
  };
}

function exchange(socket: Socket, path: string, body: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let reply = "";
    const done = (error: Error | null) => {
      socket.off("data", onData).off("error", done);
      if (error) reject(error);
      else resolve();
    };
    const onData = (chunk: Buffer) => {
      reply += chunk.toString("latin1");
      const head_end = reply.indexOf("\r\n\r\n");
      if (head_end < 0) return;
      const length = /content-length: (\d+)/i.exec(reply);
      const whole = length ? reply.length >= head_end + 4 + Number(length[1]) : reply.endsWith("0\r\n\r\n");
      if (!whole) return;
      done(reply.startsWith("HTTP/1.1 200") ? null : new Error(reply));
    };
    socket.on("data", onData).on("error", done);
    socket.write(
      `POST ${path} HTTP/1.1\r\nhost: bench\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    );
  });
}
