import { describe, expect, it } from "vitest";
import { criticalPath } from "./critical.ts";
import { buildGraph } from "./model.ts";
import { tasksIn } from "./scope.ts";
import { created, happened, stateOf } from "./testing.ts";

const ALL = { kind: "all" } as const;
function pathOf(state: ReturnType<typeof stateOf>, foretold: string[] | null) {
  const { keys, basis } = criticalPath(state, buildGraph(state, tasksIn(state, ALL), ALL), foretold);
  return [basis, ...keys.map((key) => key.replace("task:", ""))];
}

describe("critical path", () => {
  const state = stateOf(
    created("old"),
    created("older"),
    created("a", ["old", "older"]),
    created("b", ["a"]),
    created("c", ["b"]),
    created("short", ["a"]),
    happened("task_completed", "older"),
    happened("task_completed", "old"),
  );
  it("is what the forecast names, from what it really waited for", () => {
    expect(pathOf(state, ["a", "short"])).toEqual(["forecast", "old", "a", "short"]);
  });
  it("is the longest chain of open tasks where nothing is foretold, and says so", () => {
    expect(pathOf(state, null)).toEqual(["longest", "old", "a", "b", "c"]);
    // Named, but closed or unknown by now: as if nothing were.
    expect(pathOf(state, ["old", "nobody"])).toEqual(["longest", "old", "a", "b", "c"]);
  });
  it("ends with a cycle, and is empty where nothing waits", () => {
    const round = stateOf(created("x", ["z"]), created("y", ["x"]), created("z", ["y"]));
    const [basis, ...ids] = pathOf(round, null);
    expect(basis).toBe("longest");
    expect(new Set(ids)).toEqual(new Set(["x", "y", "z"]));
    expect(ids).toHaveLength(3);
    expect(pathOf(stateOf(created("one"), created("two")), null)).toEqual(["longest"]);
    expect(pathOf(stateOf(), ["a"])).toEqual(["longest"]);
  });
  it("goes back over finished tasks that wait for each other only once", () => {
    const round = stateOf(
      created("x", ["y"]),
      created("y", ["x"]),
      happened("task_completed", "x"),
      happened("task_completed", "y"),
      created("open", ["x"]),
      created("next", ["open"]),
    );
    expect(pathOf(round, null)).toEqual(["longest", "y", "x", "open", "next"]);
  });
  it("walks a chain of 2,000 tasks", () => {
    const chain = Array.from({ length: 2_000 }, (_, n) => created(`t${n}`, n === 0 ? [] : [`t${n - 1}`]));
    expect(pathOf(stateOf(...chain), null)).toHaveLength(2_001);
  });
});
