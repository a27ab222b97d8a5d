/** Requests at a steady rate, whatever the answers are: keep-alive connections, one request in flight on each. */
import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

export interface Knock {
  url: string;
  key: string;
  /** The body of the nth request. */
  body: (n: number) => string;
  per_second: number;
  /** Beyond so many in flight a request waits, and its wait counts as latency. */
  connections: number;
}

export interface Answers {
  by_status: Map<number, number>;
  /** Of each, from the moment it was due to the last byte of its answer. */
  latencies_ms: number[];
  /** Refusals by 429 or 503 that do not say when to come back. */
  without_retry_after: number;
  /** How long it took: longer than asked for, when the server or the machine did not keep up. */
  took_ms: number;
}

const HEAD_END = "\r\n\r\n";

export async function knock(
  { url, key, body, per_second, connections }: Knock,
  duration_ms: number,
): Promise<Answers> {
  const { hostname, port, host } = new URL(url);
  const answers: Answers = { by_status: new Map(), latencies_ms: [], without_retry_after: 0, took_ms: 0 };
  const head = `POST /v1/events HTTP/1.1\r\nhost: ${host}\r\nauthorization: Bearer ${key}\r\ncontent-type: application/json\r\n`;
  const total = Math.floor((duration_ms / 1_000) * per_second);
  const started = performance.now();
  let begun = 0;
  const work = async () => {
    const socket = connect(Number(port), hostname).setNoDelay(true);
    try {
      for (let n = begun++; n < total; n = begun++) {
        const due = started + (n * 1_000) / per_second;
        if (due > performance.now()) await sleep(due - performance.now());
        const text = body(n);
        const { status, retry_after } = await exchange(
          socket,
          `${head}content-length: ${Buffer.byteLength(text)}${HEAD_END}${text}`,
        );
        answers.latencies_ms.push(performance.now() - due);
        answers.by_status.set(status, (answers.by_status.get(status) ?? 0) + 1);
        if ((status === 429 || status === 503) && !retry_after) answers.without_retry_after += 1;
      }
    } finally {
      socket.destroy();
    }
  };
  await Promise.all(Array.from({ length: connections }, work));
  answers.took_ms = performance.now() - started;
  return answers;
}

function exchange(socket: Socket, request: string): Promise<{ status: number; retry_after: boolean }> {
  return new Promise((resolve, reject) => {
    let reply = "";
    const leave = () => socket.off("data", hear).off("error", fail).off("close", ended);
    const fail = (error: Error) => {
      leave();
      reject(error);
    };
    const ended = () => fail(new Error(`the connection ended in the middle of an answer: ${reply}`));
    const hear = (chunk: Buffer) => {
      reply += chunk.toString("latin1");
      const end = reply.indexOf(HEAD_END);
      if (end < 0) return;
      const length = /content-length: (\d+)/i.exec(reply)?.[1];
      const whole =
        length === undefined ? reply.endsWith(`0${HEAD_END}`) : reply.length >= end + 4 + Number(length);
      if (!whole) return;
      leave();
      resolve({ status: Number(reply.slice(9, 12)), retry_after: /^retry-after: [1-9]\d*\r$/im.test(reply) });
    };
    socket.on("data", hear).on("error", fail).on("close", ended);
    socket.write(request);
  });
}
