/** The room's stream over real hibernating sockets, in real workerd. */
import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { afterEach, describe, expect, it, vi } from "vitest";
import { CLOSE, type ServerMessage } from "../../schema/wire/socket.ts";
import type { Principal } from "../../worker/room/contract.ts";
import {
  BEHIND_AFTER_MS,
  CLOSE_AFTER_MS,
  FRAME_INTERVAL_MS,
  MAX_FRAME_EVENTS,
  MAX_UNACKED_EVENTS,
  MAX_VIEWERS,
} from "../../worker/room/limits.ts";
import { Publisher } from "../../worker/room/publish.ts";
import type { ProjectRoom } from "../../worker/room/room.ts";
import { PRINCIPAL_HEADER } from "../../worker/room/stream.ts";
import { append, event, events, freshRoom, newKey, own, type RoomStub } from "./prepared.ts";

/** A client that keeps what it gets. */
class Client {
  readonly messages: ServerMessage[] = [];
  readonly texts: string[] = [];
  closed: { code: number; reason: string } | null = null;
  readonly socket: WebSocket;
  readonly auto_ack: boolean;

  constructor(socket: WebSocket, auto_ack: boolean) {
    this.socket = socket;
    this.auto_ack = auto_ack;
    socket.addEventListener("message", ({ data }) => {
      if (data === "pong") return void this.texts.push(data);
      const message = JSON.parse(String(data)) as ServerMessage;
      this.messages.push(message);
      if (this.auto_ack) this.ack();
    });
    socket.addEventListener("close", ({ code, reason }) => {
      this.closed = { code, reason };
    });
    socket.accept();
  }

  ack(seq = this.last): void {
    this.socket.send(JSON.stringify({ type: "ack", seq }));
  }

  /** The highest seq received. */
  get last(): number {
    return Math.max(
      0,
      ...this.messages.map((m) => (m.type === "events" ? m.to : m.type === "snapshot" ? m.seq : 0)),
    );
  }

  get frames() {
    return this.messages.filter((message) => message.type === "events");
  }

  get seqs(): number[] {
    return this.frames.flatMap((frame) => frame.events.map(({ seq }) => seq));
  }

  /** [V1] each frame's `from` is the last one's `to` + 1. */
  expectDense(since: number): void {
    let at = since;
    for (const { from, to } of this.frames) {
      expect(from).toBe(at + 1);
      at = to;
    }
  }
}

async function upgrade(room: RoomStub, query = "", principal: Principal = own, protocol?: string) {
  return room.fetch(`http://room/v1/stream${query}`, {
    headers: {
      upgrade: "websocket",
      [PRINCIPAL_HEADER]: JSON.stringify(principal),
      ...(protocol === undefined ? {} : { "sec-websocket-protocol": protocol }),
    },
  });
}

async function connect(
  room: RoomStub,
  query = "",
  { principal = own, auto_ack = true } = {},
): Promise<Client> {
  const { status, webSocket } = await upgrade(room, query, principal);
  expect(status).toBe(101);
  if (!webSocket) throw new Error("no socket");
  return new Client(webSocket, auto_ack);
}

const upTo = (n: number, from = 1) => Array.from({ length: n - from + 1 }, (_, i) => i + from);
const reached = (client: Client, seq: number) => vi.waitFor(() => expect(client.last).toBe(seq), 5_000);

afterEach(() => {
  vi.useRealTimers();
});

