import { beforeAll, describe, expect, it } from "vitest";
import type { StoredEvent } from "../../../schema/event/event.ts";
import { apply, createState } from "../../../schema/state/apply.ts";
import { encodeState, stateText } from "../../../schema/state/encode.ts";
import type { WireState } from "../../../schema/state/state.ts";
import { busyEvent } from "../../../schema/state/testing.ts";
import { projectFold } from "../feed/project-fold.ts";
import { MAX_KEYFRAME_ENTRIES, MAX_KEYFRAMES } from "./keyframes.ts";
import { MAX_PAGES, PAGE_EVENTS } from "./pages.ts";
import { Past, type PastReader } from "./past.ts";
import { Seek } from "./seek.ts";

const HEAD = 60_400;
/** Every so many events the texts are kept, which the server would fold. */
const log: StoredEvent[] = [];
/** State at page starts, as the server sends it. */
const served = new Map<number, string>();
/** State at odd places, to compare with. */
const folded = new Map<number, string>();
let random_state = 42;
const random = () => (random_state = (random_state * 1_103_515_245 + 12_345) % 2 ** 31) / 2 ** 31;
const PROBES = Array.from({ length: 60 }, () => 1 + Math.floor(random() * HEAD));

beforeAll(() => {
  const wanted = new Set([...PROBES, HEAD, 1, PAGE_EVENTS, PAGE_EVENTS + 1]);
  const state = createState();
  for (let seq = 1; seq <= HEAD; seq++) {
    // Some events were destroyed: their seqs are empty.
    if (seq % 997 !== 0) {
      const event = busyEvent(seq);
      log.push(event);
      apply(state, event);
    }
    if (seq % PAGE_EVENTS === 0) served.set(seq, stateText(state));
    if (wanted.has(seq)) folded.set(seq, stateText(state));
  }
}, 60_000);

class Server implements PastReader {
  asked: string[] = [];
  failing = false;
  /** Replies wait until they are let go, in any order. */
  held: (() => void)[] | null = null;

  async state(moment: Parameters<PastReader["state"]>[0]) {
    const seq = "seq" in moment ? moment.seq : 0;
    this.asked.push(`state ${String(seq)}`);
    await this.#hold();
    if (this.failing) return failure;
    return { ok: true as const, seq, state: JSON.parse(served.get(seq) ?? "null") as WireState };
  }
  async page(since: number) {
    this.asked.push(`page ${String(since)}`);
    await this.#hold();
    if (this.failing) return failure;
    const events = log.filter((event) => event.seq > since && event.seq <= since + PAGE_EVENTS);
    return { ok: true as const, events, through: Math.min(HEAD, since + PAGE_EVENTS), chars: 1_000 };
  }
  #hold(): Promise<void> {
    return this.held === null ? Promise.resolve() : new Promise((go) => this.held?.push(go));
  }
}
const failure = { ok: false as const, message: "no", request_id: undefined };

function open(server = new Server()) {
  return { server, past: new Past(projectFold, server) };
}
const settled = () => new Promise((done) => setTimeout(done, 0));

