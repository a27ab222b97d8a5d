/** A defect in a projection: whatever it does to the state, nothing that is stored is denied, and the room goes on. */
import { evictDurableObject } from "cloudflare:test";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Fold } from "../../schema/state/subject.ts";
import type { StoredEvent } from "../../schema/event/event.ts";
import { apply, createState } from "../../schema/state/apply.ts";
import { stateText } from "../../schema/state/encode.ts";
import { ColumnTail } from "../../worker/room/columns.ts";
import { append, event, freshRoom, newKey, readAll, stateOf } from "./prepared.ts";

vi.mock("../../schema/state/decision.ts", () => ({
  foldDecision: ((state, { id, metadata }) => {
    if (metadata?.["fine"] === true) return;
    // Half of the work is done when it fails.
    state.totals.files += 7;
    throw new TypeError(`cannot fold ${id}`);
  }) satisfies Fold,
}));

const decision = (id: string) => event(id, { event_type: "decision_recorded", metadata: { title: "t" } });

afterEach(() => vi.restoreAllMocks());

describe("an event whose fold throws", () => {
  it("[L1] [S1] [S2] is accepted, counted and skipped; the room lives on, and every fold of its log is the same", async () => {
    const told = vi.spyOn(console, "error").mockImplementation(() => undefined);
    const room = freshRoom();
    const admin = await newKey(room, "k1", ["read", "admin"]);
    expect(await append(room, [event("a"), decision("b"), event("c", { task_id: "TASK-2" })])).toMatchObject({
      accepted: 3,
      first_seq: 1,
      last_seq: 3,
    });
    expect(await append(room, [event("d", { task_id: "TASK-3" }), decision("b")])).toMatchObject({
      accepted: 1,
      duplicates: 1,
      last_seq: 4,
    });
    expect(told.mock.calls.filter(([text]) => String(text).startsWith("event 2 could not"))).toHaveLength(1);
    const unfoldable = async () => {
      const reply = await room.readGauges(admin);
      return reply.ok ? reply.room?.unfoldable : reply;
    };
    expect(await unfoldable()).toBe(1);

    const before = await stateOf(room);
    await evictDurableObject(room);
    expect(await stateOf(room)).toBe(before);
    expect(await unfoldable()).toBe(1);
    expect(await append(room, [event("e")])).toMatchObject({ accepted: 1, first_seq: 5 });
    expect(await room.verify()).toMatchObject({ ok: true, seq: 5 });

    // As a browser folds it.
    const mirror = createState();
    for (const text of await readAll(room)) apply(mirror, JSON.parse(text) as StoredEvent);
    expect(await stateOf(room)).toBe(stateText(mirror));
    expect(mirror.totals.files).toBe(7);
    expect([...mirror.open_tasks.keys()]).toEqual(["TASK-1", "TASK-2", "TASK-3"]);
  });

  it("[L1] what cannot be noted beside the log denies nothing either", async () => {
    vi.spyOn(console, "error").mockImplementation(() => undefined);
    vi.spyOn(ColumnTail.prototype, "note").mockImplementation(() => {
      throw new Error("no room for a cell");
    });
    const room = freshRoom();
    expect(await append(room, [event("a"), event("b")])).toMatchObject({ accepted: 2, last_seq: 2 });
    await evictDurableObject(room);
    expect(await append(room, [event("a"), event("c")])).toMatchObject({
      accepted: 1,
      duplicates: 1,
      last_seq: 3,
    });
  });
});
