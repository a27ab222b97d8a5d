import { describe, expect, it } from "vitest";
import { apply } from "../../../schema/state/apply.ts";
import { makeEvent } from "../feed/testing.ts";
import { signature, taskKey } from "./model.ts";
import { Painter } from "./picture.ts";
import { created, happened, stateOf } from "./testing.ts";

const FEATURE = { kind: "feature", id: "f" } as const;
const sentence = (phrases: { text: string }[]) => phrases.map((phrase) => phrase.text).join("");

describe("Painter", () => {
  it("draws the tasks of the feature, and what they wait for outside of it", () => {
    const state = stateOf(
      created("f.1"),
      created("f.2", ["f.1", "g.1", "ghost", "f"]),
      created("g.1", [], "g"),
      created("h.1", [], "h"),
    );
    const { model, counts } = new Painter().paint(state, FEATURE);
    expect(model.nodes.map((node) => node.key)).toEqual(["task:f.1", "task:f.2", "task:g.1"]);
    expect(model.edges).toEqual([
      { from: "task:f.1", to: "task:f.2" },
      { from: "task:g.1", to: "task:f.2" },
    ]);
    expect(counts.total).toBe(2);
  });

  it("makes a feature a node where a dependency names one", () => {
    const state = stateOf(
      {
        event_type: "feature_requested",
        task_id: undefined,
        feature_id: "epic",
        metadata: { title: "The epic" },
      },
      created("f.1", ["epic"]),
    );
    const { model, cards } = new Painter().paint(state, FEATURE);
    expect(model.nodes[1]).toEqual({ key: "feature:epic", kind: "feature", id: "epic", size: "medium" });
    expect(cards.get("feature:epic")).toMatchObject({ title: "The epic", status: "Requested" });
  });

  it("a task may be called anything", () => {
    const state = stateOf(created("__proto__", ["constructor"]), created("constructor", ["__proto__"]));
    const { model, cards } = new Painter().paint(state, { kind: "all" });
    expect(model.nodes).toHaveLength(2);
    expect(cards.size).toBe(2);
  });

  it("draws again only what changed", () => {
    const state = stateOf(created("f.1"), created("f.2"));
    const painter = new Painter();
    const before = painter.paint(state, FEATURE);
    apply(state, makeEvent(3, happened("task_started", "f.1")));
    const after = painter.paint(state, FEATURE);
    expect(after.cards.get(taskKey("f.2"))).toBe(before.cards.get(taskKey("f.2")));
    expect(after.cards.get(taskKey("f.1"))).not.toBe(before.cards.get(taskKey("f.1")));
  });

  it("the signature follows ids, edges and sizes, not words or progress", () => {
    const state = stateOf(created("f.1"), created("f.2", ["f.1"]), happened("task_started", "f.1"));
    const sign = () => signature(new Painter().paint(state, FEATURE).model);
    const before = sign();
    apply(state, makeEvent(4, happened("task_progress", "f.1", "nux", { progress: 0.5 })));
    expect(sign()).toBe(before);
    apply(state, makeEvent(5, happened("task_completed", "f.1")));
    expect(sign()).not.toBe(before);
  });

  it("joins holder and waiter of a lock", () => {
    const state = stateOf(
      created("f.1"),
      created("f.2"),
      happened("task_started", "f.1", "rictus"),
      happened("file_locked", "f.1", "rictus", { path: "a.go" }),
      happened("task_started", "f.2", "capable"),
      happened("lock_conflict", "f.2", "capable", { path: "a.go" }),
    );
    const picture = new Painter().paint(state, FEATURE);
    expect(picture.locks).toEqual([{ holder: "task:f.1", waiter: "task:f.2" }]);
    expect(picture.cards.get(taskKey("f.2"))).toMatchObject({ note: "waits on rictus", short_id: "2" });
    expect(picture.headline.find((phrase) => phrase.task === "f.2")?.text).toBe(
      "2 waits on a lock held by rictus",
    );
    expect([picture.locks_held, picture.conflicts]).toEqual([1, 1]);
  });
});

describe("headline", () => {
  const painted = (...events: Parameters<typeof stateOf>) =>
    sentence(new Painter().paint(stateOf(...events), FEATURE).headline);

  it("answers in one sentence", () => {
    expect(
      painted(
        created("f.1"),
        created("f.2"),
        created("f.3"),
        happened("task_completed", "f.1"),
        happened("task_started", "f.2", "slit"),
        happened("task_failed", "f.2", "slit"),
        happened("task_started", "f.2", "slit"),
        happened("task_failed", "f.2", "slit"),
        happened("task_started", "f.3"),
      ),
    ).toBe("1 of 3 done. 1 in progress. 2 failed twice.");
  });
  it("says so when nothing happens, when all is done, and when there is nothing", () => {
    expect(painted(created("f.1"), created("f.2"))).toBe("0 of 2 done. 2 pending, nobody at work.");
    expect(
      painted(
        created("f.1"),
        created("f.2"),
        happened("task_completed", "f.1"),
        happened("task_merged", "f.2"),
      ),
    ).toBe("All 2 tasks are done.");
    expect(painted()).toBe("No tasks yet.");
  });
  it("counts where names would be too many", () => {
    const ids = ["f.1", "f.2", "f.3"];
    expect(painted(...ids.map((id) => created(id)), ...ids.map((id) => happened("task_failed", id)))).toBe(
      "0 of 3 done. 3 failed.",
    );
  });
});
