/**
 * D1 away while a room takes the events of a day, and is killed in the middle; then nobody asks anything, and D1 must
 * come to hold all of it. The outage is a lock on its file; the day is one of event time (a day of the room's own
 * clock, with a failing try each hour, is simulated in worker/archive).
 */
import { signUp } from "../e2e/account.ts";
import { drawOf } from "../replay/fault/draw.ts";
import { Ledger } from "./ledger.ts";
import { eventsOf, sendBatch } from "./load.ts";
import { d1File, lockFile } from "./lock.ts";
import type { Context, Scenario } from "./scenario.ts";
import { serve } from "./served.ts";
import { expectArchived, expectChain, expectSegments, expectStored } from "./whole.ts";

const DAY_MS = 86_400_000;
/** One a second. */
const EVENTS = 86_400;
/** As many as one copy takes: a rest would wait a minute for more. */
const QUICK_EVENTS = 4_000;
const BATCH = 300;
/** Longer than the first few tries of the room, whose pauses double from ten seconds. */
const OUTAGE_MS = 75_000;
const QUICK_OUTAGE_MS = 3_000;
/** The longest pause between two tries (MAX_DRAIN_PAUSE_MS of worker/room/limits.ts), and time to copy. */
const CATCH_UP_TIMEOUT_MS = 360_000;

export const d1Outage: Scenario = {
  name: "d1-outage",
  proves:
    "without D1 every append of a day is taken, over a kill too; when D1 is back it comes to hold all of it without a request, and its sums are a recount",
  invariants: ["B1", "B2", "B3", "L1"],
  run,
};

async function run({ quick, seed, report }: Context): Promise<void> {
  const draw = drawOf(seed);
  const ledger = new Ledger();
  const server = await serve();
  let releaseD1: (() => void) | null = null;
  try {
    const { url, data } = server;
    const { keys, project } = await signUp(url, "Without D1");
    const place = { url, data, project_id: project.id, read_key: keys.read };
    const count = quick ? QUICK_EVENTS : EVENTS;
    const begin_ms = Date.now() - DAY_MS;
    const sendPart = async (from: number, to: number) => {
      for (let at = from; at < to; at += BATCH) {
        const events = eventsOf(`d${at}`, Math.min(BATCH, to - at), draw).map((event, n) => ({
          ...event,
          timestamp: new Date(begin_ms + Math.floor(((at + n) * DAY_MS) / count)).toISOString(),
        }));
        const answer = await sendBatch(url, keys.ingest, ledger, events);
        if (answer?.status !== 200)
          throw new Error(`an append without D1 answered ${answer?.status}: ${answer?.text}`);
      }
    };
    releaseD1 = lockFile(d1File(data));
    const away = performance.now();
    await sendPart(0, count / 2);
    await server.kill();
    await server.start();
    await sendPart(count / 2, count);
    const rest_ms = (quick ? QUICK_OUTAGE_MS : OUTAGE_MS) - (performance.now() - away);
    if (rest_ms > 0) await new Promise((wake) => setTimeout(wake, rest_ms));
    report("events taken without D1", `${count} over a day of event time`);
    report("outage", `${((performance.now() - away) / 1_000).toFixed(0)} s, with a kill in the middle`);
    releaseD1();
    const waited_s = await expectArchived(place, count, CATCH_UP_TIMEOUT_MS);
    report("D1 caught up after", `${waited_s.toFixed(1)} s without a request`);
    await expectSegments(place);
    const stored = await expectStored(place, ledger);
    if (stored !== ledger.acknowledged.size) throw new Error(`${stored} of ${count} are stored`);
    await expectChain(place, stored);
  } finally {
    releaseD1?.();
    await server.end();
  }
}
