/** The database files of a room, then of D1, locked by another process while senders and a viewer go on. */
import { drawOf } from "../replay/fault/draw.ts";
import { openViewer, type Viewer } from "../e2e/viewer.ts";
import { expectServed, expectUnavailable, openAsker } from "./ask.ts";
import { Ledger } from "./ledger.ts";
import { startLoad } from "./load.ts";
import { d1File, lockFile, roomFiles } from "./lock.ts";
import type { Context, Scenario } from "./scenario.ts";
import { serve } from "./served.ts";
import { expectArchived, expectChain, expectStored } from "./whole.ts";

/** Each a lock of the rooms, taken at once under load, and one of D1. */
const ROUNDS = 10;
const QUICK_ROUNDS = 1;
const IN_FLIGHT = 10;
const PAUSE_MS = 50;
const MIN_LOCK_MS = 200;
const MAX_LOCK_MS = 3_000;
const VIEWER_TIMEOUT_MS = 20_000;

export const busy: Scenario = {
  name: "busy",
  proves:
    "while a database file is locked from outside, what would write to it answers 503 with Retry-After and stores nothing; after the release all goes on without a restart, the viewer's socket too",
  invariants: ["L1", "L2", "L4", "B1", "B3", "V1"],
  run,
};

async function run({ quick, seed, report }: Context): Promise<void> {
  const draw = drawOf(seed);
  const ledger = new Ledger();
  const server = await serve();
  let viewer: Viewer | null = null;
  try {
    const { url, data } = server;
    const asker = await openAsker(url, ledger, draw);
    const { keys, project } = asker.account;
    const place = { url, data, project_id: project.id, read_key: keys.read };
    viewer = openViewer(url, keys.read);
    expectServed(await asker.askAll());
    let refused = 0;
    let refusals = 0;
    for (let round = 0; round < (quick ? QUICK_ROUNDS : ROUNDS); round += 1) {
      const sending = { ledger, draw, name: `b${round}`, in_flight: IN_FLIGHT, pause_ms: PAUSE_MS };
      const load = startLoad({ url, key: keys.ingest }, sending);
      const wait = () => new Promise((wake) => setTimeout(wake, draw.between(MIN_LOCK_MS, MAX_LOCK_MS)));
      await wait();
      const releaseRooms = roomFiles(data).map(lockFile);
      const acknowledged = ledger.acknowledged.size;
      // Answers that were on their way when the lock came.
      await wait();
      const settled = ledger.acknowledged.size;
      refusals += expectUnavailable(await asker.askAll(), "room");
      if (ledger.acknowledged.size !== settled)
        throw new Error(`${ledger.acknowledged.size - settled} events were acknowledged under the lock`);
      for (const release of releaseRooms) release();
      await wait();
      if (ledger.acknowledged.size <= acknowledged) throw new Error("nothing was taken after the release");

      const releaseD1 = lockFile(d1File(data));
      refusals += expectUnavailable(await asker.askAll(), "d1");
      const before = ledger.acknowledged.size;
      await wait();
      if (ledger.acknowledged.size <= before) throw new Error("appends waited for D1");
      releaseD1();
      await load.stop();
      const odd = [...load.answers.keys()].filter((status) => status !== 200 && status !== 503);
      if (odd.length > 0) throw new Error(`senders were answered ${odd.join(", ")}`);
      refused += load.answers.get(503) ?? 0;
      expectServed(await asker.askAll());
    }
    if (refused === 0) throw new Error("the lock met nobody");
    const stored = await expectStored(place, ledger);
    // A 503 says that nothing was stored: what is stored was acknowledged.
    if (stored !== ledger.acknowledged.size)
      throw new Error(`${stored} events are stored, ${ledger.acknowledged.size} were acknowledged`);
    await expectChain(place, stored);
    await expectSeen(viewer, stored);
    report("appends refused with 503", refused);
    report("other refusals with 503", refusals);
    report("stored events", `${stored}, as many as acknowledged, of ${ledger.sent.size} sent`);
    report("viewer", `${stored} seqs in order over ${viewer.connections} connection`);
    if (!quick)
      report("D1 caught up after", `${(await expectArchived(place, stored)).toFixed(1)} s without a request`);
  } finally {
    viewer?.close();
    await server.end();
  }
}

/** One connection saw every seq, in order. */
async function expectSeen(viewer: Viewer, seq: number): Promise<void> {
  const until = performance.now() + VIEWER_TIMEOUT_MS;
  while (viewer.seqs.length < seq && performance.now() < until)
    await new Promise((wake) => setTimeout(wake, 50));
  const gap = viewer.seqs.findIndex((seen, index) => seen !== index + 1);
  if (viewer.seqs.length !== seq || gap !== -1 || viewer.faults.length > 0 || viewer.connections !== 1)
    throw new Error(
      `the viewer saw ${viewer.seqs.length} of ${seq} over ${viewer.connections} connections, out of order at ${gap}: ${viewer.faults.join("; ")}`,
    );
}
