/** What the room says by itself about the work of a project: in time, once, and without anybody asking. */
import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { packEvents } from "../../schema/event/batch.ts";
import type { StoredEvent } from "../../schema/event/event.ts";
import type { Watcher } from "../../schema/event/watcher.ts";
import type { ProjectState, WireState } from "../../schema/state/state.ts";
import { WATCH_EVERY_MS } from "../../worker/room/limits.ts";
import { ProjectRoom as Room } from "../../worker/room/room.ts";
import { append, event, freshRoom, own, readAll, stateOf, type RoomStub } from "./prepared.ts";
import { migrate } from "./server.ts";

const MINUTE_MS = 60_000;

beforeAll(migrate);
// Of an hour to come, so that no alarm rings by itself.
beforeEach(() => void vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 3_600_000 }));
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

async function pass(room: RoomStub, ms: number): Promise<void> {
  vi.setSystemTime(Date.now() + ms);
  await runDurableObjectAlarm(room);
}
const now = () => new Date().toISOString();
const block = (n = 1) => event(`block-${String(n)}`, { event_type: "task_blocked", timestamp: now() });
const unblock = (n = 1) => event(`unblock-${String(n)}`, { event_type: "task_unblocked", timestamp: now() });

async function said(room: RoomStub): Promise<string[]> {
  const log = (await readAll(room)).map((text) => JSON.parse(text) as StoredEvent);
  return log.flatMap((one) => (one.agent_id === "clusterfork:alerts" ? [one.event_type] : []));
}
const openAlerts = async (room: RoomStub) => (JSON.parse(await stateOf(room)) as WireState).open_alerts;

it("[B3] raises an alert when it is due, and clears it, without traffic and across evictions", async () => {
  const room = freshRoom();
  await append(room, [block()]);
  await pass(room, WATCH_EVERY_MS);
  expect(await said(room)).toEqual([]);
  await evictDurableObject(room);
  await pass(room, 10 * MINUTE_MS);
  expect(await said(room)).toEqual(["alert_raised"]);
  expect(await openAlerts(room)).toMatchObject([
    { rule: "task_blocked", task_id: "TASK-1", agent_id: null, times: 1, acknowledged_at: null },
  ]);

  await append(room, [unblock()]);
  await pass(room, WATCH_EVERY_MS);
  expect(await said(room)).toEqual(["alert_raised"]);
  await pass(room, 3 * MINUTE_MS);
  expect(await said(room)).toEqual(["alert_raised", "alert_cleared"]);
  expect(await openAlerts(room)).toEqual([]);
});

it("[B2] alarms that come early, late or twice say everything once", async () => {
  const room = freshRoom();
  await append(room, [block()]);
  for (let n = 0; n < 5; n += 1) await pass(room, 1);
  await pass(room, 11 * MINUTE_MS);
  for (let n = 0; n < 3; n += 1) {
    await evictDurableObject(room);
    await pass(room, 0);
    await pass(room, MINUTE_MS);
  }
  expect(await said(room)).toEqual(["alert_raised"]);
});

it("writes nothing while there is nothing to say, and rests", async () => {
  const room = freshRoom();
  await append(room, [event("calm", { timestamp: now() })]);
  await pass(room, WATCH_EVERY_MS);
  const rows = () =>
    runInDurableObject(room, (_, { storage }) =>
      storage.sql.exec("SELECT seq, next_ms FROM watch").toArray(),
    );
  expect(await rows()).toEqual([{ seq: 1, next_ms: null }]);
  expect(await said(room)).toEqual([]);
});

it("[B1] a watcher that throws holds up no append, and is asked again", async () => {
  const quiet = vi.spyOn(console, "error").mockImplementation(() => undefined);
  let looks = 0;
  const noted: string[] = [];
  const watcher: Watcher<ProjectState> = {
    note: ({ id }) => void noted.push(id),
    look: () => {
      looks += 1;
      if (looks < 3) throw new Error("a watcher of this test");
      return { events: [], next_ms: null };
    },
  };
  await runInDurableObject(freshRoom(), async (_, ctx) => {
    const room = new Room(ctx, env, { openWatchers: () => [watcher] });
    const send = (id: string) => room.append(own, packEvents([event(id, { timestamp: now() })]));
    expect(await send("a")).toMatchObject({ accepted: 1 });
    for (let n = 0; n < 4; n += 1) {
      vi.setSystemTime(Date.now() + MINUTE_MS);
      await room.alarm();
    }
    expect(await send("b")).toMatchObject({ accepted: 1 });
    vi.setSystemTime(Date.now() + MINUTE_MS);
    await room.alarm();
  });
  expect(looks).toBeGreaterThanOrEqual(3);
  // Each event once, also when nobody looked meanwhile.
  expect(noted).toEqual(["a", "b"]);
  expect(quiet).toHaveBeenCalled();
});

it("[B3] clears what somebody has acknowledged when it is over, though the room sleeps between any two looks", async () => {
  const room = freshRoom();
  const of = (id: string, event_type: string) => event(id, { event_type, timestamp: now() });
  await append(room, [of("c", "task_claimed"), of("r", "retry_budget_exhausted")]);
  await pass(room, WATCH_EVERY_MS);
  expect(await said(room)).toEqual(["alert_raised"]);
  const [alert] = await openAlerts(room);
  await room.tell(own, [
    {
      ...{ organ: "alerts", cause: ["seen"], event_type: "alert_acknowledged", timestamp: now() },
      metadata: { alert_id: alert?.id ?? "", by: "Ada" },
    },
  ]);
  expect(await openAlerts(room)).toMatchObject([{ acknowledged_by: "Ada" }]);
  vi.setSystemTime(Date.now() + 1_000);
  await append(room, [of("d", "task_completed")]);
  await evictDurableObject(room);
  await pass(room, WATCH_EVERY_MS);
  expect(await said(room)).toEqual(["alert_raised", "alert_acknowledged"]);
  // It sleeps between any two looks, as a quiet room does.
  await evictDurableObject(room);
  await pass(room, MINUTE_MS);
  expect(await said(room)).toEqual(["alert_raised", "alert_acknowledged", "alert_cleared"]);
  expect(await openAlerts(room)).toEqual([]);
});
