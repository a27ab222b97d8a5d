/** Viewers that stop reading, and viewers that read and never acknowledge, beside others who do both. */
import { quantile } from "../bench/machine.ts";
import { post, signUp } from "../e2e/account.ts";
import { Crowd, openFiles, residentMb, until } from "./crowd.ts";
import { openLine, type Line } from "./line.ts";
import { serve } from "./served.ts";
import type { Context, Scenario } from "./scenario.ts";

const GOOD = 10;
const SLOW = 10;
/** Of each event: fifty of them fill a window of 1 MiB, so a few seconds fill those of all. */
const EVENT_LENGTH = 20_000;
const PER_SECOND = 10;
const ALONE_MS = 8_000;
/** Window, fresh snapshot, closing: BEHIND_AFTER_MS + CLOSE_AFTER_MS, with the time that the window takes. */
const MAX_SLOW_MS = 60_000;
/** All windows and snapshots of the slow ones, twice, for what is on its way; and the log's own share of memory. */
const MAX_GROWTH_MB = 160;
/** The others' p99 beside slow ones, at most so many times their own: one more viewer is one more send. */
const MAX_RATIO = 2;
/** RFC 6455 has no word for it: what the room says to who acknowledges nothing (schema/wire/socket.ts). */
const CLOSED_AS_SLOW = 4008;

export const slowViewer: Scenario = {
  name: "slow-viewer",
  proves:
    "viewers that stop reading or never acknowledge hold a bounded amount of memory and are closed, while the others see every seq once and in time",
  invariants: ["V1", "V2"],
  run,
};

async function run({ quick, report }: Context): Promise<void> {
  const server = await serve();
  const crowd = new Crowd();
  try {
    const { keys } = await signUp(server.url, "Slow");
    const [pid = 0] = server.workerd();
    const sender = createSender(server.url, keys.ingest, crowd);
    await crowd.join({ url: server.url, bearer: keys.read, project: PROJECT }, GOOD);

    const before_mb = residentMb(pid);
    await sender.send(quick ? 1_500 : ALONE_MS, () => true);
    const alone = crowd.latencies_ms.splice(0);
    const between_mb = residentMb(pid);

    const files = openFiles(pid);
    const slow = new Map<Line, number | null | "open">();
    for (let n = 0; n < SLOW; n += 1) {
      const line = await openLine(
        { url: server.url, bearer: keys.read, since: sender.seq() },
        { message: () => undefined, closed: (gone, code) => slow.set(gone, code) },
      );
      slow.set(line, "open");
      if (n % 2 === 0) line.stopReading();
    }
    let most_mb = 0;
    const began_ms = performance.now();
    await sender.send(quick ? 4_000 : MAX_SLOW_MS, () => {
      most_mb = Math.max(most_mb, residentMb(pid));
      return [...slow.values()].filter((code) => code === "open").length > SLOW / 2;
    });
    const beside = crowd.latencies_ms.splice(0);
    report("others' p99", `${p99(alone)} ms alone, ${p99(beside)} ms beside ${SLOW} slow ones`);
    report(
      "memory of workerd",
      `${before_mb.toFixed(0)} MB, ${between_mb.toFixed(0)} without slow ones, at most ${most_mb.toFixed(0)} with them`,
    );
    if (most_mb - between_mb > MAX_GROWTH_MB)
      throw new Error(`memory grew by ${(most_mb - between_mb).toFixed(0)} MB`);
    await crowd.seen(PROJECT, sender.seq());
    if (crowd.faults.length > 0 || crowd.size !== GOOD)
      throw new Error(`${crowd.size} of ${GOOD} others are left; ${crowd.faults.slice(0, 5).join("; ")}`);
    if (quick) return;

    report("closed as slow after", `${((performance.now() - began_ms) / 1_000).toFixed(1)} s`);
    // Who does not read cannot be told either, until it reads: what was closed arrives then.
    for (const line of slow.keys()) line.readAgain();
    await until(() => [...slow.values()].every((code) => code !== "open"), "all slow viewers are closed");
    const codes = [...slow.values()];
    if (codes.some((code) => code !== CLOSED_AS_SLOW && code !== null) || !codes.includes(CLOSED_AS_SLOW))
      throw new Error(`slow viewers were closed with ${codes.join(", ")}`);
    const ratio = quantile(beside, 0.99) / quantile(alone, 0.99);
    if (ratio > MAX_RATIO) throw new Error(`the others' p99 is ${ratio.toFixed(2)} times their own`);
    report(
      "files of workerd",
      `${files} before the slow ones, ${openFiles(pid)} after all of them were closed`,
    );
    report("memory afterwards", `${residentMb(pid).toFixed(0)} MB`);
  } finally {
    crowd.end();
    await server.end();
  }
}

const PROJECT = "slow";
/** Words: a long run without a space is taken for a secret, and little of it is kept. */
const TEXT = "the form now trims it ".repeat(46).slice(0, 1_000);

function createSender(url: string, key: string, crowd: Crowd) {
  let seq = 0;
  return {
    seq: () => seq,
    /** Sends at a steady rate for so long, or until `goes_on` says no. */
    async send(duration_ms: number, goes_on: () => boolean): Promise<void> {
      const started_ms = performance.now();
      for (let n = 0; performance.now() - started_ms < duration_ms && goes_on(); n += 1) {
        const due_ms = started_ms + (n * 1_000) / PER_SECOND;
        await new Promise((wake) => setTimeout(wake, Math.max(0, due_ms - performance.now())));
        seq += 1;
        crowd.sending(PROJECT, seq);
        const metadata = Object.fromEntries(
          Array.from({ length: EVENT_LENGTH / TEXT.length }, (_, part) => [`part_${part}`, TEXT]),
        );
        const event = { id: `slow-${seq}`, timestamp: Date.now(), event_type: "made.up", agent_id: "a" };
        const reply = await post(url, key, JSON.stringify({ ...event, metadata }));
        if (reply.status !== 200) throw new Error(`an event was answered ${reply.status}`);
        await reply.arrayBuffer();
      }
    },
  };
}

const p99 = (latencies_ms: readonly number[]): string => quantile(latencies_ms, 0.99).toFixed(0);
