/** Batched delivery over real hibernating sockets: fewer frames, the same events, also across eviction and a change of the setting. */
import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { ServerMessage } from "../../schema/wire/socket.ts";
import { BATCH_INTERVAL_MS, MAX_FRAME_EVENTS, MAX_UNACKED_EVENTS } from "../../worker/room/limits.ts";
import { PRINCIPAL_HEADER } from "../../worker/room/stream.ts";
import { append, events, freshRoom, own, type RoomStub } from "./prepared.ts";
import { migrate } from "./server.ts";

beforeAll(migrate);
beforeEach(() => {
  // Only Date moves: timers, and so the alarm that nobody runs by hand, are real.
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
});
afterEach(() => {
  vi.useRealTimers();
});

const pass = (ms: number) => void vi.setSystemTime(Date.now() + ms);

/** Acknowledges what it gets, and keeps it. */
class Viewer {
  readonly messages: ServerMessage[] = [];
  bytes = 0;

  static async join(room: RoomStub, query = ""): Promise<Viewer> {
    const { webSocket } = await room.fetch(`http://room/v1/stream${query}`, {
      headers: { upgrade: "websocket", [PRINCIPAL_HEADER]: JSON.stringify(own) },
    });
    if (!webSocket) throw new Error("no socket");
    const viewer = new Viewer();
    webSocket.addEventListener("message", ({ data }) => {
      const message = JSON.parse(String(data)) as ServerMessage;
      viewer.messages.push(message);
      viewer.bytes += String(data).length;
      if (message.type === "events") webSocket.send(JSON.stringify({ type: "ack", seq: message.to }));
    });
    webSocket.accept();
    return viewer;
  }

  /** Messages with events in them. */
  get frames() {
    return this.messages.filter((message) => message.type === "events" && message.events.length > 0);
  }
  get seqs(): number[] {
    return this.messages.flatMap((message) =>
      message.type === "events" ? message.events.map((e) => e.seq) : [],
    );
  }
  get told() {
    return this.messages.flatMap((message) => (message.type === "events" ? (message.delivery ?? []) : []));
  }
  /** [V1] each message's `from` is the last one's `to` + 1. */
  expectDense(since: number): void {
    let at = since;
    for (const message of this.messages) {
      if (message.type !== "events") continue;
      expect(message.from).toBe(at + 1);
      at = message.to;
    }
  }
}

const upTo = (n: number, from = 1) => Array.from({ length: n - from + 1 }, (_, i) => i + from);
/** What was sent has arrived, and what was not had the time to. */
const settle = () => scheduler.wait(60);
const alarmOf = (room: RoomStub) => runInDurableObject(room, (_, state) => state.storage.getAlarm());

async function batchedRoom(): Promise<RoomStub> {
  const room = freshRoom();
  await room.setDelivery("batched");
  return room;
}

/** Runs the alarm when it is due, as the runtime would. */
async function ring(room: RoomStub): Promise<boolean> {
  const at = await alarmOf(room);
  if (at === null || at > Date.now()) return false;
  return runDurableObjectAlarm(room);
}

/** A commit of `n` events every two seconds, and the alarm as it comes. */
async function load(room: RoomStub, from: number, commits: number, n: number): Promise<void> {
  for (let i = 0; i < commits; i += 1) {
    // Whatever is published at this moment, the next commit comes longer after it than a frame's time.
    await ring(room);
    pass(2_000);
    await append(room, events(from + i * n, from + (i + 1) * n - 1));
  }
}

