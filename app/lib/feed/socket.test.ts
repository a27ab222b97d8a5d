import { describe, expect, it } from "vitest";
import { createState } from "../../../schema/state/apply.ts";
import { encodeState } from "../../../schema/state/encode.ts";
import { CLOSE, type ServerMessage } from "../../../schema/wire/socket.ts";
import { RETRY_MAX_MS } from "./backoff.ts";
import { FeedBuffer } from "./buffer.ts";
import { STALE_AFTER_MS } from "./connection.ts";
import { projectFold } from "./project-fold.ts";
import { DEAD_AFTER_MS, FeedSocket, PING_EVERY_MS, type SocketLike } from "./socket.ts";
import { makeEvent, NOON_MS } from "./testing.ts";

/** A room that answers pings, a clock that is turned by hand, and the timers that hang on it. */
function world(answer: "granted" | "denied" | "unknown" = "unknown") {
  let now = NOON_MS;
  let id = 0;
  const timers = new Map<number, { at: number; run: () => void }>();
  const sockets: {
    since: number | undefined;
    sent: string[];
    closed: boolean;
    heard: Parameters<SocketLike["listen"]>[0];
  }[] = [];
  const pongs = { on: true };
  const buffer = new FeedBuffer(projectFold);
  const feed = new FeedSocket(buffer, {
    connect(since) {
      const silent = {
        open: () => undefined,
        message: () => undefined,
        snapshot: () => undefined,
        closed: () => undefined,
      };
      const socket = {
        since,
        sent: [] as string[],
        closed: false,
        heard: silent as Parameters<SocketLike["listen"]>[0],
      };
      sockets.push(socket);
      return {
        send(text) {
          socket.sent.push(text);
          if (text === "ping" && pongs.on) socket.heard.message("pong");
        },
        close: () => (socket.closed = true),
        listen: (heard) => (socket.heard = heard),
      };
    },
    mayRead: () => Promise.resolve(answer),
    now: () => now,
    random: () => 0.5,
    setTimer: (run, delay_ms) => {
      timers.set(++id, { at: now + delay_ms, run });
      return id;
    },
    clearTimer: (timer) => {
      if (typeof timer === "number") timers.delete(timer);
    },
    changed: () => undefined,
  });
  const pass = (ms: number) => {
    const end = now + ms;
    for (;;) {
      const [next] = [...timers].filter(([, timer]) => timer.at <= end).sort(([, a], [, b]) => a.at - b.at);
      if (next === undefined) break;
      timers.delete(next[0]);
      now = next[1].at;
      next[1].run();
    }
    now = end;
  };
  const current = () => {
    const socket = sockets.at(-1);
    if (socket === undefined) throw new Error("no socket was opened");
    return socket;
  };
  const say = (message: ServerMessage) => current().heard.message(JSON.stringify(message));
  const snapshot = (seq: number) => {
    current().heard.open();
    say({ type: "snapshot", seq, time: 0, state: { ...encodeState(createState()), seq } });
  };
  const events = (from: number, to: number) =>
    say({
      type: "events",
      from,
      to,
      events: Array.from({ length: to - from + 1 }, (_, index) => makeEvent(from + index)),
    });
  const acks = () =>
    sockets.flatMap((socket) =>
      socket.sent.filter((text) => text.includes("ack")).map((text) => JSON.parse(text) as unknown),
    );
  return { feed, buffer, sockets, current, pass, snapshot, events, say, acks, pongs, now: () => now, timers };
}

