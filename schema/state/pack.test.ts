import { describe, expect, it } from "vitest";
import { apply, createState } from "./apply.ts";
import { decodeState, encodeState, stateText } from "./encode.ts";
import { packLines, packText } from "./pack.ts";
import { SLICE_ENTRIES } from "./packing.ts";
import type { ProjectState, WireState } from "./state.ts";
import { busyEvent, strict } from "./testing.ts";
import { Unpacking } from "./unpack.ts";

function folded(events: number): ProjectState {
  const state = createState();
  for (let seq = 1; seq <= events; seq++) apply(state, busyEvent(seq), strict);
  return state;
}

function unpacked(lines: Iterable<string>): WireState {
  const unpacking = new Unpacking();
  for (const line of lines) expect(unpacking.line(line)).toBe(true);
  const { whole } = unpacking;
  if (whole === null) throw new Error("the last line came");
  return whole.state;
}

describe("a packed state", () => {
  it.each([0, 1, 40, 2_000, 20_000])("[S1] is the same JSON again, after %i events", (events) => {
    const wire = encodeState(folded(events));
    expect(JSON.stringify(unpacked(packLines(wire)))).toBe(JSON.stringify(wire));
  });

  it("[S2] folds on as the room's own does", () => {
    const [here, there] = [folded(3_000), decodeState(unpacked(packLines(encodeState(folded(3_000)))))];
    for (let seq = 3_001; seq <= 4_000; seq++) {
      apply(here, busyEvent(seq), strict);
      apply(there, busyEvent(seq), strict);
    }
    expect(stateText(there)).toBe(stateText(here));
  });

  it("gives every entry lists and objects of its own", () => {
    const { open_tasks } = unpacked(packLines(encodeState(folded(400))));
    const parts = open_tasks.flatMap((task) => [
      task.files,
      task.dependencies,
      task.past,
      task.past.moves,
      task.usage,
    ]);
    expect(open_tasks.length).toBeGreaterThan(1);
    expect(new Set(parts).size).toBe(parts.length);
  });

  it("comes in slices of a bounded number of entries", () => {
    const wire = encodeState(folded(20_000));
    const rows = [...packLines(wire)].map((line) => JSON.parse(line) as { rows?: unknown[] });
    expect(Math.max(...rows.map(({ rows }) => rows?.length ?? 0))).toBeLessThanOrEqual(SLICE_ENTRIES);
    expect(rows.length).toBeGreaterThan(3);
  });

  it("keeps hostile ids, and entries that are of no common shape", () => {
    const wire = encodeState(folded(60));
    const [task] = wire.open_tasks;
    if (task === undefined) throw new Error("there are tasks");
    const odd = [
      { ...task, id: "__proto__", title: "\u2028\n{}" },
      { ...task, id: "constructor", extra: undefined },
      { ...task, id: "", files: ["a", ""], past: { ...task.past, moves: [] } },
    ];
    for (const open_tasks of [odd, [odd[0], { id: "no task" }]] as WireState["open_tasks"][]) {
      const state = { ...wire, open_tasks };
      expect(JSON.stringify(unpacked(packLines(state)))).toBe(JSON.stringify(state));
    }
  });

  it("is shorter", () => {
    const wire = encodeState(folded(20_000));
    expect(packText(wire).length).toBeLessThan(JSON.stringify(wire).length / 2);
  });

  it("is nothing when lines are missing, or of another version", () => {
    const lines = [...packLines(encodeState(folded(40)))];
    const cut = new Unpacking();
    for (const line of lines.slice(0, -1)) cut.line(line);
    expect(cut.whole).toBeNull();
    expect(new Unpacking().line(lines[1] ?? "")).toBe(false);
    expect(new Unpacking().line((lines[0] ?? "").replace('"packed":1', '"packed":2'))).toBe(false);
  });
});
