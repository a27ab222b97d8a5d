/** Looking back: states of the past, the timeline, and the checkpoints under both. */
import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { beforeAll, describe, expect, it } from "vitest";
import type { NewEvent, StoredEvent } from "../../schema/event/event.ts";
import { apply, createState } from "../../schema/state/apply.ts";
import { stateText } from "../../schema/state/encode.ts";
import type { StateResponse, TimelineResponse } from "../../schema/wire/http.ts";
import { surplus } from "../../worker/room/checkpoint.ts";
import { CHECKPOINT_EVERY_EVENTS } from "../../worker/room/limits.ts";
import { append, event, readAll, rest, type RoomStub } from "./prepared.ts";
import { asKey, asPerson, migrate, signUp, type Account } from "./server.ts";
import { env } from "cloudflare:workers";

const START_MS = Date.parse("2026-10-01T00:00:00.000Z");
const EVENTS = 2 * CHECKPOINT_EVERY_EVENTS + 3_210;
const TYPES = ["task_created", "task_started", "tokens_used", "task_blocked", "task_merged", "lock_conflict"];

/** Mulberry32: the seed is printed with a failure. */
function random(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Clocks that run backwards by up to an hour, stand still, and leap over a night. */
function times(count: number, seed: number): number[] {
  const next = random(seed);
  let now_ms = START_MS;
  return Array.from({ length: count }, (_, n) => {
    now_ms += n % 7 === 0 ? 0 : Math.floor(next() * 2_000);
    if (n === Math.floor(count / 2)) now_ms += 8 * 3_600_000;
    return next() < 0.1 ? now_ms - Math.floor(next() * 3_600_000) : now_ms;
  });
}

let account: Account;
let room: RoomStub;
let stored: StoredEvent[];
/** The last seq: the room has said something by itself among its events. */
let head: number;
/** Running maximum of event time, by seq - 1. */
let running: number[];

beforeAll(async () => {
  await migrate();
  account = await signUp("Past");
  room = env.ROOM.get(env.ROOM.idFromName(account.project.id)) as unknown as RoomStub;
  const clock = times(EVENTS, 7);
  for (let from = 0; from < EVENTS; from += 1_000) {
    await append(
      room,
      clock.slice(from, from + 1_000).map((time_ms, i) => {
        const n = from + i;
        const fields: Partial<NewEvent> = {
          timestamp: new Date(time_ms).toISOString(),
          event_type: TYPES[n % TYPES.length] ?? "",
          agent_id: `coder-${n % 9}`,
          task_id: `T-${Math.floor(n / 5) % 400}`,
          feature_id: `f-${Math.floor(n / 500) % 12}`,
          metadata: { title: `é ${n}`, path: `src/${n % 11}.ts` },
        };
        return event(`e${n}`, fields);
      }),
    );
    // Snapshots are written after the replies.
    await scheduler.wait(0);
  }
  await rest(room);
  stored = (await readAll(room)).map((text) => JSON.parse(text) as StoredEvent);
  head = stored.length;
  let max = 0;
  running = stored.map(
    (each) => (max = Math.max(max, Math.min(Date.parse(each.timestamp), Date.parse(each.received_at)))),
  );
}, 60_000);

const folds = new Map<number, string>();
/** The plain fold of a prefix: what every look at the past must equal. */
function foldOf(seq: number): string {
  const known = folds.get(seq);
  if (known !== undefined) return known;
  const state = createState();
  for (const each of stored.slice(0, seq)) apply(state, each);
  const text = stateText(state);
  folds.set(seq, text);
  return text;
}
/** By definition: the last seq before the running maximum passes the time. */
function seqAtTime(time_ms: number): number {
  const passed = running.findIndex((time) => time > time_ms);
  return passed === -1 ? running.length : passed;
}

async function stateAt(at: string | number): Promise<{ seq: number; text: string }> {
  const reply = await asKey(account.keys.read, `/v1/state?at=${encodeURIComponent(String(at))}`);
  expect(reply.status).toBe(200);
  const text = await reply.text();
  const { seq, time } = JSON.parse(text) as StateResponse;
  expect(time).toBe(running[seq - 1] ?? 0);
  return { seq, text: text.slice(text.indexOf('"state":') + '"state":'.length, -1) };
}

async function getTimeline(query = ""): Promise<TimelineResponse> {
  const reply = await asKey(account.keys.read, `/v1/timeline${query}`);
  expect(reply.status).toBe(200);
  return reply.json();
}

describe("GET /v1/state?at=", () => {
  it("equals the fold of the prefix, byte for byte, at random seqs and at every edge", async () => {
    const next = random(11);
    const { checkpoints } = await getTimeline();
    // The control: there are checkpoints to begin at.
    expect(checkpoints.length).toBeGreaterThanOrEqual(2);
    const edges = [0, 1, head - 1, head, ...checkpoints.flatMap((seq) => [seq - 1, seq, seq + 1])];
    const seqs = [...edges, ...Array.from({ length: 5 }, () => Math.floor(next() * head))];
    for (const seq of seqs) {
      const found = await stateAt(seq);
      expect(found.seq).toBe(seq);
      expect(found.text === foldOf(seq), `seed 11, seq ${seq}`).toBe(true);
    }
  });

  it("finds the seq of a time where clocks run backwards, in ms and as RFC 3339", async () => {
    const next = random(13);
    const first = running[0] ?? 0;
    const last = running.at(-1) ?? 0;
    const edges = [first - 1, first, last, last + 1, START_MS + 1, running[head >> 1] ?? 0];
    const wanted = [
      ...edges,
      ...Array.from({ length: 6 }, () => Math.floor(first + next() * (last - first))),
    ];
    for (const [i, time_ms] of wanted.entries()) {
      const found = await stateAt(i % 2 === 0 ? time_ms : new Date(time_ms).toISOString());
      expect(found.seq, `seed 13, time ${time_ms}`).toBe(seqAtTime(time_ms));
      expect(found.text === foldOf(found.seq), `seed 13, time ${time_ms}`).toBe(true);
    }
    expect((await stateAt("2026-10-01T02:00:00+02:00")).seq).toBe(seqAtTime(START_MS));
  });

  it("is the same by session, and after the room slept", async () => {
    const reply = await asPerson(account.cookie, `/api/projects/${account.project.id}/state?at=777`);
    expect((await reply.json<StateResponse>()).seq).toBe(777);
    await evictDurableObject(room);
    expect((await stateAt(head - 5)).text).toBe(foldOf(head - 5));
    expect((await stateAt(running[head - 40] ?? 0)).seq).toBe(seqAtTime(running[head - 40] ?? 0));
  });

  it("folds at most two checkpoints' distance: the pages it reads say so", async () => {
    const { checkpoints } = await getTimeline();
    const all = [0, ...checkpoints, head];
    const widest = Math.max(...all.slice(1).map((seq, i) => seq - (all[i] ?? 0)));
    expect(widest).toBeLessThanOrEqual(2 * CHECKPOINT_EVERY_EVENTS);
  });

  it.each([
    ["-1", "seq"],
    ["1.5", "seq"],
    ["yesterday", "RFC 3339"],
    ["2026-10-01", "RFC 3339"],
    ["", "seq"],
    ["99999999999999999", "seq"],
    ["2026-13-45T00:00:00Z", "RFC 3339"],
    ["24000000", "ends at HEAD"],
  ])("refuses %j with what to do next", async (at, says) => {
    const reply = await asKey(account.keys.read, `/v1/state?at=${encodeURIComponent(at)}`);
    expect(reply.status).toBe(400);
    const { error } = await reply.json<{ error: { code: string; message: string } }>();
    expect(error.code).toBe("invalid_parameter");
    expect(error.message).toContain(says.replace("HEAD", String(head)));
  });
});

describe("GET /v1/timeline", () => {
  it("gives the seq at the end of each bucket, exactly, and every mark once", async () => {
    for (const buckets of [1, 2, 7, 240, 1_000]) {
      const line = await getTimeline(`?buckets=${buckets}`);
      const { from, to } = line;
      expect([line.seq, from, to]).toEqual([head, running[0], running.at(-1)]);
      expect(line.seqs).toHaveLength(buckets);
      const span = (to ?? 0) - (from ?? 0);
      line.seqs.forEach((seq, i) => {
        const edge = i === buckets - 1 ? (to ?? 0) : Math.floor((from ?? 0) + (span * (i + 1)) / buckets);
        expect(seq, `bucket ${i} of ${buckets}`).toBe(seqAtTime(edge));
      });
      const marked = (type: string) => line.marks.filter((mark) => mark.event_type === type);
      for (const type of ["task_blocked", "task_merged", "lock_conflict"]) {
        const wanted = stored.filter((each) => each.event_type === type);
        expect(marked(type).reduce((sum, { count }) => sum + count, 0)).toBe(wanted.length);
      }
      expect(marked("tokens_used")).toEqual([]);
      for (const { bucket, event_type, seq } of line.marks) {
        expect(stored[seq - 1]?.event_type).toBe(event_type);
        expect(seq).toBeLessThanOrEqual(line.seqs[bucket] ?? 0);
        expect(seq).toBeGreaterThan(bucket === 0 ? 0 : (line.seqs[bucket - 1] ?? 0));
      }
    }
  });

  it("is the same after the room slept", async () => {
    const before = await getTimeline();
    await evictDurableObject(room);
    expect(await getTimeline()).toEqual(before);
  });

  it("of an empty log is empty, and its state at 0 is the empty state", async () => {
    const fresh = await signUp("Empty");
    const reply = await asKey(fresh.keys.read, "/v1/timeline");
    expect(await reply.json()).toEqual({
      seq: 0,
      from: null,
      to: null,
      seqs: [],
      marks: [],
      checkpoints: [],
    });
    const state = await (await asKey(fresh.keys.read, "/v1/state?at=0")).json<StateResponse>();
    expect(JSON.stringify(state.state)).toBe(stateText(createState()));
    expect((await asKey(fresh.keys.read, "/v1/state?at=1")).status).toBe(400);
    const past = await (
      await asKey(fresh.keys.read, "/v1/state?at=2020-01-01T00:00:00Z")
    ).json<StateResponse>();
    expect(past.seq).toBe(0);
  });

  it.each(["0", "1001", "many"])("refuses buckets=%s", async (buckets) => {
    expect((await asKey(account.keys.read, `/v1/timeline?buckets=${buckets}`)).status).toBe(400);
  });
});

describe("checkpoints", () => {
  it("are thinned so that gaps stay even: at most 2 · seq / count, and the newest stays", () => {
    let kept: { seq: number; bytes: number }[] = [];
    for (let seq = 10; seq <= 40_000; seq += 10) {
      kept.push({ seq, bytes: 1 });
      const gone = new Set(surplus(kept, 64, 1e9));
      kept = kept.filter((checkpoint) => !gone.has(checkpoint.seq));
      expect(kept.at(-1)?.seq).toBe(seq);
      expect(kept.length).toBeLessThanOrEqual(64);
      const gaps = kept.map((checkpoint, i) => checkpoint.seq - (kept[i - 1]?.seq ?? 0));
      expect(Math.max(...gaps)).toBeLessThanOrEqual(Math.max(10, (2 * seq) / 63));
    }
    expect(
      surplus(
        [
          { seq: 1, bytes: 9 },
          { seq: 2, bytes: 9 },
          { seq: 3, bytes: 9 },
        ],
        64,
        20,
      ),
    ).toEqual([1]);
  });

  it("[P1] hold nothing of what was destroyed, and the past is folded without it", async () => {
    const seq = head - 2_000;
    expect(stored[seq - 1]?.metadata?.title).toContain("é ");
    await room.forget([seq]);
    stored = stored.filter((each) => each.seq !== seq);
    folds.clear();
    const state = createState();
    for (const each of stored) if (each.seq <= seq + 500) apply(state, each);
    expect((await stateAt(seq + 500)).text).toBe(stateText(state));
    const rows = await runInDurableObject(room, (_, { storage }) =>
      storage.sql.exec<{ seq: number }>("SELECT max(seq) AS seq FROM checkpoint").one(),
    );
    // Rebuilding may have left a new one on its way; none may be from before.
    expect(rows.seq).toBeLessThan(seq);
    const line = await getTimeline("?buckets=2");
    // The room noted that it destroyed something.
    expect(line.seqs.at(-1)).toBe(head + 1);
  });
});
