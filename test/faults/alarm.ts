/**
 * The room's alarm fails, time after time, and then its cause goes; nobody asks anything of the server meanwhile.
 *
 *   D1 locked ─▶ events ─▶ drain waits for its retry ─▶ the log taken away ─▶ D1 free ─▶ alarm fails … ×10 ─▶ log back ─▶ caught up
 *
 * The runtime calls a failed alarm six times more and then forgets it: only a room that arms it itself comes back.
 */
import { DatabaseSync } from "node:sqlite";
import { signUp } from "../e2e/account.ts";
import { drawOf } from "../replay/fault/draw.ts";
import { Ledger } from "./ledger.ts";
import { eventsOf, sendBatch } from "./load.ts";
import { d1File, lockFile, roomFiles } from "./lock.ts";
import type { Context, Scenario } from "./scenario.ts";
import { serve, type Served } from "./served.ts";
import { expectArchived, expectChain, expectStored } from "./whole.ts";

const FAILURES = 10;
const QUICK_FAILURES = 1;
/** As many as one copy takes (DRAIN_EVENTS of worker/room/limits.ts): fewer, or a rest, would wait a minute for more. */
const BATCHES = 5;
const BATCH_EVENTS = 800;
const ARMED_AFTER_MS = 1_000;
/** Between two tries of a room lie ten seconds; the runtime's own pauses grow to a minute. */
const FAILURE_TIMEOUT_MS = 90_000;

export const alarm: Scenario = {
  name: "alarm",
  proves:
    "an alarm that failed ten times in a row, which the runtime alone gives up after seven, comes again by itself: all is archived without a request",
  invariants: ["B1", "B3"],
  run,
};

async function run({ quick, seed, report }: Context): Promise<void> {
  const draw = drawOf(seed);
  const ledger = new Ledger();
  const server = await serve();
  try {
    const { url, data } = server;
    const { keys, project } = await signUp(url, "Alarmed");
    const place = { url, data, project_id: project.id, read_key: keys.read };
    const releaseD1 = lockFile(d1File(data));
    for (let nth = 0; nth < BATCHES; nth += 1) {
      const events = eventsOf(`a${nth}`, BATCH_EVENTS, draw);
      const answer = await sendBatch(url, keys.ingest, ledger, events);
      if (answer?.status !== 200) throw new Error(`an append without D1 answered ${answer?.status}`);
    }
    await said(server, /D1_ERROR/g, 1);
    // It is armed for its next try after it said so.
    await new Promise((wake) => setTimeout(wake, ARMED_AFTER_MS));
    const [file, ...others] = roomFiles(data);
    if (file === undefined || others.length > 0) throw new Error("one room is expected");
    rename(file, "log", "log_taken_away");
    releaseD1();

    const failures = quick ? QUICK_FAILURES : FAILURES;
    const failing = performance.now();
    // Once an alarm, while what it was refused is said by each of its jobs.
    await said(server, /the alarm's drain failed/g, failures);
    report("alarms that failed", `${failures} in ${((performance.now() - failing) / 1_000).toFixed(0)} s`);
    rename(file, "log_taken_away", "log");
    const healed = performance.now();
    await expectArchived(place, ledger.sent.size);
    report("all archived after", `${((performance.now() - healed) / 1_000).toFixed(1)} s without a request`);
    await expectChain(place, await expectStored(place, ledger));
  } finally {
    await server.end();
  }
}

/** What another process can do to the room's tables while it runs: SQLite sees the new schema with its next statement. */
function rename(file: string, from: string, to: string): void {
  const db = new DatabaseSync(file, { timeout: 5_000 });
  db.exec(`ALTER TABLE ${from} RENAME TO ${to}`);
  db.close();
}

/** Waits until the server's own log has it so often; each further time in time. */
async function said(server: Served, pattern: RegExp, times: number): Promise<void> {
  for (let nth = 1; nth <= times; nth += 1) {
    const until = performance.now() + FAILURE_TIMEOUT_MS;
    while ((server.words().match(pattern)?.length ?? 0) < nth) {
      if (performance.now() > until)
        throw new Error(
          `${String(pattern)} was said ${nth - 1} times and not again:\n${server.words().slice(-2_000)}`,
        );
      await new Promise((wake) => setTimeout(wake, 50));
    }
  }
}
