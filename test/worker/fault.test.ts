/**
 * One room after another through whatever can go wrong, drawn from a seed (test/replay/fault): the simulator of
 * faults. Limits are lowered, so that a short run meets snapshots, split commits, full windows and long drains.
 *
 * A failing run prints its seed: `npm run fuzz -- --seed N --runs 1` runs it again.
 */
import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { check } from "../replay/fault/check.ts";
import { Clock } from "../replay/fault/clock.ts";
import { drawOf } from "../replay/fault/draw.ts";
import { Faulty } from "../replay/fault/faulty.ts";
import { described, scenarioOf, START_MS } from "../replay/fault/scenario.ts";
import { d1Over } from "../replay/fault/sql-d1.ts";
import { World } from "../replay/fault/world.ts";
import { readRuns } from "../../worker/room/ids/run.ts";
import { freshRoom } from "./prepared.ts";
import { migrate } from "./server.ts";

vi.mock(import("../../worker/room/limits.ts"), async (original) => ({
  ...(await original()),
  SNAPSHOT_EVERY_EVENTS: 40 as never,
  CHECKPOINT_EVERY_EVENTS: 90 as never,
  MAX_ROW_BYTES: 3_000 as never,
  ENOUGH_EVENTS: 30 as never,
  DRAIN_EVENTS: 30 as never,
  DRAIN_BYTES: 8_000 as never,
  MAX_DRAIN_STEPS: 3 as never,
  MAX_FRAME_EVENTS: 12 as never,
  MAX_UNACKED_EVENTS: 40 as never,
}));
vi.mock(import("../../worker/room/ids/limits.ts"), async (original) => ({
  ...(await original()),
  FRESH_IDS: 12 as never,
  PART_ENTRIES: 4 as never,
  FAN: 3 as never,
  MERGE_SLICE_PARTS: 2 as never,
  REMOVE_SLICE_PARTS: 2 as never,
}));
vi.mock(import("../../worker/archive/limits.ts"), async (original) => ({
  ...(await original()),
  FOLD_CHUNK_EVENTS: 7,
  LOOKUP_IDS: 3 as never,
  MAX_STATEMENT_LENGTH: 2_000 as never,
  MAX_STEP_LENGTH: 9_000 as never,
}));

/** Runs of one test: few enough that it ends in some seconds. */
const CHUNK = 100;
/** `npm test` takes the same seeds each time; `npm run fuzz` draws others. */
const RUNS = env.FUZZ_RUNS === "" ? 1_000 : Number(env.FUZZ_RUNS);
const SEED = env.FUZZ_SEED === "" ? 30_000 : Number(env.FUZZ_SEED);
/** Each found something once; they are run for ever. */
const PINNED: { seed: number; found: string }[] = [
  { seed: 1, found: "by mutation: the dedupe skipped, frames sent inside a commit that then failed" },
  { seed: 2, found: "by mutation: the archive's cursor ignored, a viewer's place not kept over an eviction" },
  { seed: 900_440, found: "a receiver whose setting failed at first was taken for the one before it" },
  {
    seed: 1_694_223_717,
    found: "a run for the receiver before sent the new one what its own run then sent again",
  },
  {
    seed: 30_010,
    found: "what a budget had reached was told for ever, when the event that told it was destroyed",
  },
  { seed: 30_848, found: "in the simulator itself: a clock set back held up a timer, and with it a request" },
];

beforeAll(migrate);
afterEach(() => vi.restoreAllMocks());

const met = {
  events: 0,
  refused: 0,
  evicted: 0,
  behind: 0,
  forgotten: 0,
  audits: 0,
  forwarded: 0,
  merged: 0,
  told: 0,
  archive: new Map<string, number>(),
};

/** The rooms' storage is wiped between runs: a new one costs more than a run. */
function wipe({ sql }: DurableObjectStorage): void {
  const tables = sql.exec<{ name: string }>(
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT GLOB '_cf*' AND name <> 'tables'",
  );
  for (const { name } of tables.toArray()) sql.exec(`DELETE FROM "${name}"`);
}

async function run(storage: DurableObjectStorage, seed: number): Promise<void> {
  const scenario = scenarioOf(seed);
  const project_id = `p${crypto.randomUUID()}`;
  const db = scenario.real_d1 ? env.DB : d1Over(storage);
  wipe(storage);
  const draw = drawOf(seed + 1);
  const [archive, wire] = [new Faulty(draw), new Faulty(draw)];
  const clock = new Clock(START_MS);
  try {
    const settings = { ...env, MAX_EVENTS_PER_SECOND_PER_PROJECT: "1000000" };
    const { evict_every, links } = scenario;
    const place = { storage, env: settings, project_id, clock, db, draw, archive, wire, evict_every, links };
    const world = new World(place);
    await world.begin(scenario.forwards ? "a" : null);
    for (const step of scenario.steps) await world.play(step);
    await check(world, db, seed % 2 === 0);
    met.events += world.stored();
    if (readRuns(storage.sql).some(({ tier }) => tier > 0)) met.merged += 1;
    met.told += world.lines().filter((line) => line.includes('"event_type":"budget_exceeded"')).length;
    met.refused += world.met.refused;
    met.evicted += world.met.evicted;
    met.forgotten += world.forgotten.size;
    met.audits += world.auditor.verdicts;
    met.forwarded += world.receiver.sends;
    met.behind += world.viewers.reduce((sum, { times_behind }) => sum + times_behind, 0);
    for (const [fault, n] of archive.met) met.archive.set(fault, (met.archive.get(fault) ?? 0) + n);
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error);
    throw new Error(`${what}\nnpm run fuzz -- --seed ${seed} --runs 1\n${described(scenario)}`, {
      cause: error,
    });
  } finally {
    clock.restore();
  }
}

async function runs(seeds: readonly number[]): Promise<void> {
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  vi.spyOn(console, "warn").mockImplementation(() => undefined);
  await runInDurableObject(freshRoom(), async (_, { storage }) => {
    for (const { queries } of env.TEST_MIGRATIONS)
      for (const query of queries) if (query.includes("archive_")) storage.sql.exec(query);
    for (const seed of seeds) await run(storage, seed);
  });
}

describe(
  "[L1] [L2] [L3] [L4] [L5] [S1] [S2] [V1] [T2] [B1] [B2] [B3] whatever goes wrong",
  { timeout: 120_000 },
  () => {
    for (let from = 0; from < RUNS; from += CHUNK) {
      const seeds = Array.from({ length: Math.min(CHUNK, RUNS - from) }, (_, i) => SEED + from + i);
      it(`holds for the seeds ${seeds[0]} to ${seeds.at(-1)}`, () => runs(seeds));
    }

    it("holds for the seeds that once found something", () => runs(PINNED.map(({ seed }) => seed)));

    it("met what it is for: refused commits, evictions, viewers left behind, merged ids, budgets used up", () => {
      const { refused, evicted, behind, merged, told } = met;
      for (const times of [refused, evicted, behind, merged, told]) expect(times).toBeGreaterThan(0);
    });

    afterAll(() => {
      console.info(`[measured] ${JSON.stringify({ ...met, archive: [...met.archive] })}`);
    });
  },
);

it("draws the same scenario from the same seed", () => {
  expect(scenarioOf(7)).toEqual(scenarioOf(7));
  expect(scenarioOf(7).steps).not.toEqual(scenarioOf(8).steps);
});
