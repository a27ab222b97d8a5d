/**
 * What Clusterfork writes and people do on the dashboard, among history that was recorded elsewhere: the past stays
 * reachable, whatever stands before it in the log.
 */
import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, expect, it } from "vitest";
import type { StoredEvent } from "../../schema/event/event.ts";
import type { StateResponse, TimelineResponse } from "../../schema/wire/http.ts";
import { MAX_BLOCK_EVENTS, SNAPSHOT_EVERY_EVENTS } from "../../worker/room/limits.ts";
import { append, event, readAll, type RoomStub } from "./prepared.ts";
import { asKey, migrate, signUp, type Account } from "./server.ts";

const JUNE_MS = Date.parse("2026-06-01T09:00:00.000Z");
const STEP_MS = 60_000;
const TODAY_MS = Date.parse("2026-11-20T12:00:00.000Z");

let account: Account;
let room: RoomStub;
let sent = 0;

beforeAll(async () => {
  await migrate();
  account = await signUp("Own");
  room = env.ROOM.get(env.ROOM.idFromName(account.project.id)) as unknown as RoomStub;
});

/** Work of June, a minute apart. */
async function work(count: number): Promise<void> {
  for (let left = count; left > 0;) {
    const now = Math.min(left, 1_000);
    await append(
      room,
      Array.from({ length: now }, () => {
        sent += 1;
        const timestamp = new Date(JUNE_MS + (sent - 1) * STEP_MS).toISOString();
        return event(`w${sent}`, { timestamp, task_id: `T-${sent % 50}` });
      }),
    );
    left -= now;
    // Snapshots are written after the replies.
    await scheduler.wait(0);
  }
}

let said = 0;
async function say(event_type: string, at_ms: number): Promise<void> {
  const timestamp = new Date(at_ms).toISOString();
  await append(room, [
    event(`clusterfork:o${++said}`, {
      event_type,
      agent_id: "clusterfork:budget",
      timestamp,
      key_id: "clusterfork",
    }),
  ]);
  await scheduler.wait(0);
}

/** By definition: Clusterfork's own events are at their own time, but never after the work that follows. */
async function timesOfLog(): Promise<number[]> {
  const log = (await readAll(room)).map((text) => JSON.parse(text) as StoredEvent);
  let clock = 0;
  let running = 0;
  const times = log.map((each) => {
    const at = Math.min(Date.parse(each.timestamp), Date.parse(each.received_at));
    const is_own = each.agent_id.startsWith("clusterfork:");
    if (is_own) return (running = Math.max(running, at));
    clock = Math.max(clock, at);
    return (running = clock);
  });
  for (let i = times.length - 2; i >= 0; i -= 1) times[i] = Math.min(times[i] ?? 0, times[i + 1] ?? Infinity);
  return times;
}

async function getTimeline(buckets = 50): Promise<TimelineResponse> {
  return (await asKey(account.keys.read, `/v1/timeline?buckets=${buckets}`)).json();
}
async function stateAt(time_ms: number): Promise<StateResponse> {
  return (await asKey(account.keys.read, `/v1/state?at=${time_ms}`)).json();
}

async function holds(): Promise<void> {
  const times = await timesOfLog();
  const seqAt = (time_ms: number) => times.findLastIndex((time) => time <= time_ms) + 1;
  const [from, to] = [times[0] ?? 0, times.at(-1) ?? 0];
  const line = await getTimeline();
  expect([line.from, line.to]).toEqual([from, to]);
  line.seqs.forEach((seq, i) => {
    const edge = i === 49 ? to : Math.floor(from + ((to - from) * (i + 1)) / 50);
    expect(seq, `bucket ${i}`).toBe(seqAt(edge));
  });
  for (const at of [from - 1, from, from + STEP_MS, from + 90 * STEP_MS, (from + to) / 2, to - 1, to, to + 1])
    expect((await stateAt(Math.floor(at))).seq, `at ${at}`).toBe(seqAt(Math.floor(at)));
}

it("history that follows a budget is reached day by day, from the first moment on", async () => {
  await say("budget_set", TODAY_MS);
  await say("alert_raised", TODAY_MS - STEP_MS);
  const alone = await getTimeline();
  // No work yet: its own time, and no year 1970.
  expect([alone.from, alone.to]).toEqual([TODAY_MS, TODAY_MS]);
  await holds();

  await work(500);
  expect((await getTimeline()).from).toBe(JUNE_MS);
  const [past, later] = [await stateAt(JUNE_MS + 9 * STEP_MS), await stateAt(JUNE_MS + 200 * STEP_MS)];
  expect([past.seq, later.seq]).toEqual([12, 203]);
  expect(past.time).toBe(JUNE_MS + 9 * STEP_MS);
  await holds();
}, 60_000);

it("an alert between two batches of an import hides nothing of the second, through blocks, sleep and a longer log", async () => {
  const blocks = () =>
    runInDurableObject(room, (_, { storage }) =>
      storage.sql
        .exec<{ last_seq: number; last_time: number }>("SELECT last_seq, last_time FROM timeline")
        .toArray(),
    );
  // A block that ends with what was said today.
  await work(SNAPSHOT_EVERY_EVENTS - 503);
  await say("alert_raised", TODAY_MS);
  // The control.
  expect(await blocks()).toEqual([{ last_seq: MAX_BLOCK_EVENTS, last_time: TODAY_MS }]);
  await holds();

  await work(300);
  expect(await blocks()).toMatchObject([{ last_time: TODAY_MS }]);
  await holds();
  await evictDurableObject(room);
  await holds();

  await work(SNAPSHOT_EVERY_EVENTS);
  const [first] = await blocks();
  expect(first?.last_time).toBeLessThan(TODAY_MS);
  await holds();

  // At the end of the log what Clusterfork said has its own time: a look at Saturday shows nothing of Monday.
  await say("alert_raised", TODAY_MS);
  await say("alert_acknowledged", TODAY_MS + 60 * STEP_MS);
  await holds();
  await evictDurableObject(room);
  await holds();
}, 120_000);