describe("joining", () => {
  it("[V1] without since: one snapshot, then every event after it", async () => {
    const room = freshRoom();
    await append(room, events(1, 3));
    const client = await connect(room);
    await append(room, events(4, 5));
    await reached(client, 5);
    expect(client.messages[0]).toMatchObject({ type: "snapshot", seq: 3, state: { seq: 3 } });
    expect(client.seqs).toEqual([4, 5]);
    client.expectDense(3);
  });

  it("[V1] with since: no gap and no double while events arrive, through several frames of backlog", async () => {
    const room = freshRoom();
    for (let n = 0; n < 4; n += 1) await append(room, events(n * 900 + 1, n * 900 + 900));
    const clients = await Promise.all([17, 1_800, 3_600, 0].map((since) => connect(room, `?since=${since}`)));
    for (let n = 0; n < 20; n += 1) await append(room, events(3_601 + n * 10, 3_610 + n * 10));
    for (const [i, since] of [17, 1_800, 3_600, 0].entries()) {
      const client = clients[i];
      if (!client) throw new Error("no client");
      await reached(client, 3_800);
      expect(client.seqs).toEqual(upTo(3_800, since + 1));
      client.expectDense(since);
      for (const { from, to } of client.frames) expect(to - from).toBeLessThan(MAX_FRAME_EVENTS);
    }
  });

  it("[V1] joining in the middle of commits leaves no gap between the backlog and the live frames", async () => {
    const room = freshRoom();
    const joined: { since: number; client: Promise<Client> }[] = [];
    const commits: Promise<unknown>[] = [];
    for (let n = 0; n < 30; n += 1) {
      commits.push(append(room, events(n * 20 + 1, n * 20 + 20)));
      if (n % 5 === 2) joined.push({ since: n * 7, client: connect(room, `?since=${n * 7}`) });
      if (n % 3 === 0) await commits.at(-1);
    }
    await Promise.all(commits);
    for (const { since, client } of joined) {
      const viewer = await client;
      await reached(viewer, 600);
      const start = viewer.messages[0]?.type === "snapshot" ? viewer.messages[0].seq : since;
      viewer.expectDense(start);
      expect(viewer.seqs).toEqual(upTo(600, start + 1));
    }
  });

  it("[V1] since after the head, as after a restored backup: a snapshot", async () => {
    const room = freshRoom();
    await append(room, events(1, 3));
    const client = await connect(room, "?since=99");
    await reached(client, 3);
    expect(client.messages).toMatchObject([{ type: "snapshot", seq: 3 }]);
  });

  it("[V1] a forgotten event leaves its seq inside from and to", async () => {
    const room = freshRoom();
    await append(room, events(1, 4));
    await room.forget([2, 4]);
    const client = await connect(room, "?since=0");
    await reached(client, 5);
    // The last is what says so.
    expect(client.seqs).toEqual([1, 3, 5]);
    client.expectDense(0);
  });

  it("names the subprotocol when the client offers it, and only then", async () => {
    const room = freshRoom();
    const offered = await upgrade(room, "", own, "clusterfork.v1, bearer.abc");
    expect(offered.headers.get("sec-websocket-protocol")).toBe("clusterfork.v1");
    expect((await upgrade(room)).headers.get("sec-websocket-protocol")).toBeNull();
    expect((await room.fetch("http://room/v1/stream", { headers: { upgrade: "websocket" } })).status).toBe(
      400,
    );
  });

  it("refuses one viewer too many by a close code with a reason", async () => {
    const room = freshRoom();
    // The limit's worth of sockets, opened inside the room: the network would take seconds.
    await runInDurableObject(room, async (instance: ProjectRoom) => {
      const request = () =>
        new Request("http://room/v1/stream?since=0", {
          headers: { upgrade: "websocket", [PRINCIPAL_HEADER]: JSON.stringify(own) },
        });
      for (let n = 0; n < MAX_VIEWERS; n += 1) await instance.fetch(request());
    });
    const client = await connect(room);
    await vi.waitFor(() => expect(client.closed?.code).toBe(CLOSE.full));
    expect(client.closed?.reason).toContain("try again later");
  });
});

