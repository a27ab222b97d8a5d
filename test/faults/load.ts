/** Senders that keep a number of requests in flight, each with a batch of its own size, and enter all in a ledger. */
import type { AppendResponse } from "../../schema/wire/http.ts";
import { post } from "../e2e/account.ts";
import type { Draw } from "../replay/fault/draw.ts";
import type { Ledger, Sent } from "./ledger.ts";

export interface Answered {
  status: number;
  /** `Retry-After`, as sent. */
  retry_after: string | null;
  /** The whole reply, JSON. */
  text: string;
}

/** Sends one batch and enters it; null when nothing was heard. */
export async function sendBatch(
  url: string,
  key: string,
  ledger: Ledger,
  events: readonly Sent[],
): Promise<Answered | null> {
  ledger.send(events);
  let status: number;
  let retry_after: string | null;
  let text: string;
  try {
    const reply = await post(url, key, JSON.stringify(events));
    ({ status } = reply);
    retry_after = reply.headers.get("retry-after");
    text = await reply.text();
  } catch {
    return null;
  }
  if (status === 200) {
    const { accepted, duplicates } = JSON.parse(text) as AppendResponse;
    if (accepted + duplicates !== events.length)
      throw new Error(`a valid batch was not taken whole: ${text}`);
    ledger.acknowledge(events);
  }
  return { status, retry_after, text };
}

/** Events that differ in every field that a mix-up could mix. `name` makes their ids unique. */
export function eventsOf(name: string, count: number, draw: Draw): Sent[] {
  return Array.from({ length: count }, (_, n) => ({
    id: `${name}-${n}`,
    timestamp: new Date(Date.now() - draw.below(60_000)).toISOString(),
    event_type: draw.oneOf(["task_started", "task_progress", "agent_heartbeat", "made.up"]),
    agent_id: `coder-${draw.below(12)}`,
    task_id: `T-${draw.below(300)}`,
    metadata: { nonce: draw.below(2 ** 31), message: "x".repeat(draw.below(200)) },
  }));
}

/** Mostly small, as agents send; some as large as importers'. */
export const batchSize = (draw: Draw): number => draw.oneOf([1, 1, 1, 2, 3, 5, 10, 30, 100, 300]);

export interface Load {
  /** Batches that no 2xx answered, as they were sent. */
  readonly lost: Sent[][];
  /** By status; `none` when the line broke. */
  readonly answers: ReadonlyMap<number | "none", number>;
  /** No further request; resolves when the last has its answer or its end. Rejects on what no fault excuses. */
  stop(): Promise<void>;
}

export interface LoadOptions {
  ledger: Ledger;
  draw: Draw;
  name: string;
  in_flight: number;
  /** Of each sender, between an answer and the next request. */
  pause_ms?: number;
}

/** `name` makes the ids of this load unique. A sender whose line breaks sends no more. */
export function startLoad(
  { url, key }: { url: string; key: string },
  { ledger, draw, name, in_flight, pause_ms = 0 }: LoadOptions,
): Load {
  const lost: Sent[][] = [];
  const answers = new Map<number | "none", number>();
  let stopped = false;
  let nth = 0;
  const sender = async () => {
    while (!stopped) {
      const events = eventsOf(`${name}-${nth++}`, batchSize(draw), draw);
      const answer = await sendBatch(url, key, ledger, events);
      const status = answer?.status ?? "none";
      answers.set(status, (answers.get(status) ?? 0) + 1);
      if (status !== 200) lost.push(events);
      if (answer === null) return;
      // Whoever is refused does not hammer.
      const wait_ms = status === 200 ? pause_ms : REFUSED_PAUSE_MS;
      if (wait_ms > 0) await new Promise((wake) => setTimeout(wake, wait_ms));
    }
  };
  const senders = Promise.all(Array.from({ length: in_flight }, sender));
  // Told by stop(); until then it must not count as unhandled.
  senders.catch(() => undefined);
  return {
    lost,
    answers,
    async stop() {
      stopped = true;
      await senders;
    },
  };
}

const REFUSED_PAUSE_MS = 50;
