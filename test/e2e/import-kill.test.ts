/** Each importer with a viewer looking on, while the server and the command are killed in the middle. */
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { StoredEvent } from "../../schema/event/event.ts";
import { apply, createState } from "../../schema/state/apply.ts";
import { stateText } from "../../schema/state/encode.ts";
import type { StateResponse } from "../../schema/wire/http.ts";
import { readLog, sentOf, signUp } from "./account.ts";
import { runCommand, type Command } from "./command.ts";
import { killFamily } from "./process-group.ts";
import { openRelay } from "./relay.ts";
import { dataFolder, startServer, type Running } from "./server.ts";
import { miniatureFiles, RECORDED_FILES } from "./sources.ts";
import { openViewer } from "./viewer.ts";

/** Requests of one import: enough for a beginning, a middle and an end. */
const REQUESTS = 9;
const folder = dataFolder();
// The last one has no case that the smaller tracker lacks.
const SOURCES = [...miniatureFiles(folder.path), ...RECORDED_FILES.slice(0, -1)];
let server: Running;
beforeAll(async () => {
  server = await startServer(folder.path);
});
afterAll(async () => {
  await server.stop();
  folder.remove();
});

/** What the log means, as if these events were all of it. */
function foldOf(events: readonly StoredEvent[]): string {
  const state = createState();
  events.forEach((event, index) => apply(state, { ...event, seq: index + 1 }));
  return stateText(state);
}

async function readStateText(key: string): Promise<{ seq: number; text: string }> {
  const reply = await fetch(`${server.url}/v1/state`, { headers: { authorization: `Bearer ${key}` } });
  expect(reply.status).toBe(200);
  const { seq, state } = (await reply.json()) as StateResponse;
  return { seq, text: JSON.stringify(state) };
}

/** Everything of the server is gone at once; then it starts on the same folder and port. */
async function killAndRestart(): Promise<void> {
  await killFamily(server.process.pid!);
  server = await startServer(folder.path, ["--port", new URL(server.url).port]);
}

it.for(SOURCES.map((source) => [source.name, source] as const))(
  "[V1] %s: ends as if nothing had happened, and the viewer sees every seq once",
  { timeout: 120_000 },
  async ([, { format, paths, here }], { skip }) => {
    if (!here) skip("its recorded data is not here");
    const quiet = await signUp(server.url, "Undisturbed");
    const struck = await signUp(server.url, "Struck");
    const args = (batch: number) => ["import", format, ...paths, "--batch", String(batch)];
    const home = (id: string) => join(folder.path, `home-${id}`);
    const once = { url: server.url, key: quiet.keys.ingest, home: home(quiet.project.id) };
    expect((await runCommand(args(1_000), once).ended).code).toBe(0);
    const undisturbed = sentOf(await readLog(server.url, quiet.keys.read));
    const ids = undisturbed.map(({ id }) => id);

    const viewer = openViewer(server.url, struck.keys.read);
    let restarted: Promise<void> | undefined;
    let killed: Command | undefined;
    const relay = await openRelay(server.url, {
      strike(nth) {
        if (nth === 4) restarted = killAndRestart();
      },
      // The command dies with a request under way that nobody ever gets: only its own note says how far it came.
      swallow() {
        // Retries count too, so the middle is told by what was stored.
        const stored = relay.acknowledged.reduce((sum, { accepted }) => sum + accepted, 0);
        if (killed !== undefined || stored <= ids.length / 2) return false;
        killed = first;
        return first.process.kill("SIGKILL");
      },
    });
    const batch = Math.min(1_000, Math.ceil(ids.length / REQUESTS));
    const where = { url: relay.url, key: struck.keys.ingest, home: home(struck.project.id) };
    const first = runCommand(args(batch), where);
    const ended = await first.ended;
    await restarted;
    // The controls: both were struck, in the middle.
    expect([restarted !== undefined, ended.code]).toEqual([true, null]);
    expect(ended.err).toContain("Trying again in");
    const stored = sentOf(await readLog(server.url, struck.keys.read)).length;
    expect(stored).toBeGreaterThan(0);
    expect(stored).toBeLessThan(ids.length);

    const again = await runCommand(args(batch), where).ended;
    relay.close();
    expect([again.code, again.err]).toEqual([0, expect.not.stringContaining("error")]);
    const served = await readStateText(struck.keys.read);
    const log = await readLog(server.url, struck.keys.read);
    expect(sentOf(log).map(({ id }) => id)).toEqual(ids);
    expect(foldOf(sentOf(log))).toBe(foldOf(undisturbed));
    // [S1] The room's own is the fold of its log, with what it said of it by itself.
    expect(served.text).toBe(foldOf(log.slice(0, served.seq)));
    await expect.poll(() => viewer.seqs.length, { timeout: 20_000 }).toBeGreaterThanOrEqual(log.length);
    viewer.close();
    expect(viewer.seqs).toEqual(viewer.seqs.map((_, index) => index + 1));
    expect([viewer.faults, viewer.connections]).toEqual([[], 2]);
  },
);
