/**
 * How many alerts recorded work would have raised: looked at by the clock of its events, as the room does. An alarm
 * that comes too often is not believed.
 */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { mapBeads } from "../../cli/import/beads.ts";
import { mapGastown } from "../../cli/import/gastown/gastown.ts";
import { readLines, readWhole, type LineOutcome } from "../../cli/import/lines.ts";
import { Tally } from "../../cli/import/outgoing.ts";
import { mapTranscripts, sourceFile } from "../../cli/import/transcripts.ts";
import { NOTHING_PLANTED } from "../../cli/simulate/plant.ts";
import { simulate } from "../../cli/simulate/simulate.ts";
import type { OutgoingEvent } from "../../schema/event/outgoing.ts";
import { listen } from "./listen.ts";

const DATA = process.env["CLUSTERFORK_DATA"] ?? join(import.meta.dirname, "../../../shared/data");
const GASTOWN = join(DATA, "gastown");
const BEADS = join(DATA, "beads/issues_union.jsonl.gz");
const SESSIONS = join(DATA, "entire-cli/raw");

const gzipped = (folder: string): string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith(".jsonl.gz"))
    .map((name) => join(folder, name));
async function* allLines(paths: readonly string[]): AsyncGenerator<LineOutcome> {
  for (const path of paths) yield* readLines(path);
}

/** Most alerts per 1,000 tasks: one task in fifty. */
const MOST_PER_1000 = 20;

const LOGS: { name: string; path: string; read: () => Promise<OutgoingEvent[]> }[] = [
  {
    name: "Gas Town",
    path: GASTOWN,
    read: () => mapGastown(allLines(gzipped(GASTOWN)), new Tally()),
  },
  {
    name: "Beads",
    path: BEADS,
    read: () => mapBeads(readLines(BEADS), new Tally()),
  },
  {
    name: "sessions",
    path: SESSIONS,
    read: () =>
      mapTranscripts(
        "claude-code",
        gzipped(SESSIONS).map((path) => sourceFile(path)),
        { lines: readLines, peek: readLines, whole: readWhole },
        new Tally(),
        Date.UTC(2099, 0),
      ),
  },
];

for (const { name, path, read } of LOGS)
  it.skipIf(!existsSync(path))(
    `${name} as it was recorded raises no more alerts than a person reads`,
    { timeout: 120_000 },
    async () => {
      const { tasks, raised, cleared, busiest_day } = listen(await read());
      const all = [...raised.values()].reduce((sum, times) => sum + times, 0);
      const per_1000 = (1000 * all) / tasks;
      console.log(
        `${name}: ${tasks} tasks, ${all} alerts (${per_1000.toFixed(1)} per 1,000 tasks), ${cleared} cleared, at most ${busiest_day} a day;`,
        Object.fromEntries(raised),
      );
      expect(tasks).toBeGreaterThan(0);
      expect(per_1000).toBeLessThanOrEqual(MOST_PER_1000);
    },
  );

it("a simulated team with its troubles is heard, and not without end", { timeout: 120_000 }, () => {
  const { events } = simulate({
    ...{ seed: 1, start_ms: Date.UTC(2026, 0, 5, 9), features: 60, coders: 4, nights: true },
    planted: NOTHING_PLANTED,
  });
  const { tasks, raised } = listen(events);
  const all = [...raised.values()].reduce((sum, times) => sum + times, 0);
  console.log(
    `simulated: ${tasks} tasks, ${all} alerts (${((1000 * all) / tasks).toFixed(1)} per 1,000 tasks);`,
    Object.fromEntries(raised),
  );
  expect(all).toBeGreaterThan(0);
});
