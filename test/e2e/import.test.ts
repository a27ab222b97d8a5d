/** Recorded work brought in by the command while somebody watches, and while things break. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import type { WireState } from "../../schema/state/state.ts";
import {
  miniatureFile,
  MINIATURE,
  MINIATURE_SKIPPED,
  outcomeIn,
  outcomeOf,
  readRecorded,
  RECORDED,
  RECORDED_IS_HERE,
} from "../sample/beads.ts";
import { lendSession, readLog, readState, sentOf, signUp, type Account } from "./account.ts";
import { DIRECT, NPX, runCommand } from "./command.ts";
import { family } from "./process-group.ts";
import { openRelay, type Relay, type Verdict } from "./relay.ts";
import { serveProduct } from "./served.ts";
import { isStillMarked, markPage, visit } from "./visitor.ts";

const served = serveProduct();
let homes = 0;

beforeAll(async () => {
  writeFileSync(join(served.folder, "issues.jsonl.gz"), miniatureFile());
});

const SOURCES = [
  {
    name: "an authored miniature",
    path: join(served.folder, "issues.jsonl.gz"),
    here: true,
    issues: () => MINIATURE,
    records: MINIATURE.length + MINIATURE_SKIPPED,
    skipped: MINIATURE_SKIPPED,
    // Small batches: there must be a middle to strike at.
    batch: 2,
  },
  {
    name: "a recorded project",
    path: RECORDED,
    here: RECORDED_IS_HERE,
    issues: readRecorded,
    records: 704,
    skipped: 0,
    batch: 50,
  },
];

/** What the Task Flow says of a whole project. */
function headlineOf({ open_tasks, closed_tasks, open_features, closed_features }: WireState): string {
  const tasks = open_tasks.length + closed_tasks.length;
  return `${closed_tasks.length} of ${tasks} tasks done, ${open_features.length} of ${open_features.length + closed_features.length} features open.`;
}

describe.each(SOURCES)("importing $name", ({ path, here, issues, records, skipped, batch }) => {
  const command = (account: Account, url: string, home: string, program = DIRECT, more: string[] = []) =>
    runCommand(
      ["import", "beads", path, "--batch", String(batch), ...more],
      { url, key: account.keys.ingest, home: join(served.folder, home) },
      program,
    );
  const newHome = () => `home-${++homes}`;

  /** Ids of the events in the order in which the command sends them. */
  async function idsToSend(account: Account): Promise<string[]> {
    const { out } = await command(account, served.url, newHome(), DIRECT, ["--dry-run"]).ended;
    return out
      .trim()
      .split("\n")
      .map((line) => (JSON.parse(line) as { id: string }).id);
  }

  /** All of it, once, in the sender's order, and folded to what the issues say of themselves. */
  async function expectWhole(account: Account, ids: string[]): Promise<void> {
    const log = await readLog(served.url, account.keys.read);
    // The project itself reflects on a feature some seconds after its end.
    expect(sentOf(log).map(({ id }) => id)).toEqual(ids);
    expect(log.map(({ seq }) => seq)).toEqual(log.map((_, index) => index + 1));
    const { state, seq } = await readState(served.url, account.keys.read);
    expect(seq).toBeGreaterThanOrEqual(log.length);
    expect(outcomeIn(state)).toEqual(outcomeOf(issues()));
  }

  it.skipIf(!here)("shows up in the open view, and adds nothing the second time", async () => {
    const account = await signUp(served.url, "Watchers");
    const ids = await idsToSend(account);
    const { context, page, complaints } = await visit(served.browser);
    await lendSession(context, served.url, account);
    await page.goto(`${account.path}/flow`);
    await page.getByText("No tasks yet. The graph draws itself").waitFor();
    await markPage(page);

    const middle = Math.ceil(ids.length / batch / 2);
    let half = "";
    const relay = await openRelay(served.url, {
      async meet(nth): Promise<Verdict> {
        // The command waits for this answer while the page is read.
        if (nth === middle) {
          const { state } = await readState(served.url, account.keys.read);
          half = headlineOf(state);
          await page.getByText(half).waitFor();
        }
        return "pass";
      },
    });
    const home = newHome();
    const first = await command(account, relay.url, home, NPX).ended;
    expect([first.code, first.err.includes("error")]).toEqual([0, false]);
    expect(first.out).toContain(`${records} records read, ${records - skipped} mapped, ${skipped} skipped`);
    expect(first.out).toContain(`${ids.length} sent: ${ids.length} new, 0 already there`);
    const { state } = await readState(served.url, account.keys.read);
    const whole = headlineOf(state);
    expect(half).not.toBe("");
    expect(half).not.toBe(whole);
    await page.getByText(whole).waitFor();
    await expectWhole(account, ids);

    const second = await command(account, relay.url, home).ended;
    expect(second.code).toBe(0);
    expect(second.out).toContain(`${ids.length} sent: 0 new, ${ids.length} already there`);
    await expectWhole(account, ids);
    relay.close();
    expect(await isStillMarked(page)).toBe(true);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it.skipIf(!here)("[L2] goes on after the command was killed, and doubles nothing", async () => {
    const account = await signUp(served.url, "Killed command");
    const ids = await idsToSend(account);
    const middle = Math.ceil(ids.length / batch / 2);
    const home = newHome();
    const relay = await openRelay(served.url, {
      strike: (nth) => nth === middle && killed.process.kill("SIGKILL"),
    });
    const killed = command(account, relay.url, home);
    expect((await killed.ended).code).toBe(null);
    const sent = (middle - 1) * batch;
    const again = await command(account, relay.url, home).ended;
    expect(again.code).toBe(0);
    expect(again.err).toContain(`continuing after ${sent} events`);
    relay.close();
    await expectWhole(account, ids);
  });

  it.skipIf(!here)("[L2] sends again what got no answer, and doubles nothing", async () => {
    const account = await signUp(served.url, "Lost answers");
    const ids = await idsToSend(account);
    const relay = await openRelay(served.url, {
      meet: (nth) => (nth % 3 === 1 ? "lose the answer" : "pass"),
    });
    const { code, out } = await command(account, relay.url, newHome()).ended;
    relay.close();
    expect(code).toBe(0);
    expect(out).toMatch(/[1-9]\d* already there/);
    await expectWhole(account, ids);
  });

  it.skipIf(!here)("[L1] loses nothing that was acknowledged when the server is killed", async () => {
    const account = await signUp(served.url, "Killed server");
    const ids = await idsToSend(account);
    const middle = Math.ceil(ids.length / batch / 2);
    let restarted: Promise<void> | undefined;
    const relay: Relay = await openRelay(served.url, {
      strike(nth) {
        if (nth === middle) restarted = killAndRestart(relay);
      },
    });
    const { code, err } = await command(account, relay.url, newHome()).ended;
    await restarted;
    relay.close();
    expect(code).toBe(0);
    expect(err).toContain("Trying again in");
    // Each answer stands: what it said was stored is at the places it named.
    expect(relay.acknowledged.reduce((sum, { accepted, duplicates }) => sum + accepted + duplicates, 0)).toBe(
      ids.length,
    );
    await expectWhole(account, ids);
  });

  /** Everything of the server is gone at once, as after a loss of power; then it starts on the same folder. */
  async function killAndRestart(relay: Relay): Promise<void> {
    const acknowledged = Math.max(0, ...relay.acknowledged.map(({ last_seq }) => last_seq ?? 0));
    expect(acknowledged).toBeGreaterThan(0);
    for (const { pid } of family(served.server.process.pid!)) process.kill(pid, "SIGKILL");
    await served.startAgain();
    relay.target = served.url;
  }
});
