/** One simulated team at work: what its processes share. Nothing here is global; each run has its own. */
import type { Json } from "../../schema/event/event.ts";
import type { MetadataOf, MetricsOf } from "../../schema/event/taxonomy.ts";
import type { SenderType } from "../../schema/event/type.ts";
import type { OutgoingEvent } from "../../schema/event/outgoing.ts";
import type { Calendar } from "./calendar.ts";
import type { Engine, Process } from "./engine.ts";
import type { Lessons } from "./lesson.ts";
import type { Agent, Team, ThinkingAgent } from "./people.ts";
import type { Planted } from "./plant.ts";
import type { Locks, Pool } from "./pool.ts";
import type { Sprints } from "./sprint.ts";
import type { LogNormal, Random, Streams } from "./random.ts";

/** What an event is about. */
export interface About {
  feature_id?: string;
  task_id?: string;
}

/** Where a planted truth took effect. */
export interface Truth {
  plant: string;
  timestamp: string;
  agent_id: string;
  task_id?: string;
  feature_id?: string;
}

export interface World {
  /** Part of every id: another run of the same project never meets them. */
  readonly tag: string;
  readonly start_ms: number;
  readonly planted: Planted;
  readonly engine: Engine;
  readonly calendar: Calendar;
  readonly streams: Streams;
  readonly team: Team;
  readonly pools: Record<"scout" | "architect" | "coder" | "reviewer" | "qa", Pool<ThinkingAgent>>;
  readonly merge_queue: Pool<Agent>;
  readonly locks: Locks<{ agent_id: string; task_id: string }>;
  readonly lessons: Lessons;
  readonly sprints: Sprints;
  readonly outbox: OutgoingEvent[];
  readonly truths: Truth[];
  /** Events so far; the next one's number. */
  events: number;
  /** Tasks so far. */
  tasks: number;
  /** Per agent: tokens in its context, tasks it took. */
  readonly context: Map<string, number>;
  readonly taken: Map<string, number>;
  /** Covered lines, per cent. */
  coverage: number;
}

export function emit<T extends SenderType>(
  world: World,
  event_type: T,
  agent: Agent,
  about: About,
  metadata: MetadataOf<T> & Record<string, Json>,
  metrics?: MetricsOf<T> & Record<string, number>,
): void {
  world.events += 1;
  tell(world, String(world.events), event_type, agent, about, metadata, metrics);
}

/** Under a name of its own, which no other event of the run has. */
export function tell(
  world: World,
  name: string,
  event_type: SenderType,
  agent: Agent,
  about: About,
  metadata: Record<string, Json>,
  metrics?: Record<string, number>,
): void {
  world.outbox.push({
    id: `sim-${world.tag}-${name}`,
    timestamp: timestampOf(world),
    event_type,
    agent_id: agent.id,
    agent_role: agent.role,
    ...about,
    session_id: `${agent.id}-${world.tag}-day${world.calendar.day(world.engine.now_ms)}`,
    ...(Object.keys(metadata).length === 0 ? {} : { metadata }),
    ...(metrics === undefined ? {} : { metrics }),
  });
}

export function noteTruth(world: World, plant: string, agent: Agent, about: About): void {
  world.truths.push({ plant, timestamp: timestampOf(world), agent_id: agent.id, ...about });
}

function timestampOf(world: World): string {
  return new Date(world.start_ms + world.engine.now_ms).toISOString();
}

/** Waits while somebody works; nights do not count. */
export function* work(world: World, work_ms: number): Process {
  const now_ms = world.engine.now_ms;
  yield world.calendar.after(now_ms, work_ms) - now_ms;
}

/** A drawn duration, whole ms. */
export function drawMs(random: Random, spread: LogNormal): number {
  return Math.max(1, Math.round(random.logNormal(spread)));
}

/** Gives an agent back to its team; nothing to do for it means that it is idle. */
export function release(world: World, agent: ThinkingAgent): void {
  if (!world.pools[agent.role].release(agent))
    emit(world, "agent_idle", agent, {}, { reason: "no task is ready" });
}