describe("FeedSocket", () => {
  it("is connecting, then live, and empty where there was never an event", () => {
    const full = world();
    expect(full.feed.connection).toEqual({ kind: "connecting" });
    full.snapshot(7);
    expect(full.feed.connection).toMatchObject({ kind: "live", events_per_minute: null });
    const empty = world();
    empty.snapshot(0);
    expect(empty.feed.connection).toEqual({ kind: "empty" });
    empty.events(1, 1);
    expect(empty.feed.connection).toMatchObject({ kind: "live", events_per_minute: 1 });
  });

  it("acknowledges at 500 events and at the next second", () => {
    const { snapshot, events, pass, acks } = world();
    snapshot(0);
    events(1, 10);
    expect(acks()).toEqual([]);
    pass(1_100);
    expect(acks()).toEqual([{ type: "ack", seq: 10 }]);
    events(11, 600);
    expect(acks().at(-1)).toEqual({ type: "ack", seq: 600 });
  });

  it("tells batches from silence, counts down to the next one, and forgets with the connection", () => {
    const { snapshot, say, pass, feed, now } = world();
    snapshot(3);
    const opened = now();
    const delivery = { mode: "batched", interval_ms: 60_000, next_in_ms: 40_000 } as const;
    say({ type: "events", from: 4, to: 3, events: [], delivery });
    expect(feed.connection).toMatchObject({ kind: "live", next_batch_at: opened + 40_000 });
    pass(39_000);
    expect(feed.connection).toMatchObject({ kind: "live", next_batch_at: opened + 40_000 });
    pass(2_000);
    expect(feed.connection).toMatchObject({ kind: "live", next_batch_at: opened + 100_000 });
    say({ type: "events", from: 4, to: 3, events: [], delivery: { mode: "live" } });
    expect(feed.connection).not.toHaveProperty("next_batch_at");
  });

  it("pings every ten seconds and stays live on pongs alone", () => {
    const { snapshot, pass, current, feed } = world();
    snapshot(3);
    pass(65_000);
    expect(current().sent.filter((text) => text === "ping")).toHaveLength(Math.floor(65_000 / PING_EVERY_MS));
    expect(feed.connection.kind).toBe("live");
  });

  it("is stale after twenty silent seconds, and gives the socket up after forty", () => {
    const { snapshot, pass, pongs, feed, sockets } = world();
    snapshot(3);
    pongs.on = false;
    pass(STALE_AFTER_MS - 2_000);
    expect(feed.connection.kind).toBe("live");
    pass(3_000);
    expect(feed.connection).toMatchObject({ kind: "stale" });
    pass(DEAD_AFTER_MS - STALE_AFTER_MS);
    expect(sockets[0]?.closed).toBe(true);
    expect(sockets.length).toBe(2);
  });

  it("is not stale only because its own timers slept", () => {
    const { snapshot, pass, timers, feed } = world();
    snapshot(3);
    const held = [...timers];
    timers.clear();
    pass(3_600_000);
    for (const [id, timer] of held) timers.set(id, timer);
    pass(1_000);
    expect(feed.connection.kind).toBe("live");
  });

  it("[V1] comes back with since, and is live again without a snapshot", () => {
    const { snapshot, events, pass, current, feed, now, buffer } = world();
    snapshot(4);
    events(5, 6);
    const cut_at = now();
    current().heard.closed(1006);
    expect(feed.connection).toEqual({ kind: "disconnected", since: cut_at, retry_at: cut_at + 500 });
    pass(500);
    expect(current().since).toBe(6);
    current().heard.open();
    expect(feed.connection.kind).toBe("live");
    events(6, 9);
    expect(buffer.seq).toBe(9);
    expect(buffer.newest().map((event) => event.seq)).toEqual([5, 6, 7, 8, 9]);
  });

  it("[V1] a gap makes it ask again from where it stands", () => {
    const { snapshot, events, pass, sockets, current } = world();
    snapshot(4);
    events(9, 9);
    expect(sockets[0]?.closed).toBe(true);
    pass(1_000);
    expect(current().since).toBe(4);
  });

  it("what is no message is a broken connection, never an exception", () => {
    const { snapshot, current, pass, sockets } = world();
    snapshot(4);
    current().heard.message("{");
    pass(1_000);
    current().heard.message('{"type":"news"}');
    pass(2_000);
    expect(sockets.length).toBe(3);
    expect(current().since).toBe(4);
  });

  it("a socket that was given up is no longer heard", () => {
    const { snapshot, events, sockets, pass, buffer } = world();
    snapshot(1);
    events(5, 5);
    pass(1_000);
    sockets[0]?.heard.message(JSON.stringify({ type: "events", from: 2, to: 2, events: [makeEvent(2)] }));
    expect(buffer.seq).toBe(1);
  });

  it("waits longer with every failed attempt", () => {
    const { current, pass, sockets, feed, now } = world();
    const waits: number[] = [];
    for (let attempt = 0; attempt < 8; attempt++) {
      current().heard.closed(1006);
      if (feed.connection.kind !== "disconnected") throw new Error("not disconnected");
      waits.push(feed.connection.retry_at - now());
      pass(feed.connection.retry_at - now());
    }
    expect(waits).toEqual([500, 750, 1_500, 3_000, 6_000, 11_250, 11_250, 11_250]);
    expect(sockets.length).toBe(9);
  });

  it.each([CLOSE.revoked, CLOSE.bad_message])("[V3] close code %i ends it for good", (code) => {
    const { snapshot, current, pass, feed, sockets } = world();
    snapshot(4);
    current().heard.closed(code);
    expect(feed.connection).toEqual({ kind: "revoked" });
    pass(60_000);
    expect(sockets.length).toBe(1);
    feed.wake();
    expect(sockets.length).toBe(1);
  });

  it("comes back later to a full room, soon after being slow", () => {
    for (const [code, delay_ms] of [
      [CLOSE.full, RETRY_MAX_MS],
      [CLOSE.slow, 500],
    ] as const) {
      const { snapshot, current, feed, now } = world();
      snapshot(4);
      current().heard.closed(code);
      expect(feed.connection).toMatchObject({ kind: "disconnected", retry_at: now() + delay_ms });
    }
  });

  it("a socket that never opened asks whether access is left", async () => {
    const denied = world("denied");
    denied.current().heard.closed(1006);
    await Promise.resolve();
    expect(denied.feed.connection).toEqual({ kind: "revoked" });
    const unknown = world("unknown");
    unknown.current().heard.closed(1006);
    await Promise.resolve();
    expect(unknown.feed.connection.kind).toBe("disconnected");
  });

  it("wakes at once when the network is back", () => {
    const { snapshot, current, feed, sockets } = world();
    snapshot(4);
    current().heard.closed(1006);
    feed.wake();
    expect(sockets.length).toBe(2);
  });

  it("does nothing once closed", () => {
    const { snapshot, current, feed, pass, sockets, timers } = world();
    snapshot(4);
    feed.close();
    expect(current().closed).toBe(true);
    pass(60_000);
    expect(sockets.length).toBe(1);
    expect(timers.size).toBe(0);
  });

  it("[V1] begins with a state that came beside the socket, and goes on after it", () => {
    const { buffer, feed, current, events } = world();
    const state = { ...encodeState(createState()), seq: 5 };
    current().heard.snapshot({ type: "snapshot", seq: 5, time: 0, state });
    expect(buffer.seq).toBe(5);
    expect(feed.connection.kind).toBe("live");
    current().heard.open();
    events(6, 8);
    expect(buffer.seq).toBe(8);
  });
});
