/** SIGKILL of everything at random moments under load, over and over on one data folder. */
import { loadavg } from "node:os";
import { quantile } from "../bench/machine.ts";
import { signUp } from "../e2e/account.ts";
import { drawOf } from "../replay/fault/draw.ts";
import { Ledger } from "./ledger.ts";
import { sendBatch, startLoad } from "./load.ts";
import { serve } from "./served.ts";
import type { Context, Scenario } from "./scenario.ts";
import { expectArchived, expectChain, expectStored } from "./whole.ts";

const KILLS = 200;
const QUICK_KILLS = 3;
const IN_FLIGHT = 50;
/** A kill comes this long after the load began, at most: through the first commits, snapshots and drains alike. */
const MAX_LIFE_MS = 1_500;
/** One start on an empty folder beside so many restarts: how long it takes on this machine when there is nothing to read. */
const MAX_CONTROL_EVERY = 20;
const MIN_CONTROLS = 5;
/** DESIGN §8, on a quiet machine. */
const SERVING_AGAIN_MS = 2_000;

export const kill: Scenario = {
  name: "kill",
  proves:
    "after kills at random moments every acknowledged event is stored once as sent, the others at most once, and serving goes on within 2 s",
  invariants: ["L1", "L2", "L4", "L5", "B3"],
  run,
};

async function run({ quick, seed, times, report }: Context): Promise<void> {
  const draw = drawOf(seed);
  const ledger = new Ledger();
  const server = await serve();
  try {
    const { keys, project } = await signUp(server.url, "Killed");
    const place = { url: server.url, data: server.data, project_id: project.id, read_key: keys.read };
    const sending = { url: server.url, key: keys.ingest };
    const kills = times ?? (quick ? QUICK_KILLS : KILLS);
    const control_every = Math.min(MAX_CONTROL_EVERY, Math.max(1, Math.floor(kills / MIN_CONTROLS)));
    const starts_ms: number[] = [];
    const control_ms: number[] = [];
    let resent = 0;
    let unheard = 0;
    for (let nth = 0; nth < kills; nth += 1) {
      const load = startLoad(sending, { ledger, draw, name: `k${nth}`, in_flight: IN_FLIGHT });
      await new Promise((wake) => setTimeout(wake, draw.between(1, MAX_LIFE_MS)));
      await server.kill();
      await load.stop();
      unheard += load.lost.length;
      const launched = performance.now();
      await server.start();
      // What a sender that heard nothing does: the same again, under the same ids. Half of them give up.
      const again = draw.shuffled(load.lost).slice(0, Math.ceil(load.lost.length / 2));
      const [first, ...others] = again;
      if (first !== undefined) await mustStand(sendBatch(sending.url, sending.key, ledger, first));
      starts_ms.push(performance.now() - launched);
      if (!quick && nth % control_every === 0) control_ms.push(await startOnEmpty());
      for (const events of others) await mustStand(sendBatch(sending.url, sending.key, ledger, events));
      resent += again.length;
    }
    const stored = await expectStored(place, ledger);
    await expectChain(place, stored);
    report("kills", kills);
    report("acknowledged events", ledger.acknowledged.size);
    report("stored events", `${stored} of ${ledger.sent.size} sent`);
    report("requests unheard", `${unheard}, of which ${resent} were sent again`);
    report("serving again", `${spread(starts_ms)}, from launch to a stored event`);
    if (!quick) report("the same, folder empty", `${spread(control_ms)}, from launch to the first answer`);
    report(
      "load average",
      loadavg()
        .map((value) => value.toFixed(1))
        .join(" "),
    );
    if (!quick) {
      report("D1 caught up after", `${(await expectArchived(place, stored)).toFixed(1)} s without a request`);
      const control = quantile(control_ms, 0.5);
      const more_ms = quantile(starts_ms, 0.5) - control;
      // On a busy machine even an empty folder takes long; what the data add to it does not depend on that so much.
      if (control <= SERVING_AGAIN_MS / 2 ? more_ms > SERVING_AGAIN_MS - control : more_ms > control)
        throw new Error(`serving again takes ${more_ms.toFixed(0)} ms more than a start on an empty folder`);
    }
  } finally {
    await server.end();
  }
}

const spread = (times_ms: readonly number[]) =>
  [0.5, 0.95, 1]
    .map((part, nth) => `${["p50", "p95", "max"][nth]} ${quantile(times_ms, part).toFixed(0)} ms`)
    .join(", ");

/** Milliseconds until a server without any data answers: its folder is known, so that only the start is measured. */
async function startOnEmpty(): Promise<number> {
  const empty = await serve();
  try {
    await empty.kill();
    return await empty.start();
  } finally {
    await empty.end();
  }
}

async function mustStand(sent: ReturnType<typeof sendBatch>): Promise<void> {
  const answer = await sent;
  if (answer?.status !== 200)
    throw new Error(`a restarted server answered ${answer?.status}: ${answer?.text}`);
}
