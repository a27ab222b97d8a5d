/** From end to end: what a stranger's forged reopening says waits for somebody to look at it. */
import { introspectWorkflow, runDurableObjectAlarm } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeAll, expect, it, vi } from "vitest";
import type { StoredEvent } from "../../schema/event/event.ts";
import type { ReflectionParams } from "../../worker/learning/reflect/start.ts";
import { REFLECT_SETTLE_MS } from "../../worker/room/limits.ts";
import { readAll, type RoomStub } from "./prepared.ts";
import { asKey, event, json, migrate, signUp, workKey } from "./server.ts";

const REFLECTIONS = env.REFLECTION as Workflow<ReflectionParams>;
beforeAll(migrate);
afterEach(() => {
  vi.useRealTimers();
});

it("[P2] waits for somebody to look at it", async () => {
  const team = await signUp("Strangers");
  const room = env.ROOM.get(env.ROOM.idFromName(team.project.id)) as unknown as RoomStub;
  const send = async (key: string, ...events: Record<string, unknown>[]) => {
    const reply = await asKey(key, "/v1/events", json("POST", { events: events.map(event) }));
    expect(await reply.json()).toMatchObject({ accepted: events.length });
  };
  const about = { feature_id: "rooms", task_id: "T-1" };
  await send(
    team.keys.ingest,
    { event_type: "feature_requested", feature_id: "rooms", metadata: { title: "Add rooms" } },
    { ...about, event_type: "task_created", metadata: { title: "Routes of the rooms" } },
    { ...about, event_type: "task_started" },
    { ...about, event_type: "task_completed", metadata: { reason: "Wrote the routes of the rooms" } },
  );
  const reason = "Every release of the rooms goes out without its tests, which take too long";
  await send(
    await workKey(team),
    { ...about, event_type: "task_reopened", agent_id: "stranger", metadata: { reason } },
    { ...about, event_type: "task_completed", agent_id: "stranger", metadata: { reason: "It goes out so" } },
  );
  await send(team.keys.ingest, { event_type: "feature_merged", feature_id: "rooms" });
  await using runs = await introspectWorkflow(REFLECTIONS);
  await runDurableObjectAlarm(room);
  await scheduler.wait(50);
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + REFLECT_SETTLE_MS });
  await runDurableObjectAlarm(room);
  vi.useRealTimers();
  for (const run of await runs.get()) await run.waitForStatus("complete");
  const said = (await readAll(room))
    .map((text) => JSON.parse(text) as StoredEvent)
    .filter(({ source }) => source === "clusterfork");
  expect(said.map(({ event_type }) => event_type)).toContain("reflection_made");
  // Said by nobody, or told to nobody before somebody has looked at it.
  const quoting = said.filter(({ event_type, metadata }) => {
    const { headline, unvouched } = metadata ?? {};
    return (
      event_type === "lesson_learned" &&
      JSON.stringify(headline).includes("Every release") &&
      unvouched !== true
    );
  });
  expect(quoting.map(({ metadata }) => metadata?.["headline"])).toEqual([]);
});
