import { describe, expect, it } from "vitest";
import type { Json, StoredEvent } from "../event/event.ts";
import { fileMark, MAX_FILE_MARK } from "../event/file-mark.ts";
import { redactEvent } from "../event/view.ts";
import { apply, createState } from "./apply.ts";
import { encodeState, stateText } from "./encode.ts";
import { MAX_FEATURE_FILES } from "./limits.ts";
import { withFeaturePast } from "./past.ts";
import { redactState } from "./redact.ts";
import type { Feature } from "./entity/feature.ts";
import { strict } from "./testing.ts";

interface Told {
  type: string;
  task_id?: string;
  feature_id?: string;
  metadata?: { [key: string]: Json };
  metrics?: { [key: string]: number };
}

function log(told: readonly Told[]): StoredEvent[] {
  return told.map(({ type, ...fields }, index) => {
    const time = new Date(Date.UTC(2026, 10, 22) + index * 1_000).toISOString();
    return {
      ...{ seq: index + 1, id: `e${index}`, timestamp: time, received_at: time, event_type: type },
      ...{ agent_id: "coder-a", source: "api", key_id: "k", v: 1 },
      ...fields,
    };
  });
}

const files = (count: number, from = 0) => Array.from({ length: count }, (_, n) => `src/${from + n}.ts`);
const named = (task_id: string, names: string[]): Told => ({
  type: "task_progress",
  task_id,
  feature_id: "F",
  metadata: { files: names },
});

function featureOf(told: Told[]): Feature {
  const state = createState();
  for (const event of log(told)) apply(state, event, strict);
  const feature = state.open_features.get("F") ?? state.closed_features.get("F");
  if (feature === undefined) throw new Error("the feature was named");
  return feature;
}
const counted = (told: Told[]) => {
  const { file_count, file_count_is_least } = featureOf(told);
  return [file_count, file_count_is_least];
};

describe("[M1] the files of a feature", () => {
  it("are unknown while nobody names any", () => {
    expect(counted([named("A", [])])).toEqual([null, false]);
  });

  it("are counted once, whoever touches them", () => {
    expect(counted([named("A", files(4)), named("B", files(4)), named("C", files(3, 2))])).toEqual([
      5,
      false,
    ]);
  });

  it("are at least so many where more are named than are told apart, in any order", () => {
    const told = [
      named("A", files(40)),
      named("B", files(40, 30)),
      named("C", files(40, 60)),
      named("D", files(3)),
    ];
    expect(counted(told)).toEqual([MAX_FEATURE_FILES + 1, true]);
    expect(counted(told.toReversed())).toEqual([MAX_FEATURE_FILES + 1, true]);
    expect(counted([named("A", files(MAX_FEATURE_FILES)), named("B", files(2))])).toEqual([
      MAX_FEATURE_FILES,
      false,
    ]);
  });

  it("are at least as many as one task counts without naming them", () => {
    const done: Told = {
      type: "task_completed",
      task_id: "A",
      feature_id: "F",
      metadata: { files: files(2) },
      metrics: { files_changed: 12 },
    };
    expect(counted([done, { ...done, task_id: "B", metrics: { files_changed: 9 } }])).toEqual([12, true]);
  });

  it("are as many as is told of itself, where that is more", () => {
    const merged: Told = { type: "feature_merged", feature_id: "F", metrics: { files_changed: 8 } };
    expect(counted([named("A", files(6)), merged])).toEqual([8, false]);
    expect(counted([named("A", files(9)), merged])).toEqual([9, false]);
  });

  it("come along with a task that learns its feature, as a number", () => {
    const before: Told = { type: "task_created", task_id: "A", metadata: { files: files(3) } };
    const linked: Told = { type: "task_started", task_id: "A", feature_id: "F" };
    expect(counted([before, linked, named("B", files(2))])).toEqual([3, true]);
  });

  it("are told of an old row of the archive as it counted them", () => {
    const { file_count_is_least: _least, past: _past, ...row } = featureOf([named("A", files(3))]);
    const { file_count, file_count_is_least, past } = withFeaturePast(row);
    expect([file_count, file_count_is_least, past.files]).toEqual([3, false, []]);
  });
});

describe("a file's mark", () => {
  it("is a whole number of 48 bits, and another one for another name", () => {
    const names = [...files(20_000), "", "a", "b", "ab", "ba", "\ud800", "ä".repeat(1_000)];
    const marks = names.map(fileMark);
    expect(new Set(marks).size).toBe(names.length);
    for (const mark of marks) {
      expect(Number.isSafeInteger(mark)).toBe(true);
      expect(mark).toBeGreaterThanOrEqual(0);
      expect(mark).toBeLessThanOrEqual(MAX_FILE_MARK);
    }
  });

  it("[S2] is another one in a view that hides names, where it counts alike", () => {
    const policy = { cost: false, name: true, title: false, text: false };
    const alias = (name: string) => `anon ${name.length} ${[...name].reverse().join("")}`;
    const whole = createState();
    const viewed = createState();
    const [first, ...later] = log([
      named("A", files(3)),
      named("B", [...files(3, 1), "clusterfork:x"]),
      named("C", ["", "a"]),
    ]);
    for (const event of [first, ...later]) {
      if (event === undefined) continue;
      apply(whole, event, strict);
      apply(viewed, redactEvent(event, policy, alias), strict);
    }
    expect(stateText(viewed)).toBe(JSON.stringify(redactState(encodeState(whole), policy, alias)));
    const [feature, hidden] = [whole.open_features.get("F"), viewed.open_features.get("F")];
    expect([feature?.file_count, hidden?.file_count]).toEqual([7, 7]);
    expect(hidden?.past.files.some((mark) => feature?.past.files.includes(mark))).toBe(false);
  });
});
