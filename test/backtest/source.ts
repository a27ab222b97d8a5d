/** The logs that are played: recorded ones where they lie, the simulated team, and an authored miniature in their place. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { mapBeads } from "../../cli/import/beads.ts";
import { mapGastown } from "../../cli/import/gastown/gastown.ts";
import { readLines, readWhole, type LineOutcome } from "../../cli/import/lines.ts";
import { Tally } from "../../cli/import/outgoing.ts";
import type { OutgoingEvent } from "../../schema/event/outgoing.ts";
import { mapTranscripts, sourceFile } from "../../cli/import/transcripts.ts";
import { NOTHING_PLANTED, type Planted } from "../../cli/simulate/plant.ts";
import { simulate } from "../../cli/simulate/simulate.ts";
import type { Truth } from "../../cli/simulate/world.ts";
import type { StoredEvent } from "../../schema/event/event.ts";
import { miniature } from "./miniature.ts";

const DATA = process.env["CLUSTERFORK_DATA"] ?? join(import.meta.dirname, "../../../shared/data");

export interface Log {
  name: string;
  events: StoredEvent[];
  /** False: it stands in for recorded data, and says nothing of the world. */
  is_recorded: boolean;
}

/** As the room would hold them, all received when the import ran. */
export function stored(events: readonly OutgoingEvent[]): StoredEvent[] {
  const received_at = new Date(Date.UTC(2099, 0)).toISOString();
  return events.map((event, index) => ({
    ...event,
    seq: index + 1,
    received_at,
    source: "backtest",
    key_id: "k",
    v: 1,
  }));
}

async function* allLines(folder: string, names: readonly string[]): AsyncGenerator<LineOutcome> {
  for (const name of names) yield* readLines(join(folder, name));
}

const gzipped = (folder: string): string[] =>
  readdirSync(folder).filter((name) => name.endsWith(".jsonl.gz"));

/** Trackers, with thousands of tasks each. */
export async function trackers(): Promise<Log[]> {
  const gastown = join(DATA, "gastown");
  const beads = join(DATA, "beads/issues_union.jsonl.gz");
  if (!existsSync(gastown) || !existsSync(beads))
    return [{ name: "miniature", events: stored(miniature()), is_recorded: false }];
  return [
    {
      name: "Gas Town",
      events: stored(await mapGastown(allLines(gastown, gzipped(gastown)), new Tally())),
      is_recorded: true,
    },
    { name: "Beads", events: stored(await mapBeads(readLines(beads), new Tally())), is_recorded: true },
  ];
}

/** Recorded sessions of agents, with every call; null where they do not lie. */
export async function sessions(): Promise<Log | null> {
  const folder = join(DATA, "entire-cli/raw");
  if (!existsSync(folder)) return null;
  const files = gzipped(folder).map((name) => sourceFile(join(folder, name)));
  const events = await mapTranscripts(
    "claude-code",
    files,
    { lines: readLines, peek: readLines, whole: readWhole },
    new Tally(),
    Date.UTC(2099, 0),
  );
  return { name: "sessions", events: stored(events), is_recorded: true };
}

export interface Simulated {
  events: OutgoingEvent[];
  truths: readonly Truth[];
}

/** About 1,600 tasks and 110,000 events. */
export function team(seed: number, planted: Partial<Planted> = {}): Simulated {
  const { events, truths } = simulate({
    seed,
    start_ms: Date.UTC(2026, 0, 5, 9),
    features: 300,
    coders: 4,
    nights: true,
    planted: { ...NOTHING_PLANTED, ...planted },
  });
  return { events: [...events], truths };
}
