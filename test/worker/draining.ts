/** A room whose log is drained to D1: its work, its alarm, what the archive must hold of it, and archives that fail. */
import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, vi } from "vitest";
import type { NewEvent, StoredEvent } from "../../schema/event/event.ts";
import { apply, createState } from "../../schema/state/apply.ts";
import type { Agent } from "../../schema/state/entity/agent.ts";
import type { Feature } from "../../schema/state/entity/feature.ts";
import type { Task } from "../../schema/state/entity/task.ts";
import { Archive } from "../../worker/archive/archive.ts";
import { gunzip } from "../../worker/archive/gzip.ts";
import type { Archive as Port } from "../../worker/room/drain.ts";
import { DRAIN_DELAY_MS } from "../../worker/room/limits.ts";
import { ProjectRoom as Room } from "../../worker/room/room.ts";
import { append, event, readAll, type RoomStub } from "./prepared.ts";

export async function drain(room: RoomStub, later_ms = DRAIN_DELAY_MS): Promise<void> {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + later_ms });
  await runDurableObjectAlarm(room);
  vi.useRealTimers();
}

const TYPES = [
  "task_created",
  "task_claimed",
  "task_progress",
  "tokens_used",
  "task_completed",
  "made_up",
] as const;
/** A small project: features of 20 tasks, six kinds of events a task, two hours apart in the middle. */
function work(n: number, tasks_apart = 6): Partial<NewEvent> {
  const task = Math.floor(n / tasks_apart);
  return {
    timestamp: new Date(1_760_000_000_000 + n * 1_000 + (n > 300 ? 7_200_000 : 0)).toISOString(),
    event_type: TYPES[n % TYPES.length] ?? "made_up",
    agent_id: `coder-${n % 5}`,
    task_id: `TASK-${task}`,
    feature_id: `feature-${Math.floor(task / 20)}`,
    metadata: n % 6 === 0 ? { title: `Task ${task} "x" \u2028`, assignee: `coder-${(n + 1) % 5}` } : {},
    ...(n % 6 === 3
      ? { metrics: { input_tokens: 100 + n, output_tokens: 7, ...(n % 4 === 1 ? { cost_usd: 0.25 } : {}) } }
      : {}),
  };
}
export const works = (from: number, to: number, tasks_apart = 6) =>
  Array.from({ length: to - from + 1 }, (_, i) => event(`e${from + i}`, work(from + i, tasks_apart)));

export async function fill(room: RoomStub, from: number, to: number, tasks_apart = 6): Promise<void> {
  for (let at = from; at <= to; at += 1_000) {
    await append(room, works(at, Math.min(to, at + 999), tasks_apart));
  }
}

export async function rows<T>(table: string, project: string, order = "id"): Promise<T[]> {
  const found = await env.DB.prepare(`SELECT * FROM ${table} WHERE project_id = ? ORDER BY ${order}`)
    .bind(project)
    .all<T>();
  return found.results;
}
export const projectOf = (room: RoomStub) => room.id.name ?? "";
export const cursorOf = async (room: RoomStub) => (await new Archive(env.DB, projectOf(room)).cursor()).seq;

/** All of the archive, as text: what two ways to the same log must have in common. */
export async function dump(project: string): Promise<string> {
  return JSON.stringify([
    await rows("archive_cursor", project, "seq"),
    await rows("archive_task", project),
    await rows("archive_feature", project),
    await rows("archive_agent", project),
    await rows("archive_hour", project, "hour"),
    (
      await rows<{ first_seq: number; last_seq: number; head: string }>(
        "archive_segment",
        project,
        "first_seq",
      )
    ).map(({ first_seq, last_seq, head }) => [first_seq, last_seq, head]),
  ]);
}

/** The whole history, folded with nothing forgotten: each entity's events by themselves. */
export function recount(texts: readonly string[]): {
  tasks: Map<string, Task>;
  features: Map<string, Feature>;
  agents: Map<string, Agent>;
} {
  const state = createState();
  const tasks = new Map<string, Task>();
  const features = new Map<string, Feature>();
  const agents = new Map<string, Agent>();
  for (const text of texts) {
    apply(state, JSON.parse(text) as StoredEvent);
  }
  for (const map of [state.open_tasks, state.closed_tasks]) for (const [id, task] of map) tasks.set(id, task);
  for (const map of [state.open_features, state.closed_features])
    for (const [id, each] of map) features.set(id, each);
  for (const [id, agent] of state.agents) agents.set(id, agent);
  return { tasks, features, agents };
}

export async function expectWhole(room: RoomStub): Promise<void> {
  const project = projectOf(room);
  const texts = await readAll(room);
  const { tasks, features, agents } = recount(texts);
  const byId = (map: Map<string, unknown>) =>
    Object.fromEntries([...map].map(([id, each]) => [id, JSON.stringify(each)]));
  const stored = async (table: string) =>
    Object.fromEntries(
      (await rows<{ id: string; row: string }>(table, project)).map(({ id, row }) => [id, row]),
    );
  expect(await stored("archive_task")).toEqual(byId(tasks));
  expect(await stored("archive_feature")).toEqual(byId(features));
  expect(await stored("archive_agent")).toEqual(byId(agents));
  const segments = await rows<{ first_seq: number; last_seq: number; events: number[] }>(
    "archive_segment",
    project,
    "first_seq",
  );
  const lines: string[] = [];
  for (const segment of segments) {
    expect(segment.first_seq).toBe(lines.length + 1);
    lines.push(...(await gunzip(segment.events)).split("\n"));
    expect(segment.last_seq).toBe(lines.length);
  }
  expect(lines).toEqual(texts);
}
/** D1 with every batch looked at after it was done, or broken before or after. */
export function spying(
  after: (reply: D1Result[]) => void,
  before: () => Promise<void> = async () => {},
): D1Database {
  return new Proxy(env.DB, {
    get(target, name) {
      if (name === "batch") {
        return async (statements: D1PreparedStatement[]) => {
          await before();
          const reply = await target.batch(statements);
          after(reply);
          return reply;
        };
      }
      const member: unknown = Reflect.get(target, name);
      return typeof member === "function" ? member.bind(target) : member;
    },
  });
}

/** A second object over the room's storage, whose archive is `wrap`ped. */
export function withArchive<T>(
  room: RoomStub,
  wrap: (archive: Port) => Port,
  body: (instance: Room, storage: DurableObjectStorage) => Promise<T>,
): Promise<T> {
  return runInDurableObject(room, (_, ctx) =>
    body(new Room(ctx, env, { openArchive: (id) => wrap(new Archive(env.DB, id)) }), ctx.storage),
  );
}

export async function alarmLater(instance: Room, later_ms: number): Promise<void> {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + later_ms });
  await instance.alarm();
  vi.useRealTimers();
}

export const quiet = () => vi.spyOn(console, "error").mockImplementation(() => undefined);
