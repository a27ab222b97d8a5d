/** The data folder on a small disk of its own, which a ballast file fills and frees while senders and a viewer go on. */
import { execFileSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, rmdirSync, rmSync, statfsSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { drawOf } from "../replay/fault/draw.ts";
import { expectHonest, expectServed, openAsker } from "./ask.ts";
import { Ledger } from "./ledger.ts";
import { startLoad } from "./load.ts";
import type { Context, Scenario } from "./scenario.ts";
import { serve } from "./served.ts";
import { expectArchived, expectChain, expectStored } from "./whole.ts";

/** Room for some ten thousand events, and little enough that it is filled at once. */
const DISK_MIB = 96;
const ROUNDS = 6;
const QUICK_ROUNDS = 1;
const IN_FLIGHT = 8;
const PAUSE_MS = 100;
const MIN_WAIT_MS = 300;
const MAX_WAIT_MS = 2_000;
/** A page of SQLite: whatever is left is less than anything needs. */
const BLOCK_BYTES = 4_096;
/** What the senders may be refused after there is space again: a room that was reset begins anew. */
const RECOVERY_TIMEOUT_MS = 10_000;

export const diskFull: Scenario = {
  name: "disk-full",
  proves:
    "on a full disk every write is refused with 503 and Retry-After, and nothing acknowledged is lost; with space again all goes on without a restart",
  invariants: ["L1", "L2", "L4", "L5", "B3"],
  missing() {
    try {
      mountDisk().remove();
      return null;
    } catch (error) {
      const why = error instanceof Error ? error.message.split("\n")[0] : String(error);
      return `a small disk needs the right to mount a tmpfs (root, or CAP_SYS_ADMIN): ${why}`;
    }
  },
  run,
};

function mountDisk(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), "clusterfork-disk-"));
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${DISK_MIB}m,mode=700`, "tmpfs", path], {
      stdio: "pipe",
    });
  } catch (error) {
    rmdirSync(path);
    throw error;
  }
  return {
    path,
    remove() {
      // Lazily: the kernel may still be clearing away a killed process that had files open there.
      execFileSync("umount", ["--lazy", path], { stdio: "pipe" });
      rmdirSync(path);
    },
  };
}

/** Takes the last byte. */
function fill(file: string): void {
  const ballast = openSync(file, "a");
  const block = Buffer.alloc(BLOCK_BYTES);
  try {
    for (;;) writeSync(ballast, block);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOSPC")) throw error;
  } finally {
    closeSync(ballast);
  }
}

const freeBytes = (path: string): number => {
  const { bavail, bsize } = statfsSync(path);
  return bavail * bsize;
};

async function run({ quick, seed, report }: Context): Promise<void> {
  const draw = drawOf(seed);
  const ledger = new Ledger();
  const disk = mountDisk();
  try {
    const server = await serve({ data: disk.path });
    try {
      const { url, data } = server;
      const ballast = join(data, "ballast");
      const asker = await openAsker(url, ledger, draw);
      const { keys, project } = asker.account;
      const place = { url, data, project_id: project.id, read_key: keys.read };
      expectServed(await asker.askAll());
      let refused = 0;
      let refusals = 0;
      let slowest_ms = 0;
      for (let round = 0; round < (quick ? QUICK_ROUNDS : ROUNDS); round += 1) {
        const sending = { ledger, draw, name: `f${round}`, in_flight: IN_FLIGHT, pause_ms: PAUSE_MS };
        const load = startLoad({ url, key: keys.ingest }, sending);
        const wait = () => new Promise((wake) => setTimeout(wake, draw.between(MIN_WAIT_MS, MAX_WAIT_MS)));
        await wait();
        fill(ballast);
        await wait();
        // What was freed meanwhile, by a log of SQLite's that ended, is taken too.
        fill(ballast);
        refusals += expectHonest(await asker.askAll());
        await load.stop();
        const odd = [...load.answers.keys()].filter((status) => status !== 200 && status !== 503);
        if (odd.length > 0) throw new Error(`senders were answered ${odd.join(", ")}`);
        refused += load.answers.get(503) ?? 0;

        rmSync(ballast);
        const freed = performance.now();
        for (;;) {
          const replies = await asker.askAll();
          expectHonest(replies);
          if (replies.every(({ status }) => status < 300)) break;
          if (performance.now() - freed > RECOVERY_TIMEOUT_MS) expectServed(replies);
        }
        slowest_ms = Math.max(slowest_ms, performance.now() - freed);
      }
      if (refused === 0) throw new Error("the full disk met nobody");
      const stored = await expectStored(place, ledger);
      await expectChain(place, stored);
      report("appends refused with 503", refused);
      report("other refusals with 503", refusals);
      report("all served again after", `${slowest_ms.toFixed(0)} ms at most`);
      report(
        "stored events",
        `${stored}; ${ledger.acknowledged.size} acknowledged, ${ledger.sent.size} sent`,
      );
      report("disk left", `${(freeBytes(data) / 2 ** 20).toFixed(0)} of ${DISK_MIB} MiB`);
      if (!quick)
        report(
          "D1 caught up after",
          `${(await expectArchived(place, stored)).toFixed(1)} s without a request`,
        );
    } finally {
      await server.end();
    }
  } finally {
    disk.remove();
  }
}
