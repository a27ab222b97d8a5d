/**
 * A simulated team of agents, as the stream of events that it would send.
 *
 *   options ─▶ streams of luck ─▶ processes ──(simulated time)──▶ outbox ─▶ events in timestamp order
 *
 * Pure: it reads no clock, draws no random number of its own and does no I/O.
 * The same options give the same bytes on every machine.
 */
import { createHash } from "node:crypto";
import type { OutgoingEvent } from "../../schema/event/outgoing.ts";
import { createCalendar } from "./calendar.ts";
import { agentsOf, keepNights, startAgents } from "./day.ts";
import { BETWEEN_REQUESTS } from "./duration.ts";
import { Engine, type Process } from "./engine.ts";
import { planFeature } from "./feature-plan.ts";
import { runFeature } from "./feature.ts";
import { announceTrials, createLessons } from "./lesson.ts";
import { createTeam } from "./people.ts";
import type { Planted } from "./plant.ts";
import { Locks, Pool } from "./pool.ts";
import { createStreams } from "./random.ts";
import { Sprints } from "./sprint.ts";
import { drawMs, emit, work, type Truth, type World } from "./world.ts";

export interface SimulationOptions {
  seed: number;
  /** When it begins, ms since the epoch. */
  start_ms: number;
  /** Requests of the user; null: one after the other without end. */
  features: number | null;
  coders: number;
  /** False: the team works around the clock. */
  nights: boolean;
  planted: Planted;
}

export interface Simulation {
  /** Endless where `features` is null. */
  events: Generator<OutgoingEvent, void, void>;
  /** Where planted truths took effect so far; it grows while `events` are drawn. */
  truths: readonly Truth[];
}

/** Raised when the same options give other events than before: ids change with it, so that no id gets a second body. */
const GENERATOR_VERSION = 1;
/** Hexadecimal digits of a run's tag: two runs of one project never meet by chance. */
const TAG_DIGITS = 12;
const COVERAGE_AT_START = 74.2;

export function simulate(options: SimulationOptions): Simulation {
  const engine = new Engine();
  const team = createTeam(options.coders);
  const world: World = {
    tag: tagOf(options),
    start_ms: options.start_ms,
    planted: options.planted,
    engine,
    calendar: createCalendar(options.nights),
    streams: createStreams(options.seed),
    team,
    pools: {
      scout: new Pool(engine, team.scouts),
      architect: new Pool(engine, team.architects),
      coder: new Pool(engine, team.coders),
      reviewer: new Pool(engine, team.reviewers),
      qa: new Pool(engine, team.qa),
    },
    merge_queue: new Pool(engine, [team.merge_queue]),
    locks: new Locks(engine),
    lessons: createLessons(options.planted),
    sprints: new Sprints(),
    outbox: [],
    truths: [],
    events: 0,
    tasks: 0,
    context: new Map(),
    taken: new Map(),
    coverage: COVERAGE_AT_START,
  };
  return { events: run(world, options.features, options.coders), truths: world.truths };
}

function* run(world: World, features: number | null, coders: number): Generator<OutgoingEvent, void, void> {
  let open = 0;
  let all_requested = false;
  const over = (): boolean => all_requested && open === 0;

  function* feature(number: number): Process {
    open += 1;
    const plan = planFeature(number, world.streams(`feature-${number}/plan`));
    yield* runFeature(world, `feature-${number}`, plan);
    open -= 1;
    if (!over()) return;
    world.sprints.close(world);
    stopAgents(world);
  }
  function* requests(): Process {
    yield* startAgents(world);
    for (const teacher of world.team.reviewers.slice(0, 1)) announceTrials(world, teacher);
    const gaps = world.streams("requests");
    for (let number = 0; features === null || number < features; number++) {
      if (number > 0) yield* work(world, Math.round(drawMs(gaps, BETWEEN_REQUESTS) / coders));
      all_requested = number + 1 === features;
      world.engine.start(feature(number));
    }
  }
  world.engine.start(requests());
  world.engine.start(keepNights(world, over));
  while (world.engine.step()) {
    yield* world.outbox;
    world.outbox.length = 0;
  }
}

/** Names a run by all that its events depend on. */
function tagOf({ seed, start_ms, features, coders, nights, planted }: SimulationOptions): string {
  const truths = Object.entries(planted).sort(([one], [other]) => (one < other ? -1 : 1));
  const identity = JSON.stringify([GENERATOR_VERSION, seed, start_ms, features, coders, nights, truths]);
  return createHash("sha256").update(identity).digest("hex").slice(0, TAG_DIGITS);
}

function stopAgents(world: World): void {
  for (const agent of agentsOf(world.team))
    emit(world, "agent_stopped", agent, {}, { reason: "all is done" });
}