describe("batched delivery", () => {
  it("[V1] costs one frame a minute where live costs one a commit, and both bring every seq once", async () => {
    const [live_room, batched_room] = [freshRoom(), await batchedRoom()];
    const [live, batched] = [
      await Viewer.join(live_room, "?since=0"),
      await Viewer.join(batched_room, "?since=0"),
    ];
    // Two minutes of the same events in both.
    await load(live_room, 1, 60, 5);
    vi.setSystemTime(Date.now() - 120_000);
    await load(batched_room, 1, 60, 5);
    pass(2_000);
    await ring(batched_room);
    await vi.waitFor(() => expect(batched.seqs).toEqual(upTo(300)));
    await vi.waitFor(() => expect(live.seqs).toEqual(upTo(300)));
    live.expectDense(0);
    batched.expectDense(0);
    expect(live.frames).toHaveLength(60);
    expect(batched.frames).toHaveLength(2);
    expect(batched.bytes).toBeLessThan(live.bytes);
    expect(batched.told).toEqual([
      { mode: "batched", interval_ms: BATCH_INTERVAL_MS, next_in_ms: expect.any(Number) },
    ]);
    expect(live.told).toEqual([]);
  });

  it("[V1] [B3] reaches a viewer of a room that was evicted, without another event or request", async () => {
    const room = await batchedRoom();
    const viewer = await Viewer.join(room, "?since=0");
    for (let n = 1; n <= 3; n += 1) {
      await append(room, events(n * 2 - 1, n * 2));
      await runInDurableObject(room, (instance) => Object.assign(instance, { canary: true }));
      await evictDurableObject(room);
      expect(await runInDurableObject(room, (instance) => "canary" in instance)).toBe(false);
      await settle();
      expect(viewer.seqs).toEqual(upTo(n * 2 - 2));
      pass(BATCH_INTERVAL_MS);
      expect(await ring(room)).toBe(true);
      await vi.waitFor(() => expect(viewer.seqs).toEqual(upTo(n * 2)));
    }
    expect(viewer.frames).toHaveLength(3);
    viewer.expectDense(0);
  });

  it("an alarm for something else sends nothing early, and the wave still comes", async () => {
    const room = await batchedRoom();
    const viewer = await Viewer.join(room, "?since=0");
    await append(room, events(1, 2));
    pass(20_000);
    await runDurableObjectAlarm(room);
    await settle();
    const wave_at = await alarmOf(room);
    await append(room, events(3, 4));
    await evictDurableObject(room);
    pass(20_000);
    await runDurableObjectAlarm(room);
    await settle();
    expect(viewer.frames).toEqual([]);
    expect(await alarmOf(room)).toBe(wave_at);
    pass(20_000);
    expect(await ring(room)).toBe(true);
    await vi.waitFor(() => expect(viewer.seqs).toEqual(upTo(4)));
    expect(viewer.frames).toHaveLength(1);
  });

  it("a viewer that joins gets its snapshot at once, is told, and sees what follows at the next wave", async () => {
    const room = await batchedRoom();
    await append(room, events(1, 3));
    pass(15_000);
    const viewer = await Viewer.join(room);
    await vi.waitFor(() => expect(viewer.messages).toHaveLength(2));
    expect(viewer.messages[0]).toMatchObject({ type: "snapshot", seq: 3 });
    expect(viewer.told).toMatchObject([{ mode: "batched" }]);
    const [told] = viewer.told;
    if (told?.mode !== "batched") throw new Error("it was not told");
    expect(told.next_in_ms).toBeGreaterThan(40_000);
    expect(told.next_in_ms).toBeLessThanOrEqual(45_000);
    await append(room, events(4, 5));
    pass(told.next_in_ms);
    expect(await ring(room)).toBe(true);
    await vi.waitFor(() => expect(viewer.seqs).toEqual([4, 5]));
    viewer.expectDense(3);
  });

  it("[V1] one that resumes gets what earlier waves brought at once", async () => {
    const room = await batchedRoom();
    await append(room, events(1, 3));
    pass(BATCH_INTERVAL_MS);
    await append(room, events(4, 5));
    const viewer = await Viewer.join(room, "?since=1");
    await vi.waitFor(() => expect(viewer.seqs.length).toBeGreaterThanOrEqual(2));
    pass(BATCH_INTERVAL_MS);
    await runDurableObjectAlarm(room);
    await vi.waitFor(() => expect(viewer.seqs).toEqual(upTo(5, 2)));
    viewer.expectDense(1);
  });

  it("[V1] [V2] a wave beyond the window goes on by acknowledgement, in frames no larger than ever", async () => {
    const room = await batchedRoom();
    const viewer = await Viewer.join(room, "?since=0");
    const total = MAX_UNACKED_EVENTS + 1_500;
    for (let n = 0; n < total; n += 700) await append(room, events(n + 1, n + 700));
    pass(BATCH_INTERVAL_MS);
    await ring(room);
    await vi.waitFor(() => expect(viewer.seqs).toEqual(upTo(total)));
    for (const frame of viewer.frames) {
      if (frame.type === "events") expect(frame.to - frame.from).toBeLessThan(MAX_FRAME_EVENTS);
    }
    viewer.expectDense(0);
  });
});

describe("changing it while viewers watch", () => {
  it("[V1] [B2] takes effect on open sockets at once, loses nothing, and twice is once", async () => {
    const room = freshRoom();
    const viewer = await Viewer.join(room, "?since=0");
    await append(room, events(1, 2));
    await append(room, events(3, 4));
    // What live viewers are owed is not held back by the change.
    await room.setDelivery("batched");
    await vi.waitFor(() => expect(viewer.seqs).toEqual(upTo(4)));
    await append(room, events(5, 6));
    const wave_at = await alarmOf(room);
    pass(30_000);
    await room.setDelivery("batched");
    expect(await alarmOf(room)).toBe(wave_at);
    await settle();
    expect(viewer.seqs).toEqual(upTo(4));
    await room.setDelivery("live");
    await vi.waitFor(() => expect(viewer.seqs).toEqual(upTo(6)));
    pass(1_000);
    await append(room, events(7, 8));
    await vi.waitFor(() => expect(viewer.seqs).toEqual(upTo(8)));
    await room.setDelivery("live");
    await settle();
    expect(viewer.told.map(({ mode }) => mode)).toEqual(["batched", "live"]);
    viewer.expectDense(0);
  });

  it("[V1] survives eviction in between, in both directions", async () => {
    const room = freshRoom();
    const viewer = await Viewer.join(room, "?since=0");
    let seq = 0;
    for (const mode of ["batched", "live", "batched", "live"] as const) {
      await room.setDelivery(mode);
      await append(room, events(seq + 1, (seq += 3)));
      await evictDurableObject(room);
      await append(room, events(seq + 1, (seq += 3)));
      pass(BATCH_INTERVAL_MS);
      await ring(room);
      await vi.waitFor(() => expect(viewer.seqs).toEqual(upTo(seq)));
    }
    viewer.expectDense(0);
    expect(viewer.told.map(({ mode }) => mode)).toEqual(["batched", "live", "batched", "live"]);
  });
});
