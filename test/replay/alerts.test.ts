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
import { knownOf } from "../../schema/metric/source.ts";
import { Tally as Counted } from "../../schema/metric/tally.ts";
import { mapTranscripts, sourceFile } from "../../cli/import/transcripts.ts";
import { NOTHING_PLANTED } from "../../cli/simulate/plant.ts";
import { simulate } from "../../cli/simulate/simulate.ts";
import { EVENT_VERSION, type StoredEvent } from "../../schema/event/event.ts";
import type { OutgoingEvent } from "../../schema/event/outgoing.ts";
import { apply, createState } from "../../schema/state/apply.ts";
import { Alerts } from "../../worker/governance/alert/watch.ts";
import { derivedId } from "../../worker/room/own.ts";
import { WATCH_EVERY_MS } from "../../worker/room/limits.ts";

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

interface Heard {
  tasks: number;
  /** Alerts, by their rule. */
  raised: Map<string, number>;
  cleared: number;
  /** The most of one day. */
  busiest_day: number;
}

/** As the room watches: at most every WATCH_EVERY_MS, and when something is due. */
function listen(sent: readonly OutgoingEvent[]): Heard {
  const state = createState();
  const counted = new Counted();
  state.observer = counted;
  const alerts = new Alerts();
  const known = new Set<string>();
  const tasks = new Set<string>();
  const heard: Heard = { tasks: 0, raised: new Map(), cleared: 0, busiest_day: 0 };
  const days = new Map<number, number>();
  const take = (event: Omit<StoredEvent, "seq" | "received_at" | "source" | "key_id" | "v">) => {
    const stored: StoredEvent = {
      ...event,
      ...{
        seq: state.seq + 1,
        received_at: event.timestamp,
        source: "replay",
        key_id: "k",
        v: EVENT_VERSION,
      },
    };
    apply(state, stored);
    alerts.note(stored);
  };
  let looked_ms = 0;
  let next_ms: number | null = null;
  const look = (now_ms: number) => {
    looked_ms = now_ms;
    const looks = alerts.look(state, now_ms, () => knownOf(state, counted));
    next_ms = looks.next_ms;
    for (const { organ, cause, ...own } of looks.events) {
      const id = derivedId(organ, cause);
      if (known.has(id)) continue;
      known.add(id);
      take({ ...own, id, agent_id: `clusterfork:${organ}` });
      if (own.event_type === "alert_cleared") heard.cleared += 1;
      const { alert_id } = own.metadata ?? {};
      const alert = typeof alert_id === "string" ? state.open_alerts.get(alert_id) : undefined;
      if (own.event_type !== "alert_raised" || alert?.times !== 1) continue;
      heard.raised.set(alert.rule, (heard.raised.get(alert.rule) ?? 0) + 1);
      const day = Math.floor(now_ms / 86_400_000);
      days.set(day, (days.get(day) ?? 0) + 1);
    }
  };
  for (const event of sent) {
    const now_ms = Date.parse(event.timestamp);
    // What falls due before the next event is told then.
    for (let n = 0; n < 100 && next_ms !== null && next_ms < now_ms; n += 1)
      look(Math.max(next_ms, looked_ms));
    take({ ...event });
    if (event.task_id !== undefined) tasks.add(event.task_id);
    if (now_ms - looked_ms >= WATCH_EVERY_MS) look(now_ms);
  }
  heard.tasks = tasks.size;
  heard.busiest_day = Math.max(0, ...days.values());
  return heard;
}

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

it("a simulated team with its troubles is heard, and not without end", () => {
  const { events } = simulate({
    ...{ seed: 1, start_ms: Date.UTC(2026, 0, 5, 9), features: 60, coders: 4, nights: true },
    planted: NOTHING_PLANTED,
  });
  const { tasks, raised } = listen([...events]);
  const all = [...raised.values()].reduce((sum, times) => sum + times, 0);
  console.log(
    `simulated: ${tasks} tasks, ${all} alerts (${((1000 * all) / tasks).toFixed(1)} per 1,000 tasks);`,
    Object.fromEntries(raised),
  );
  expect(all).toBeGreaterThan(0);
});
