import { describe, expect, it } from "vitest";
import type { OutgoingEvent } from "../../schema/event/outgoing.ts";
import { readMoment, readSpan } from "./moment.ts";
import { paceEvents, wallClock, type Clock, type Pace } from "./pace.ts";

const START_MS = Date.UTC(2026, 0, 5, 9);
const at = (seconds: number): OutgoingEvent => ({
  id: `e${seconds}`,
  timestamp: new Date(START_MS + seconds * 1000).toISOString(),
  event_type: "task_started",
  agent_id: "a",
});

/** Time passes only while somebody sleeps. */
function stepClock(now_ms = START_MS, stop_at_ms = Infinity): Clock {
  return {
    now_ms: () => now_ms,
    get stopped() {
      return now_ms >= stop_at_ms;
    },
    sleep: async (ms) => {
      now_ms += ms;
    },
  };
}

/** Seconds of the clock at which each event was handed on, and the pauses as `null`. */
async function play(seconds: readonly number[], pace: Pace, clock: Clock) {
  const began_ms = clock.now_ms();
  const sent: [string, number][] = [];
  let pauses = 0;
  for await (const event of paceEvents(seconds.map(at), pace, clock)) {
    if (event === null) pauses += 1;
    else sent.push([event.id, (clock.now_ms() - began_ms) / 1000]);
  }
  return { sent, pauses };
}

describe("pace", () => {
  it("max waits for nothing", async () => {
    const { sent, pauses } = await play([0, 60, 3600], { speed: "max", rate: null }, stepClock());
    expect([sent.map(([, seconds]) => seconds), pauses]).toEqual([[0, 0, 0], 0]);
  });

  it("60 makes a minute a second, and sends what is gathered before it waits", async () => {
    const { sent, pauses } = await play([0, 60, 60, 3600], { speed: 60, rate: null }, stepClock());
    expect([sent.map(([, seconds]) => seconds), pauses]).toEqual([[0, 1, 1, 60], 2]);
  });

  it("live sends the past at once and the rest when its time has come", async () => {
    const clock = stepClock(START_MS + 100_000);
    const { sent } = await play([0, 99, 130], { speed: "live", rate: null }, clock);
    expect(sent).toEqual([
      ["e0", 0],
      ["e99", 0],
      ["e130", 30],
    ]);
  });

  it("a rate caps it: 500 a second, also after a stall", async () => {
    const clock = stepClock();
    const many = Array.from({ length: 5_000 }, (_, index) => index);
    const { sent, pauses } = await play(many, { speed: "max", rate: 500 }, clock);
    expect(sent.at(-1)?.[1]).toBeCloseTo(10, 0);
    // Gathered by the tick, not one request for each.
    expect(pauses).toBeLessThanOrEqual(101);
    const inFirstSeconds = sent.filter(([, seconds]) => seconds < 2).length;
    expect(inFirstSeconds).toBeLessThanOrEqual(1_100);
  });

  it("ends within a pause when it is stopped", async () => {
    const { sent } = await play(
      [0, 10, 20, 30],
      { speed: 1, rate: null },
      stepClock(START_MS, START_MS + 15_000),
    );
    expect(sent.map(([id]) => id)).toEqual(["e0", "e10"]);
  });

  it("the wall clock's sleep ends with its signal", async () => {
    const stopping = new AbortController();
    const clock = wallClock(stopping.signal);
    const asleep = clock.sleep(600_000);
    stopping.abort();
    await asleep;
    await clock.sleep(600_000);
    expect(clock.stopped).toBe(true);
  });
});

describe("moments", () => {
  it("reads spans, now, and RFC 3339 with an offset", () => {
    expect([readSpan("90m"), readSpan("8h"), readSpan("3d"), readSpan("5"), readSpan("1w")]).toEqual([
      5_400_000,
      28_800_000,
      259_200_000,
      null,
      null,
    ]);
    expect(readMoment("now-2h", START_MS)).toBe(START_MS - 7_200_000);
    expect(readMoment("2026-01-05T10:00:00+01:00", 0)).toBe(START_MS);
    expect(
      ["2026-01-05", "2026-01-05T09:00:00", "tomorrow", "now-", "2026-13-45T09:00:00Z"].map((text) =>
        readMoment(text, 0),
      ),
    ).toEqual([null, null, null, null, null]);
  });
});
