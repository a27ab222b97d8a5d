/** The archive folds its entities in slices, over what a slice names: that must be one fold from zero. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { NewEvent, StoredEvent } from "../../schema/event/event.ts";
import { MAX_DEPENDENCIES, MAX_FILES } from "../../schema/state/limits.ts";
import {
  foldForward,
  mentionedIds,
  relatedIds,
  type Clock,
  type Entities,
  type EntityIds,
} from "../../worker/archive/entities.ts";
import { FOLD_CHUNK_EVENTS } from "../../worker/archive/limits.ts";
import { log, REACHES } from "../sample/reaches.ts";
import { foldWhole, textsOf } from "../sample/whole-fold.ts";
import { hostileLog } from "./hostile-events.ts";

type Kind = keyof Entities;
type Rows = Record<Kind, Map<string, string>>;
const KINDS = ["tasks", "features", "agents"] as const;

/** Rows that are kept as text between slices, as in D1: nothing lives on in memory. */
function drained(events: readonly StoredEvent[], sizes: readonly number[]): Rows {
  const rows: Rows = { tasks: new Map(), features: new Map(), agents: new Map() };
  let clock: Clock = { seq: 0, time: 0 };
  for (let from = 0, nth = 0; from < events.length; nth += 1) {
    const slice = events.slice(from, from + (sizes[nth % sizes.length] ?? 1));
    from += slice.length;
    const entities: Entities = { tasks: new Map(), features: new Map(), agents: new Map() };
    const read = (ids: Partial<EntityIds>) => {
      for (const kind of KINDS) {
        for (const id of ids[kind] ?? []) {
          const text = rows[kind].get(id);
          if (text !== undefined && !entities[kind].has(id)) entities[kind].set(id, JSON.parse(text));
        }
      }
    };
    read(mentionedIds(slice));
    read(relatedIds(entities.tasks.values()));
    for (let at = 0; at < slice.length; at += FOLD_CHUNK_EVENTS) {
      clock = foldForward(entities, slice.slice(at, at + FOLD_CHUNK_EVENTS), clock);
    }
    for (const kind of KINDS) {
      for (const [id, entity] of entities[kind]) rows[kind].set(id, JSON.stringify(entity));
    }
  }
  return rows;
}

function expectSlicesEqualWhole(events: readonly StoredEvent[], sizes: readonly number[]): void {
  const whole = foldWhole(events);
  const rows = drained(events, sizes);
  for (const kind of KINDS) {
    const expected = textsOf(whole[kind]);
    // Ids first: a report of all rows would be unreadable.
    const wrong = Object.keys(expected).filter((id) => rows[kind].get(id) !== expected[id]);
    expect(wrong, kind).toEqual([]);
    expect(rows[kind].size, kind).toBe(Object.keys(expected).length);
  }
}

/** Through JSON, as the room stores it: there is no NaN in a stored event. */
const stored = (log: readonly StoredEvent[]) => JSON.parse(JSON.stringify(log)) as StoredEvent[];

describe("a fold in slices", { timeout: 60_000 }, () => {
  it("[S1] is one fold from zero, whatever the log and however it is cut", () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(hostileLog, sizes, (hostile, cuts) => {
        expectSlicesEqualWhole(stored(hostile), cuts);
      }),
      { numRuns: 400 },
    );
  });

  it.each(REACHES)("reaches %s", (_what, events) => {
    // The control: without that last event the whole would be another.
    const { tasks, features, agents } = foldWhole(events.slice(0, -1));
    const before = JSON.stringify([textsOf(tasks), textsOf(features), textsOf(agents)]);
    const after = foldWhole(events);
    expect(JSON.stringify([textsOf(after.tasks), textsOf(after.features), textsOf(after.agents)])).not.toBe(
      before,
    );
    expectSlicesEqualWhole(events, [1]);
  });

  const T = { task_id: "T" };
  it("makes nothing of what is only named: holders, parents, dependencies, requesters", () => {
    const events = log(
      { event_type: "agent_initialized", agent_id: "far" },
      { event_type: "task_created", task_id: "far-task", feature_id: "far-feature" },
      {
        event_type: "lock_conflict",
        ...T,
        metadata: { path: "a", holder_agent_id: "far", holder_task_id: "far-task" },
      },
      {
        event_type: "task_created",
        ...T,
        metadata: { parent_id: "far-task", dependencies: ["far-task", "nowhere"] },
      },
      {
        event_type: "feature_requested",
        feature_id: "F",
        metadata: { requested_by: "far", parent_id: "far-feature" },
      },
      { event_type: "task_blocked", ...T, metadata: { blocked_by: ["far-task"] } },
      { event_type: "reviewer_approved", ...T, metadata: { reviewer: "far" } },
    );
    const { tasks, agents } = foldWhole(events);
    expect([...tasks.keys()]).toEqual(["far-task", "T"]);
    expect(agents.get("far")?.events).toBe(1);
    expectSlicesEqualWhole(events, [1]);
  });

  it("loses no file and no dependency where the hot state's limits of all lists together would", () => {
    const many = (prefix: string, count: number) => Array.from({ length: count }, (_, i) => `${prefix}${i}`);
    const full = (n: number): Partial<NewEvent> & { event_type: string } => ({
      event_type: "task_created",
      task_id: `T${n}`,
      feature_id: `F${n}`,
      metadata: { files: many("f", MAX_FILES), dependencies: many("d", MAX_DEPENDENCIES) },
    });
    const features = Array.from({ length: 120 }, (_, n) => ({
      event_type: "feature_requested",
      feature_id: `F${n}`,
      metadata: { dependencies: many("d", MAX_DEPENDENCIES) },
    }));
    const moved = Array.from({ length: 120 }, (_, n) => ({
      ...full(n),
      feature_id: `F${(n + 60) % 120}`,
    }));
    const events = log(...features, ...Array.from({ length: 120 }, (_, n) => full(n)), ...moved);
    const whole = foldWhole(events);
    expect(whole.tasks.get("T119")?.files).toHaveLength(MAX_FILES);
    expectSlicesEqualWhole(events, [events.length]);
  });
});
