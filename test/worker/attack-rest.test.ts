/** Red: what somebody else's line says in its metadata takes a session's place on the way through the log. */
import { introspectWorkflow, runDurableObjectAlarm } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeAll, expect, it, vi } from "vitest";
import type { ReflectionParams } from "../../worker/learning/reflect/start.ts";
import { REST_ENDED_MS, REST_MS } from "../../worker/room/limits.ts";
import type { RoomStub } from "./prepared.ts";
import { asKey, event, json, migrate, signUp, type Account } from "./server.ts";

const REFLECTIONS = env.REFLECTION as Workflow<ReflectionParams>;
beforeAll(migrate);
afterEach(() => {
  vi.useRealTimers();
});
const roomOf = (team: Account) => env.ROOM.get(env.ROOM.idFromName(team.project.id)) as unknown as RoomStub;

async function send(team: Account, ...events: Record<string, unknown>[]): Promise<void> {
  const reply = await asKey(team.keys.ingest, "/v1/events", json("POST", { events: events.map(event) }));
  expect(await reply.json()).toMatchObject({ accepted: events.length });
}
async function later(team: Account, by_ms: number): Promise<number> {
  await using runs = await introspectWorkflow(REFLECTIONS);
  await runDurableObjectAlarm(roomOf(team));
  await scheduler.wait(50);
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + by_ms });
  await runDurableObjectAlarm(roomOf(team));
  vi.useRealTimers();
  const started = await runs.get();
  for (const run of started) await run.waitForStatus("complete");
  return started.length;
}

const session = [
  { event_type: "feature_requested", feature_id: "rooms", metadata: { title: "s", kind: "branch" } },
  { event_type: "task_started", feature_id: "rooms", task_id: "T-1" },
  { event_type: "agent_stopped", feature_id: "rooms", task_id: "T-1" },
];

it.each([
  ["nothing", null],
  [
    "a line of no feature that names it in its metadata",
    { event_type: "acme.note", metadata: { feature_id: "rooms" } },
  ],
])("looks back on a session that rests, after %s", async (_, odd) => {
  const team = await signUp("Resting");
  await send(team, ...session, ...(odd === null ? [] : [odd]));
  expect(await later(team, REST_ENDED_MS + 60_000)).toBe(1);
  expect(await later(team, 2 * REST_MS)).toBe(0);
});