describe("the past", () => {
  it("[S2] is the fold from zero, byte for byte, wherever one looks", async () => {
    const { past } = open();
    for (const seq of [...PROBES, HEAD, 1, PAGE_EVENTS, PAGE_EVENTS + 1]) {
      expect(await past.load(seq)).toBeNull();
      const state = past.look(seq);
      expect(state).not.toBeNull();
      if (state !== null) expect(stateText(state)).toBe(folded.get(seq));
    }
  });

  it("[S2] stays so over steps back and on, across the edges of pages", async () => {
    const { past, server } = open();
    await past.load(2_500);
    past.look(2_500);
    await past.load(1_900);
    const texts = new Map<number, string>();
    const state = createState();
    for (const event of log) {
      if (event.seq > 2_100) break;
      apply(state, event);
      if (event.seq >= 1_950) texts.set(event.seq, stateText(state));
    }
    const asked = server.asked.length;
    let seq = 2_050;
    for (let step = 0; step < 300; step++) {
      seq = Math.min(2_100, Math.max(1_950, seq + (random() < 0.6 ? -1 : 1)));
      const found = past.look(seq);
      expect(found).not.toBeNull();
      if (found !== null && texts.has(seq)) expect(stateText(found)).toBe(texts.get(seq));
    }
    expect(server.asked).toHaveLength(asked);
  });

  it("folds few events anew for a step back, wherever in its page", async () => {
    let applied = 0;
    const counting: typeof projectFold = {
      ...projectFold,
      apply: (state, event) => {
        applied++;
        projectFold.apply(state, event);
      },
    };
    const past = new Past(counting, new Server());
    await past.load(30_900);
    past.look(30_900);
    applied = 0;
    const STEPS = 400;
    for (let step = 1; step <= STEPS; step++) expect(past.look(30_900 - step)).not.toBeNull();
    // From the start of the page each, it would be 700 on average.
    expect(applied / STEPS).toBeLessThan(60);
    expect(stateText(past.look(30_500) ?? createState())).toBe(
      stateText(
        await (async () => {
          const other = new Past(projectFold, new Server());
          await other.load(30_500);
          return other.look(30_500) ?? createState();
        })(),
      ),
    );
  });

  it("asks for a page and the state at its start, once, and for no state where it can fold on", async () => {
    const { past, server } = open();
    await Promise.all([past.load(30_100), past.load(30_200)]);
    expect(server.asked.sort()).toEqual(["page 30000", "state 30000"]);
    past.look(30_900);
    server.asked = [];
    await past.load(31_005);
    expect(server.asked).toEqual(["page 31000"]);
    expect(past.look(31_005)).not.toBeNull();
    server.asked = [];
    await past.load(400);
    expect(server.asked).toEqual(["page 0"]);
    expect(past.look(0)?.seq).toBe(0);
  });

  it("keeps no more than its bounds, and still finds the way back", async () => {
    const { past } = open();
    for (let seq = 500; seq < HEAD; seq += PAGE_EVENTS) {
      await past.load(seq);
      expect(past.look(seq)).not.toBeNull();
      expect(past.pages.size).toBeLessThanOrEqual(MAX_PAGES);
      expect(past.frames.size).toBeLessThanOrEqual(MAX_KEYFRAMES);
      expect(past.frames.entries).toBeLessThanOrEqual(MAX_KEYFRAME_ENTRIES);
    }
    expect(past.pages.size).toBe(MAX_PAGES);
    expect(past.frames.size).toBeGreaterThan(5);
    expect(past.frames.size).toBeLessThan(HEAD / PAGE_EVENTS);
    await past.load(PROBES[0] ?? 1);
    expect(stateText(past.look(PROBES[0] ?? 1) ?? createState())).toBe(folded.get(PROBES[0] ?? 1));
  });

  it("lists the events before a moment and none after it", async () => {
    const { past } = open();
    await past.load(2_500);
    await past.load(1_500);
    past.look(2_500);
    const listed = past.newest(2_500);
    expect(listed.at(-1)?.seq).toBe(2_500);
    expect(listed[0]?.seq).toBe(1_001);
    expect(past.next(2_500)?.seq).toBe(2_501);
    expect(past.next(996)).toBeUndefined();
  });

  it("says where the log ends", async () => {
    const { past } = open();
    expect(await past.load(HEAD + 1)).toMatchObject({ message: expect.stringMatching(/ends at 60,400\.$/) });
    expect(past.look(HEAD + 1)).toBeNull();
    expect(await past.load(HEAD)).toBeNull();
  });

  it("shares nothing with what the server sent", async () => {
    const { past } = open();
    await past.load(1_500);
    const state = past.look(1_000);
    expect(state === null ? "" : JSON.stringify(encodeState(state))).toBe(served.get(1_000));
    past.look(1_700);
    expect(stateText(past.look(1_000) ?? createState())).toBe(served.get(1_000));
  });
});

describe("seeking", () => {
  function seeker(server = new Server()) {
    const { past } = open(server);
    const shown: number[] = [];
    const failures: string[] = [];
    const seek: Seek = new Seek(past, {
      show: (state) => shown.push(state.seq),
      failed: ({ message }) => failures.push(message),
    });
    return { seek, shown, failures, server };
  }
  const release = async (server: Server) => {
    for (let turn = 0; turn < 20; turn++) {
      server.held?.splice(0).forEach((go) => go());
      await settled();
    }
  };

  it("never lets a late reply to an older seek win", async () => {
    const { seek, shown, server } = seeker();
    server.held = [];
    seek.to(10_500);
    await settled();
    // These are passed over while the first reply is on its way, and never asked for.
    for (const seq of [20_500, 30_500, 40_500]) seek.to(seq);
    await settled();
    expect(server.asked.sort()).toEqual(["page 10000", "state 10000"]);
    await release(server);
    expect(shown).toEqual([40_500]);
    expect(server.asked.some((text) => text.includes("20000") || text.includes("30000"))).toBe(false);
    // What came late is not lost: going there costs nothing.
    expect(seek.to(10_500)).toBe(true);
  });

  it("shows nothing after the reader returned to the present", async () => {
    const { seek, shown, failures, server } = seeker();
    server.held = [];
    seek.to(10_500);
    await settled();
    seek.stop();
    await release(server);
    expect(shown).toEqual([]);
    expect(failures).toEqual([]);
    seek.to(10_500);
    await release(server);
    expect(shown).toEqual([10_500]);
  });

  it("says what failed, keeps what is shown, and gets there when it is asked again", async () => {
    const { seek, shown, failures, server } = seeker();
    seek.to(5_500);
    await release(server);
    server.failing = true;
    seek.to(50_500);
    await release(server);
    expect(failures).toEqual(["no"]);
    server.failing = false;
    seek.to(50_500);
    await release(server);
    expect(shown).toEqual([5_500, 50_500]);
  });

  it("goes on after a seek to what is here while something else was fetched", async () => {
    const { seek, shown, server } = seeker();
    seek.to(5_500);
    await release(server);
    server.held = [];
    seek.to(50_500);
    await settled();
    seek.to(5_400);
    await release(server);
    seek.to(50_501);
    await release(server);
    expect(shown).toEqual([5_500, 5_400, 50_501]);
  });
});
