/** Recorded work of a tracker, from its file to the folded state, without a server. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { mapBeads } from "../../cli/import/beads.ts";
import { readLines } from "../../cli/import/lines.ts";
import { Tally } from "../../cli/import/outgoing.ts";
import type { OutgoingEvent } from "../../schema/event/outgoing.ts";
import type { StoredEvent } from "../../schema/event/event.ts";
import { apply, createState } from "../../schema/state/apply.ts";
import { strict } from "../../schema/state/testing.ts";
import { encodeState } from "../../schema/state/encode.ts";
import { findTask } from "../../schema/state/select.ts";
import type { ProjectState } from "../../schema/state/state.ts";
import { pseudonymWith, sha256Hex } from "../../worker/intake/hash.ts";
import { prepare } from "../../worker/intake/native.ts";
import { createPrice } from "../../worker/intake/price.ts";
import {
  miniatureFile,
  MINIATURE,
  MINIATURE_SKIPPED,
  outcomeIn,
  outcomeOf,
  readRecorded,
  RECORDED,
  RECORDED_IS_HERE,
  RECORDED_UNION,
} from "../sample/beads.ts";

const folder = mkdtempSync(join(tmpdir(), "clusterfork-beads-"));
const miniature = join(folder, "issues.jsonl.gz");
writeFileSync(miniature, miniatureFile());
afterAll(() => rmSync(folder, { recursive: true }));

const IMPORTED_AT = "2026-11-22T12:00:00.000Z";

async function map(path: string): Promise<{ events: OutgoingEvent[]; tally: Tally }> {
  const tally = new Tally();
  return { events: await mapBeads(readLines(path), tally), tally };
}

/** Through the intake, as the server does it; `seq` is the place in the list. */
function store(events: readonly OutgoingEvent[]): StoredEvent[] {
  const batch = prepare(
    events.map((value) => ({ ok: true, value })),
    {
      source: "beads",
      key_id: "k",
      now_ms: Date.parse(IMPORTED_AT),
      sha256: sha256Hex,
      pseudonym: pseudonymWith("a secret of at least thirty-two characters"),
      price: createPrice(),
    },
  );
  expect(batch.results).toEqual([]);
  return batch.prepared.map(({ json }, index) => ({
    ...(JSON.parse(json) as StoredEvent),
    seq: index + 1,
    received_at: IMPORTED_AT,
  }));
}

function fold(events: readonly StoredEvent[]): ProjectState {
  const state = createState();
  for (const event of events) apply(state, event, strict);
  return state;
}
/** A log of the same events in another order. */
const inOrder = (events: readonly StoredEvent[]) =>
  events.map((event, index) => ({ ...event, seq: index + 1 }));

describe("an authored miniature", () => {
  it("becomes tasks and features with the statuses, assignees and edges as recorded", async () => {
    const { events, tally } = await map(miniature);
    expect([...tally.skipped.values()].reduce((sum, times) => sum + times, 0)).toBe(MINIATURE_SKIPPED);
    expect(tally.mapped).toBe(MINIATURE.length);
    expect(outcomeIn(encodeState(fold(store(events))))).toEqual(outcomeOf(MINIATURE));
  });

  it("[L2] gives the same ids, and the same bodies, on a second pass", async () => {
    const [first, second] = [await map(miniature), await map(miniature)];
    expect(second.events).toEqual(first.events);
    expect(new Set(first.events.map(({ id }) => id)).size).toBe(first.events.length);
  });

  it("[S3] stands any order of delivery: nothing throws, and what was closed last stays closed", async () => {
    const stored = store((await map(miniature)).events);
    fc.assert(
      fc.property(fc.shuffledSubarray(stored, { minLength: stored.length }), (shuffled) => {
        expectClosedByClock(fold(inOrder(shuffled)));
      }),
      { numRuns: 300 },
    );
    expectClosedByClock(fold(inOrder(stored.toReversed())));
  });

  it("[S3] gives the same outcome whatever the order of events at one instant", async () => {
    const stored = store((await map(miniature)).events);
    const expected = outcomeOf(MINIATURE);
    const instants = Map.groupBy(stored, ({ timestamp }) => timestamp);
    // Within one issue the order of its history is the sender's word and is kept.
    const mixed = fc
      .tuple(
        ...[...instants.values()].map((group) =>
          fc.shuffledSubarray(bySubject(group), { minLength: bySubject(group).length }),
        ),
      )
      .map((groups) => groups.flat(2));
    fc.assert(
      fc.property(mixed, (events) => {
        expect(outcomeIn(encodeState(fold(inOrder(events))))).toEqual(expected);
      }),
      { numRuns: 100 },
    );
  });
});

const bySubject = (events: StoredEvent[]) => [
  ...Map.groupBy(events, (event) => event.task_id ?? event.feature_id).values(),
];

function expectClosedByClock(state: ProjectState): void {
  for (const { id, status } of MINIATURE.filter(
    (issue) => issue.issue_type !== "epic" && issue.status === "closed",
  ))
    expect([id, findTask(state, id)?.status]).toEqual([id, status === "closed" ? "done" : status]);
  expect(state.counters.events).toBe(state.seq);
}

describe.skipIf(!RECORDED_IS_HERE)("a recorded project", () => {
  it("becomes 495 tasks and 181 features with 377 blocking edges, every status as recorded, or merged where its branch was", async () => {
    const { events, tally } = await map(RECORDED);
    expect(tally.records).toBe(704);
    const outcome = outcomeIn(encodeState(fold(store(events))));
    expect(outcome.tasks).toHaveLength(495);
    expect(outcome.features).toHaveLength(181);
    expect(outcome.edges).toBe(377);
    expect(outcome).toEqual(outcomeOf(readRecorded()));
  });

  it("keeps every status of the whole history, where 227 issues close before they open", async () => {
    const { events, tally } = await map(RECORDED_UNION);
    expect(tally.mapped).toBe(3_790);
    expect([...tally.notes.values()]).toEqual([227]);
    expect(outcomeIn(encodeState(fold(store(events))))).toEqual(outcomeOf(readRecorded(RECORDED_UNION)));
  });

  it("[S3] keeps every closed issue closed when the log arrives backwards", async () => {
    const state = fold(inOrder(store((await map(RECORDED)).events).toReversed()));
    const outcome = outcomeIn(encodeState(state));
    const closed = (list: [string, string, ...unknown[]][]) =>
      list.filter(([, status]) => status === "done" || status === "merged").map(([id]) => id);
    const expected = outcomeOf(readRecorded());
    expect(closed(outcome.tasks)).toEqual(closed(expected.tasks));
    expect(closed(outcome.features)).toEqual(closed(expected.features));
  });
});
