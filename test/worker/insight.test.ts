/** What the room tells of a project's own numbers, in the real runtime: targets after enough closings, once. */
import { evictDurableObject, runDurableObjectAlarm } from "cloudflare:test";
import { afterEach, beforeAll, beforeEach, expect, it, vi } from "vitest";
import type { StoredEvent } from "../../schema/event/event.ts";
import type { WireState } from "../../schema/state/state.ts";
import { WATCH_EVERY_MS } from "../../worker/room/limits.ts";
import { append, event, freshRoom, readAll, stateOf } from "./prepared.ts";
import { migrate } from "./server.ts";

beforeAll(migrate);
// Of an hour to come, so that no alarm rings by itself.
beforeEach(() => void vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 3_600_000 }));
afterEach(() => void vi.useRealTimers());

it("[B2] [B3] recalibrates targets by the alarm alone, and not again after an eviction", async () => {
  const room = freshRoom();
  const start_ms = Date.now() - 3_000_000;
  const at = (minute: number) => new Date(start_ms + minute * 60_000).toISOString();
  const tasks = Array.from({ length: 25 }, (_, index) => index);
  await append(
    room,
    tasks.flatMap((task) => [
      event(`start-${task}`, { event_type: "task_started", task_id: `T${task}`, timestamp: at(task) }),
      event(`end-${task}`, {
        event_type: "task_completed",
        task_id: `T${task}`,
        timestamp: at(task + 2 + (task % 7)),
      }),
    ]),
  );
  const pass = async () => {
    vi.setSystemTime(Date.now() + WATCH_EVERY_MS);
    await runDurableObjectAlarm(room);
  };
  const told = async () =>
    (await readAll(room))
      .map((text) => JSON.parse(text) as StoredEvent)
      .filter(({ event_type }) => event_type === "target_recalibrated");
  await pass();
  expect(await told()).toMatchObject([
    {
      agent_id: "clusterfork:insight",
      metadata: { metric: "work", scope: "task" },
      metrics: { samples: 25 },
    },
  ]);
  const { targets } = JSON.parse(await stateOf(room)) as WireState;
  expect(targets).toMatchObject([{ metric: "work", scope: "task", target: 8 * 60_000 }]);
  await evictDurableObject(room);
  await pass();
  await pass();
  expect(await told()).toHaveLength(1);
});
