import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { StoredEvent } from "../../../schema/event/event.ts";
import { apply, createState } from "../../../schema/state/apply.ts";
import { encodeState } from "../../../schema/state/encode.ts";
import type { ProjectState } from "../../../schema/state/state.ts";
import type { ServerMessage } from "../../../schema/wire/socket.ts";
import { FeedBuffer, KEPT_EVENTS } from "./buffer.ts";
import { projectFold } from "./project-fold.ts";
import { makeEvent } from "./testing.ts";

/** A log of `count` events; some were withheld from this viewer and leave only their seq. */
const logOf = (count: number, withheld: (seq: number) => boolean = () => false) =>
  Array.from({ length: count }, (_, index) => makeEvent(index + 1)).filter((event) => !withheld(event.seq));

const frame = (log: StoredEvent[], from: number, to: number): ServerMessage => ({
  type: "events",
  from,
  to,
  events: log.filter((event) => event.seq >= from && event.seq <= to),
});

function snapshotAt(log: StoredEvent[], seq: number): ServerMessage {
  const state = createState();
  for (const event of log) if (event.seq <= seq) apply(state, event);
  const wire = encodeState(state);
  return { type: "snapshot", seq, time: state.time, state: structuredClone({ ...wire, seq }) };
}

/** Counts what is folded instead of folding it. */
function recorder() {
  const folded: number[] = [];
  const fold = {
    ...projectFold,
    apply: (state: ProjectState, event: StoredEvent) => {
      folded.push(event.seq);
      projectFold.apply(state, event);
    },
  };
  return { folded, buffer: new FeedBuffer(fold) };
}

describe("FeedBuffer", () => {
  it("[V1] folds frames in order and reports how many events were new", () => {
    const log = logOf(5);
    const { folded, buffer } = recorder();
    expect(buffer.receive(frame(log, 1, 3))).toEqual({ kind: "folded", folded: 3 });
    expect(buffer.receive(frame(log, 4, 5))).toEqual({ kind: "folded", folded: 2 });
    expect(folded).toEqual([1, 2, 3, 4, 5]);
    expect(buffer.seq).toBe(5);
    expect(buffer.since).toBe(5);
  });

  it("[V1] skips the overlap of a repeated frame by seq", () => {
    const log = logOf(6);
    const { folded, buffer } = recorder();
    buffer.receive(frame(log, 1, 4));
    expect(buffer.receive(frame(log, 2, 6))).toEqual({ kind: "folded", folded: 2 });
    expect(buffer.receive(frame(log, 1, 6))).toEqual({ kind: "folded", folded: 0 });
    expect(folded).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it("[V1] reports a gap, folds nothing of it, and asks for what is missing", () => {
    const log = logOf(9);
    const { folded, buffer } = recorder();
    buffer.receive(frame(log, 1, 2));
    expect(buffer.receive(frame(log, 5, 9))).toEqual({ kind: "gap", after: 2, from: 5 });
    expect(folded).toEqual([1, 2]);
    expect(buffer.since).toBe(2);
  });

  it("[V1] a withheld event leaves its seq and is no gap", () => {
    const log = logOf(6, (seq) => seq === 3 || seq === 4);
    const { folded, buffer } = recorder();
    buffer.receive(frame(log, 1, 4));
    expect(buffer.seq).toBe(4);
    expect(buffer.receive(frame(log, 5, 6))).toEqual({ kind: "folded", folded: 2 });
    expect(folded).toEqual([1, 2, 5, 6]);
  });

  it("asks for a snapshot until it knows anything", () => {
    const { buffer } = recorder();
    expect(buffer.since).toBeUndefined();
    expect(buffer.known).toBe(false);
    buffer.receive(snapshotAt([], 0));
    expect(buffer.since).toBe(0);
    expect(buffer.known).toBe(true);
  });

  it("a snapshot that jumps ahead empties the list, so that it has no holes", () => {
    const log = logOf(20);
    const { buffer } = recorder();
    buffer.receive(frame(log, 1, 5));
    expect(buffer.receive({ type: "behind", acked: 5, head: 12 })).toEqual({ kind: "behind", head: 12 });
    buffer.receive(snapshotAt(log, 12));
    expect(buffer.newest()).toEqual([]);
    buffer.receive(frame(log, 13, 20));
    expect(buffer.newest().map((event) => event.seq)).toEqual([13, 14, 15, 16, 17, 18, 19, 20]);
    expect(buffer.state.counters.events).toBe(20);
  });

  it("[V1] an older snapshot changes nothing", () => {
    const log = logOf(8);
    const { folded, buffer } = recorder();
    buffer.receive(frame(log, 1, 8));
    buffer.receive(snapshotAt(log, 3));
    buffer.receive(frame(log, 4, 8));
    expect(folded).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(buffer.state.counters.events).toBe(8);
  });

  it("keeps the newest events only", () => {
    const count = KEPT_EVENTS * 2;
    const log = logOf(count);
    const { buffer } = recorder();
    for (let from = 1; from <= count; from += 100) buffer.receive(frame(log, from, from + 99));
    expect(buffer.newest()).toHaveLength(KEPT_EVENTS);
    expect(buffer.newest()[0]?.seq).toBe(count - KEPT_EVENTS + 1);
    expect(buffer.newest().at(-1)?.seq).toBe(count);
  });

  it("[V1][S2] whatever is cut, repeated, lost or skipped, each seq is folded once, in order, to the room's state", () => {
    const step = fc.oneof(
      {
        weight: 6,
        arbitrary: fc.record({ kind: fc.constant("frame" as const), length: fc.integer({ min: 1, max: 9 }) }),
      },
      {
        weight: 2,
        arbitrary: fc.record({ kind: fc.constant("repeat" as const), back: fc.integer({ min: 1, max: 12 }) }),
      },
      {
        weight: 2,
        arbitrary: fc.record({ kind: fc.constant("lose" as const), length: fc.integer({ min: 1, max: 5 }) }),
      },
      {
        weight: 1,
        arbitrary: fc.record({
          kind: fc.constant("old snapshot" as const),
          back: fc.integer({ min: 1, max: 9 }),
        }),
      },
    );
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.array(step, { maxLength: 60 }),
        fc.func(fc.boolean()),
        (count, steps, withheld) => {
          const log = logOf(count, withheld);
          const { folded, buffer } = recorder();
          // What the server believes to have sent; a lost frame moves it on, a gap brings it back by `since`.
          let sent = 0;
          const send = (from: number, to: number) => {
            if (from > to) return;
            const received = buffer.receive(frame(log, from, to));
            sent = received.kind === "gap" ? (buffer.since ?? 0) : Math.max(sent, to);
          };
          for (const each of steps) {
            if (each.kind === "frame") send(sent + 1, Math.min(count, sent + each.length));
            else if (each.kind === "repeat") send(Math.max(1, sent - each.back), sent);
            else if (each.kind === "lose") sent = Math.min(count, sent + each.length);
            else if (buffer.known) buffer.receive(snapshotAt(log, Math.max(0, buffer.seq - each.back)));
          }
          sent = buffer.since ?? 0;
          send(sent + 1, count);
          expect(folded).toEqual(log.map((event) => event.seq));
          const room = createState();
          for (const event of log) apply(room, event);
          expect(encodeState(buffer.state)).toEqual(encodeState(room));
        },
      ),
    );
  });
});