describe("frames", () => {
  it("coalesces a burst, and shares one text among all who are at the head", async () => {
    const room = freshRoom();
    const clients = await Promise.all(upTo(5).map(() => connect(room, "?since=0")));
    const began_ms = Date.now();
    for (let n = 1; n <= 40; n += 1) await append(room, [event(`b${n}`)]);
    for (const client of clients) {
      await reached(client, 40);
      expect(client.seqs).toEqual(upTo(40));
      // One frame per interval, whatever this machine's speed; one for the first event and one for the rest.
      const intervals = (Date.now() - began_ms) / FRAME_INTERVAL_MS;
      expect(client.frames.length).toBeLessThanOrEqual(intervals + 2);
    }
    expect(clients[1]?.frames.map(({ from }) => from)).toEqual(clients[0]?.frames.map(({ from }) => from));
  });

  it("[V1] a viewer survives the room's sleep: woken by an event, it goes on where it was", async () => {
    const room = freshRoom();
    // Without acknowledgements: those would write down its place as well.
    const client = await connect(room, "?since=0", { auto_ack: false });
    for (let n = 1; n <= 6; n += 1) {
      await append(room, events(n * 2 - 1, n * 2));
      await reached(client, n * 2);
      await runInDurableObject(room, (instance) => Object.assign(instance, { canary: true }));
      await evictDurableObject(room);
      expect(await runInDurableObject(room, (instance) => "canary" in instance)).toBe(false);
    }
    expect(client.seqs).toEqual(upTo(12));
    client.expectDense(0);
    client.socket.send("ping");
    await vi.waitFor(() => expect(client.texts).toEqual(["pong"]));
  });

  it("[V1] a viewer that lagged when the room fell asleep gets the rest by its next acknowledgement", async () => {
    const room = freshRoom();
    const total = MAX_UNACKED_EVENTS + 1_500;
    for (let n = 0; n < total; n += 500) await append(room, events(n + 1, n + 500));
    const client = await connect(room, "?since=0", { auto_ack: false });
    await reached(client, MAX_UNACKED_EVENTS);
    await evictDurableObject(room);
    client.ack();
    await reached(client, total);
    expect(client.seqs).toEqual(upTo(total));
  });
});

describe("slow viewers", () => {
  it("[V2] one that never acknowledges gets a bounded amount, then a snapshot, then is closed; others miss nothing", async () => {
    const room = freshRoom();
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
    const slow = await connect(room, "?since=0", { auto_ack: false });
    const good = await connect(room, "?since=0");
    const total = MAX_UNACKED_EVENTS * 2;
    for (let n = 0; n < total; n += 500) {
      await append(room, events(n + 1, n + 500));
      vi.setSystemTime(Date.now() + 60);
      await vi.waitFor(() => expect(good.last).toBe(n + 500));
    }
    expect(slow.last).toBe(MAX_UNACKED_EVENTS);
    // The room may sleep meanwhile: the alarm holds the deadline.
    await evictDurableObject(room);

    vi.setSystemTime(Date.now() + BEHIND_AFTER_MS + 1);
    expect(await runDurableObjectAlarm(room)).toBe(true);
    await vi.waitFor(() => expect(slow.messages.at(-1)).toMatchObject({ type: "snapshot", seq: total }));
    expect(slow.messages.at(-2)).toEqual({ type: "behind", acked: 0, head: total });
    await append(room, events(total + 1, total + 500));
    vi.setSystemTime(Date.now() + 60);
    await reached(good, total + 500);
    expect(slow.last).toBe(total);
    expect(slow.closed).toBeNull();

    await evictDurableObject(room);
    vi.setSystemTime(Date.now() + CLOSE_AFTER_MS + 1);
    expect(await runDurableObjectAlarm(room)).toBe(true);
    await vi.waitFor(() => expect(slow.closed?.code).toBe(CLOSE.slow));
    await append(room, [event("last")]);
    await reached(good, total + 501);
    expect(good.seqs).toEqual(upTo(total + 501));
    expect(good.closed).toBeNull();
  });

  it("[V2] one that comes back after the snapshot goes on from there", async () => {
    const room = freshRoom();
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
    const total = MAX_UNACKED_EVENTS + 500;
    for (let n = 0; n < total; n += 500) await append(room, events(n + 1, n + 500));
    const slow = await connect(room, "?since=0", { auto_ack: false });
    await reached(slow, MAX_UNACKED_EVENTS);
    vi.setSystemTime(Date.now() + BEHIND_AFTER_MS + 1);
    await runDurableObjectAlarm(room);
    await reached(slow, total);
    // An acknowledgement that was on its way does not count for the snapshot.
    slow.ack(500);
    await append(room, [event("x")]);
    vi.setSystemTime(Date.now() + 60);
    await append(room, [event("y")]);
    expect(slow.last).toBe(total);
    slow.ack(total);
    await reached(slow, total + 2);
    expect(slow.seqs.slice(-2)).toEqual([total + 1, total + 2]);
    expect(slow.closed).toBeNull();
  });

  it("[V2] large events fill the window by length long before they fill it by count", async () => {
    const room = freshRoom();
    for (let n = 0; n < 10; n += 1) {
      await append(room, events(n * 5 + 1, n * 5 + 5, { metadata: { text: "x".repeat(60_000) } }));
    }
    const slow = await connect(room, "?since=0", { auto_ack: false });
    await vi.waitFor(() => expect(slow.last).toBeGreaterThan(10));
    expect(slow.last).toBeLessThan(25);
    while (slow.last < 50) {
      const before = slow.last;
      slow.ack();
      await vi.waitFor(() => expect(slow.last).toBeGreaterThan(before));
    }
    expect(slow.seqs).toEqual(upTo(50));
  });
});

