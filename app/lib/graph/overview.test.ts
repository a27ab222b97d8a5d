import { describe, expect, it } from "vitest";
import { apply } from "../../../schema/state/apply.ts";
import { MAX_CLOSED_TASKS } from "../../../schema/state/limits.ts";
import { makeEvent } from "../feed/testing.ts";
import { SILENT_AFTER_MS, capacityByRole } from "./capacity.ts";
import { UNASSIGNED, featureRows, keepRows, overviewHeadline } from "./overview.ts";
import { tasksIn } from "./scope.ts";
import { created, happened, stateOf } from "./testing.ts";
import { triage } from "./triage.ts";

const feature = (id: string, event_type = "feature_requested") => ({
  event_type,
  task_id: undefined,
  feature_id: id,
  metadata: { title: id },
});

it("draws only those features again of which something else is said", () => {
  const state = stateOf(created("a", [], "one"), created("b", [], "two"));
  const before = featureRows(state);
  const same = keepRows(before, featureRows(state));
  expect(same.every((row, index) => row === before[index])).toBe(true);
  apply(state, makeEvent(3, { event_type: "task_started", task_id: "a", feature_id: "one" }));
  const after = keepRows(before, featureRows(state));
  expect(after.map((row) => [row.id, before.includes(row)])).toEqual([
    ["one", false],
    ["two", true],
  ]);
});

describe("featureRows", () => {
  it("puts trouble first, closed features last, and tasks without a feature among them", () => {
    const state = stateOf(
      feature("calm"),
      feature("closed"),
      feature("trouble"),
      created("t1", [], "trouble"),
      created("c1", [], "calm"),
      { event_type: "task_created", task_id: "loose" },
      feature("closed", "feature_completed"),
      happened("task_started", "t1"),
      happened("task_failed", "t1"),
    );
    const rows = featureRows(state);
    expect(rows.map((row) => row.id)).toEqual(["trouble", "calm", null, "closed"]);
    expect(rows[2]).toMatchObject({ title: UNASSIGNED, unassigned: { events: 1 } });
    expect(rows[0]?.counts).toMatchObject({ failed: 1, total: 1 });
    expect(overviewHeadline(rows, state.counters)[0]?.text).toBe(
      "0 of 3 tasks done, 2 of 3 features open. 1 failed.",
    );
  });
  it("keeps each row in its place while work goes on, and moves it with its status", () => {
    const state = stateOf(
      ...["one", "two", "three"].map((id) => created(`t-${id}`, [], id)),
      ...["one", "two", "three"].map((id) => ({ ...happened("task_started", `t-${id}`), feature_id: id })),
    );
    const order = () => featureRows(state).map(({ id }) => id);
    const before = order();
    let seq = state.seq;
    for (const id of ["one", "three", "two", "one"])
      apply(state, makeEvent(++seq, { event_type: "task_progress", task_id: `t-${id}`, feature_id: id }));
    expect(order()).toEqual(before);
    apply(state, makeEvent(seq + 1, { event_type: "task_failed", task_id: "t-one", feature_id: "one" }));
    expect(order()[0]).toBe("one");
  });
  it("[M2] shows events and tokens without a feature as unassigned, also where there is no such task", () => {
    const call = { event_type: "tokens_used", task_id: undefined, metrics: { output_tokens: 7 } };
    const rows = featureRows(stateOf(feature("F"), { ...call, feature_id: "F" }, call, call));
    expect(rows.map((row) => [row.id, row.title, row.counts.total])).toEqual([
      ["F", "F", 0],
      [null, UNASSIGNED, 0],
    ]);
    expect(rows.find(({ id }) => id === null)?.unassigned).toMatchObject({
      events: 2,
      usage: { calls: 2, output_tokens: 14 },
    });
    expect(featureRows(stateOf(feature("F"))).map(({ id }) => id)).toEqual(["F"]);
  });
  it("says what left the live state, lest its bounds look like totals", () => {
    const state = stateOf(
      ...Array.from({ length: MAX_CLOSED_TASKS + 2 }, (_, n) => [
        created(`t${String(n)}`),
        happened("task_completed", `t${String(n)}`),
      ]).flat(),
      created("open"),
    );
    expect(overviewHeadline(featureRows(state), state.counters)[0]?.text).toBe(
      "2,250 of 2,251 tasks done, 1 of 1 features open. Not counted: 2 tasks too old for this view.",
    );
  });
});

describe("triage", () => {
  it("sorts by what a person has to do", () => {
    const state = stateOf(
      created("done"),
      created("next", ["done"]),
      created("later", ["next", "unknown"]),
      created("work"),
      created("sick"),
      happened("task_completed", "done"),
      happened("task_started", "work"),
      happened("task_failed", "sick"),
    );
    const sections = triage(tasksIn(state, { kind: "all" }), new Map(), (id) => state.open_tasks.has(id), [
      "next",
    ]);
    expect(sections.map((section) => [section.title, section.tasks.map((task) => task.id)])).toEqual([
      ["Needs a person", ["sick"]],
      ["Working now", ["work"]],
      ["Next on the critical path", ["next"]],
      ["Other pending", ["later"]],
      ["Done", ["done"]],
    ]);
  });
});

describe("capacityByRole", () => {
  it("counts who is busy and leaves out who is gone", () => {
    const ready = (agent_id: string, agent_role?: string) => ({
      event_type: "agent_initialized",
      task_id: undefined,
      agent_id,
      ...(agent_role === undefined ? {} : { agent_role }),
    });
    const state = stateOf(
      ready("a", "coder"),
      ready("b", "coder"),
      ready("c"),
      ready("key-maksg363cuy8"),
      ready("d", "coder"),
      { ...ready("d"), event_type: "agent_stopped" },
      happened("task_started", "t", "a"),
    );
    const { time } = state;
    expect(capacityByRole(state.agents.values(), time)).toEqual([
      { role: "coder", busy: 1, total: 2 },
      { role: "no role", busy: 0, total: 1 },
    ]);
    expect(capacityByRole(state.agents.values(), time + SILENT_AFTER_MS + 60_000)).toEqual([]);
  });
});
