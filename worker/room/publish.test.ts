import { expect, it, vi } from "vitest";
import { CLOSE } from "../../schema/wire/socket.ts";
import {
  BEHIND_AFTER_MS,
  FRAME_INTERVAL_MS,
  MAX_ROOM_UNACKED_LENGTH,
  MAX_SHARED_LAG_EVENTS,
  MAX_SHARED_UNACKED_LENGTH,
  MAX_UNACKED_EVENTS,
  MAX_VIEWERS,
} from "./limits.ts";
import type { Lens } from "../share/lens.ts";
import type { Line } from "./log.ts";
import { Publisher } from "./publish.ts";

/** A socket whose other end may be dead: it remembers what it was sent and has not acknowledged. */
class FakeSocket {
  held_length = 0;
  to = 0;
  closed: number | null = null;
  texts: string[] = [];
  attachment: unknown = null;

  send(text: string): void {
    this.held_length += text.length;
    this.texts.push(text);
    const seq = /^\{"type":"(?:snapshot","seq"|events","from":\d+,"to"):(\d+)/.exec(text)?.[1];
    if (seq !== undefined) this.to = Number(seq);
  }
  close(code: number): void {
    this.closed = code;
  }
  serializeAttachment(value: unknown): void {
    this.attachment = structuredClone(value);
  }
  deserializeAttachment(): unknown {
    return this.attachment;
  }
}
const asSocket = (fake: FakeSocket) => fake as unknown as WebSocket;

/** A room of which only the publisher is real; `tick` commits events and lets one frame's time pass. */
function fakeRoom(snapshot_length: number, sockets: FakeSocket[] = [], redactable = Infinity) {
  const log: Line[] = [];
  let now_ms = 1_000_000;
  let redacted = 0;
  const wakes: number[] = [];
  /** A lens that shows each event as "seen", and may look at so many of them. */
  const lens = { line: () => ((redacted += 1), '"seen"') } as unknown as Lens;
  const publisher = new Publisher({
    sockets: () => sockets.map(asSocket),
    head_seq: () => log.length,
    lines: (after) => log.slice(after),
    received_ms: () => now_ms,
    snapshot: () => `{"type":"snapshot","seq":${log.length},"x":"${"s".repeat(snapshot_length)}"}`,
    shared: {
      lens: (share_id) => (share_id === "gone" ? null : lens),
      affords: (events) => (redactable -= events) >= 0,
      snapshot: () => ({ seq: log.length, text: `{"type":"snapshot","seq":${log.length},"seen":true}` }),
    },
    now_ms: () => now_ms,
    wake_at: (time_ms) => wakes.push(time_ms),
  });
  return {
    publisher,
    redacted: () => redacted,
    wakes,
    now: () => now_ms,
    pass: (ms: number) => (now_ms += ms),
    tick: (count: number, length: number) => {
      const texts = Array.from({ length: count }, () => `"${"x".repeat(length)}"`);
      const first_seq = log.length + 1;
      texts.forEach((text, i) => log.push({ seq: first_seq + i, text }));
      now_ms += FRAME_INTERVAL_MS;
      publisher.committed(first_seq, texts);
    },
  };
}

const sum = (sockets: readonly FakeSocket[]) =>
  sockets.reduce((total, { held_length }) => total + held_length, 0);

it("[V2] as many dead viewers as a room takes hold no more than the room's budget, and one who listens misses nothing", () => {
  const room = fakeRoom(1_000);
  const dead = Array.from({ length: MAX_VIEWERS - 1 }, () => new FakeSocket());
  for (const socket of dead) room.publisher.join(() => asSocket(socket), 0);
  const alive = new FakeSocket();
  room.publisher.join(() => asSocket(alive), 0);
  let seq = 0;
  for (let n = 0; n < 100; n += 1) {
    room.tick(4, 1_000);
    seq += 4;
    // A frame at a time: it may lag behind, as long as its acknowledgements bring the rest.
    while (alive.to < seq) {
      const before = alive.to;
      alive.held_length = 0;
      expect(room.publisher.acked(asSocket(alive), alive.to)).toBe(true);
      expect(alive.to).toBeGreaterThan(before);
    }
    alive.held_length = 0;
    room.publisher.acked(asSocket(alive), alive.to);
  }
  expect(alive.to).toBe(400);
  expect(sum(dead)).toBeLessThanOrEqual(MAX_ROOM_UNACKED_LENGTH);
  // The control: there was more to send than the budget, and much of it was used.
  expect(sum(dead)).toBeGreaterThan(MAX_ROOM_UNACKED_LENGTH / 2 - MAX_ROOM_UNACKED_LENGTH / 16);
});

it("[V2] in an overload dead viewers delay nobody who acknowledges once a second, and hold no more", () => {
  const room = fakeRoom(1_000);
  const dead = Array.from({ length: 60 }, () => new FakeSocket());
  const alive = Array.from({ length: 10 }, () => new FakeSocket());
  for (const socket of [...dead, ...alive]) room.publisher.join(() => asSocket(socket), 0);
  // They were there before, and had time to say so.
  room.tick(1, 10);
  for (const socket of alive) room.publisher.acked(asSocket(socket), 1);
  // 25 KB twenty times a second, until the first dead ones would be told that they are behind.
  const frames_per_second = 1_000 / FRAME_INTERVAL_MS;
  for (let seq = 2; seq <= (BEHIND_AFTER_MS / 1_000) * frames_per_second; seq += 1) {
    room.tick(1, 25_000);
    expect(alive.map(({ to }) => to)).toEqual(alive.map(() => seq));
    for (const [n, socket] of alive.entries())
      if ((seq + 2 * n) % frames_per_second === 0) room.publisher.acked(asSocket(socket), seq);
  }
  // The control: the dead had filled the common half, and were left behind.
  expect(sum(dead)).toBeGreaterThan(MAX_ROOM_UNACKED_LENGTH / 2 - MAX_ROOM_UNACKED_LENGTH / 16);
  expect(sum(dead)).toBeLessThan((MAX_ROOM_UNACKED_LENGTH * 3) / 4);
});

it("[V2] [B3] the room is woken for who waits, and asked to be once between two frames", () => {
  const room = fakeRoom(10);
  const sockets = Array.from({ length: 3 }, () => new FakeSocket());
  for (const socket of sockets) room.publisher.join(() => asSocket(socket), 0);
  room.tick(3 * MAX_UNACKED_EVENTS, 1);
  const first_ms = room.now() + BEHIND_AFTER_MS;
  expect(room.wakes).toEqual([first_ms]);
  // Each acknowledges a part, gets as much, and waits again: it is owed nothing sooner.
  room.pass(1);
  for (const socket of sockets) room.publisher.acked(asSocket(socket), socket.to / 2);
  expect(sockets.map(({ to }) => to)).toEqual(sockets.map(() => 1.5 * MAX_UNACKED_EVENTS));
  expect(room.wakes).toEqual([first_ms]);
  // The alarm: whoever waits still is asked for anew, though it came early.
  room.pass(BEHIND_AFTER_MS / 2);
  room.publisher.publish();
  expect(room.wakes).toEqual([first_ms, first_ms + 1]);
});

it("[V2] snapshots count: who does not fit is told to come later, and comes in when others have acknowledged", () => {
  const room = fakeRoom(MAX_ROOM_UNACKED_LENGTH / 4);
  const sockets = Array.from({ length: 4 }, () => new FakeSocket());
  const joined = sockets.map((socket) => room.publisher.join(() => asSocket(socket), null));
  expect(joined).toEqual([true, true, true, false]);
  const [first] = sockets;
  if (first === undefined) throw new Error("no socket");
  room.publisher.acked(asSocket(first), 0);
  const late = new FakeSocket();
  expect(room.publisher.join(() => asSocket(late), null)).toBe(true);
  expect(room.publisher.size).toBe(4);
});

it("[V2] a state longer than the budget still reaches one viewer at a time", () => {
  const room = fakeRoom(MAX_ROOM_UNACKED_LENGTH + 1);
  const [one, two] = [new FakeSocket(), new FakeSocket()];
  expect(room.publisher.join(() => asSocket(one), null)).toBe(true);
  expect(room.publisher.join(() => asSocket(two), null)).toBe(false);
});

it("[V2] what sleeping viewers hold is counted again when the room wakes", () => {
  const before = fakeRoom(MAX_ROOM_UNACKED_LENGTH / 2);
  const sleeper = new FakeSocket();
  before.publisher.join(() => asSocket(sleeper), null);
  const woken = fakeRoom(MAX_ROOM_UNACKED_LENGTH / 2, [sleeper]);
  const late = new FakeSocket();
  expect(woken.publisher.join(() => asSocket(late), null)).toBe(false);
});

it("[V2] a dead viewer for whose snapshot there is no room is closed as slow", () => {
  const room = fakeRoom((MAX_ROOM_UNACKED_LENGTH * 3) / 4);
  const dead = new FakeSocket();
  room.publisher.join(() => asSocket(dead), null);
  room.tick(1, 1_000);
  room.pass(BEHIND_AFTER_MS);
  room.tick(1, 1_000);
  expect(dead.closed).toBe(CLOSE.slow);
});

const link = { share_id: "a link", until_ms: null };

it("[V2] an event is redacted once per link, not per viewer, and the team is sent it first", () => {
  const order: FakeSocket[] = [];
  class Noting extends FakeSocket {
    override send(text: string): void {
      order.push(this);
      super.send(text);
    }
  }
  const room = fakeRoom(10);
  const visitors = Array.from({ length: 20 }, () => new Noting());
  for (const visitor of visitors) room.publisher.join(() => asSocket(visitor), 0, link);
  const member = new Noting();
  room.publisher.join(() => asSocket(member), 0);
  room.tick(100, 10);
  expect(room.redacted()).toBe(100);
  expect(order[0]).toBe(member);
  expect(order).toHaveLength(21);
  expect(member.texts.join()).not.toContain("seen");
  for (const { texts, to } of visitors) {
    expect(to).toBe(100);
    expect(texts.join()).not.toContain("xxx");
  }
});

it("[V2] what cannot be redacted in time waits; the team does not", () => {
  const room = fakeRoom(10, [], 250);
  const [visitor, member] = [new FakeSocket(), new FakeSocket()];
  room.publisher.join(() => asSocket(visitor), 0, link);
  room.publisher.join(() => asSocket(member), 0);
  for (let n = 0; n < 5; n += 1) room.tick(100, 10);
  expect([visitor.to, member.to]).toEqual([200, 500]);
});

it("[V1] a viewer of a link that is far behind starts again from a state, not from the log", () => {
  const room = fakeRoom(10);
  room.tick(MAX_SHARED_LAG_EVENTS + 1, 1);
  const visitor = new FakeSocket();
  room.publisher.join(() => asSocket(visitor), 0, link);
  expect(room.redacted()).toBe(0);
  expect(visitor.texts.map((text) => (JSON.parse(text) as { type: string }).type)).toEqual([
    "behind",
    "snapshot",
  ]);
  expect(visitor.texts.join()).toContain("seen");
});

it("[T2] a viewer stays one of its link when it falls behind and when the room wakes", () => {
  const before = fakeRoom(10);
  const visitor = new FakeSocket();
  before.publisher.join(() => asSocket(visitor), 0, link);
  before.tick(1, 1);
  before.publisher.restart();
  const woken = fakeRoom(10, [visitor]);
  expect(woken.publisher.shared_size).toBe(1);
  woken.tick(1, 1);
  woken.publisher.restart();
  woken.publisher.acked(asSocket(visitor), 1);
  woken.tick(3, 1);
  expect(visitor.texts.join()).not.toContain('"x"');
  expect(visitor.to).toBe(4);
});

it("[V3] a link that is gone, or over, is sent nothing more", () => {
  const room = fakeRoom(10);
  const [revoked, expired] = [new FakeSocket(), new FakeSocket()];
  room.tick(1, 1);
  room.publisher.join(() => asSocket(revoked), 0, { share_id: "gone", until_ms: null });
  room.publisher.join(() => asSocket(expired), 1, { share_id: "a link", until_ms: 1_000_000 + 60_000 });
  room.pass(60_000);
  room.tick(1, 1);
  expect([revoked.closed, expired.closed]).toEqual([CLOSE.revoked, CLOSE.revoked]);
  expect([revoked.texts, expired.texts]).toEqual([[], []]);
});

it("[V2] the viewers of links have a budget of their own", () => {
  const room = fakeRoom(10);
  const dead = Array.from({ length: 200 }, () => new FakeSocket());
  for (const socket of dead) room.publisher.join(() => asSocket(socket), 0, link);
  const member = new FakeSocket();
  room.publisher.join(() => asSocket(member), 0);
  for (let n = 0; n < 50; n += 1) {
    room.tick(500, 1);
    room.publisher.acked(asSocket(member), member.to);
  }
  expect(member.to).toBe(25_000);
  expect(sum(dead)).toBeLessThanOrEqual(MAX_SHARED_UNACKED_LENGTH);
});

it("[V2] who finds no room is never taken by the room, and a socket whose line is gone leaves at the next frame", () => {
  const room = fakeRoom(MAX_ROOM_UNACKED_LENGTH + 1);
  const [one, late] = [new FakeSocket(), new FakeSocket()];
  room.publisher.join(() => asSocket(one), null);
  let taken = false;
  const accept = () => {
    taken = true;
    return asSocket(late);
  };
  expect(room.publisher.join(accept, null)).toBe(false);
  expect(taken).toBe(false);
  one.send = () => {
    throw new Error("the line is gone");
  };
  room.publisher.acked(asSocket(one), 0);
  room.tick(1, 10);
  expect(room.publisher.size).toBe(0);
  // What it held is free again.
  expect(room.publisher.join(accept, null)).toBe(true);
});

it("[V2] a room so busy that no timer comes sends its frames with its commits", () => {
  vi.useFakeTimers();
  try {
    const room = fakeRoom(0);
    const socket = new FakeSocket();
    room.publisher.join(() => asSocket(socket), 0);
    room.tick(1, 10);
    // Half a frame's time later: too soon, so a timer is set, which never comes.
    room.pass(-FRAME_INTERVAL_MS / 2);
    room.tick(1, 10);
    expect(socket.to).toBe(1);
    room.tick(1, 10);
    expect(socket.to).toBe(3);
  } finally {
    vi.useRealTimers();
  }
});