describe("closing", () => {
  it("[V3][T4] a revoked key's sockets close at once, asleep or not; others stay", async () => {
    const room = freshRoom();
    const key = await newKey(room, "kviewer00000", ["read"]);
    const other = await newKey(room, "kother000000", ["read"]);
    const [revoked, kept, person] = await Promise.all([
      connect(room, "", { principal: key }),
      connect(room, "", { principal: other }),
      connect(room, "", { principal: { kind: "session", user_id: "u1" } }),
    ]);
    await evictDurableObject(room);
    await room.revokeKey(key.key_id);
    await vi.waitFor(() => expect(revoked.closed?.code).toBe(CLOSE.revoked));
    const again = await upgrade(room, "", key);
    expect(again.status).toBe(403);
    expect(await again.json()).toEqual({ ok: false, reason: "revoked_key" });
    await append(room, [event("a")]);
    await reached(kept, 1);
    await reached(person, 1);
    await room.dropUser("u1");
    await vi.waitFor(() => expect(person.closed?.code).toBe(CLOSE.revoked));
    expect(kept.closed).toBeNull();
  });

  it.each([
    ["no JSON", "hello"],
    ["another type", '{"type":"nack","seq":1}'],
    ["a seq that was never sent", '{"type":"ack","seq":99}'],
    ["a seq that is no integer", '{"type":"ack","seq":0.5}'],
    ["a novel", "x".repeat(2_000)],
    ["bytes", new Uint8Array([1, 2, 3])],
  ])("closes with bad_message on %s", async (_, message) => {
    const room = freshRoom();
    const client = await connect(room);
    client.socket.send(message);
    await vi.waitFor(() => expect(client.closed?.code).toBe(CLOSE.bad_message));
  });

  it("[V2] a viewer that leaves without a word costs nobody anything", async () => {
    const room = freshRoom();
    const [gone, stays] = [await connect(room), await connect(room)];
    gone.socket.close();
    await append(room, events(1, 3));
    await reached(stays, 3);
    await vi.waitFor(() => expect(gone.closed).not.toBeNull());
    const sockets = await runInDurableObject(room, (_, ctx) => ctx.getWebSockets().length);
    expect(sockets).toBe(1);
  });

  it.each(["webSocketClose", "webSocketError"] as const)(
    "[V2] on %s a viewer gives its place back at once, also where no event follows",
    async (how) => {
      const room = freshRoom();
      await connect(room);
      const left = vi.spyOn(Publisher.prototype, "left");
      try {
        await runInDurableObject(room, async (instance: ProjectRoom, state) => {
          const [socket] = state.getWebSockets();
          await instance[how](socket!, 1000);
          expect(left.mock.calls).toEqual([[socket]]);
        });
      } finally {
        left.mockRestore();
      }
    },
  );

  it.each([999, 1004, 1005, 1006, 1015, 5000])(
    "a close with %i, which may not be sent, is answered all the same",
    async (code) => {
      const room = freshRoom();
      const client = await connect(room);
      await runInDurableObject(room, async (instance: ProjectRoom, state) => {
        const [socket] = state.getWebSockets();
        await instance.webSocketClose(socket!, code);
      });
      await vi.waitFor(() => expect(client.closed).toMatchObject({ code: 1000 }));
    },
  );
});
