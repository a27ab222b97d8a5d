import { describe, expect, it } from "vitest";
import { play, type Step } from "../../test/replay/play.ts";
import { conflictKey } from "./lock.ts";

const lock = (agent: string, path = "a.ts", task?: string): Step => ({
  type: "file_locked",
  agent,
  metadata: { path },
  ...(task === undefined ? {} : { task }),
});
const unlock = (agent: string, path = "a.ts"): Step => ({ type: "file_unlocked", agent, metadata: { path } });

function holdings(steps: readonly Step[]) {
  const state = play(steps);
  return {
    held: [...state.locks.values()].map((entry) => `${entry.agent_id}:${entry.path}`),
    waiting: [...state.conflicts.values()].map(
      (entry) => `${entry.agent_id}<${entry.holder_agent_id}:${entry.path}`,
    ),
  };
}

describe("file locks", () => {
  it("the first holds, the next waits", () => {
    expect(holdings([lock("a"), lock("b"), lock("b")])).toEqual({ held: ["a:a.ts"], waiting: ["b<a:a.ts"] });
  });

  it("the holder's unlock frees the file and ends the waiting", () => {
    expect(holdings([lock("a"), lock("b"), unlock("a")])).toEqual({ held: [], waiting: [] });
    expect(holdings([lock("a"), lock("b"), unlock("a"), lock("b")])).toEqual({
      held: ["b:a.ts"],
      waiting: [],
    });
  });

  it("another's unlock frees nothing, and ends its own waiting", () => {
    expect(holdings([lock("a"), lock("b"), lock("c"), unlock("b")])).toEqual({
      held: ["a:a.ts"],
      waiting: ["c<a:a.ts"],
    });
  });

  it("a reported conflict names the holder it knows, else the one that holds", () => {
    const conflict = (holder?: string): Step => ({
      type: "lock_conflict",
      agent: "b",
      metadata: holder === undefined ? { path: "a.ts" } : { path: "a.ts", holder_agent_id: holder },
    });
    expect(holdings([conflict("x")]).waiting).toEqual(["b<x:a.ts"]);
    expect(holdings([lock("a"), conflict()]).waiting).toEqual(["b<a:a.ts"]);
    expect(holdings([conflict("x"), unlock("x")]).waiting).toEqual([]);
  });

  it.each(["agent_stopped", "agent_crashed"])("%s releases what the agent held and waited for", (type) => {
    const steps = [lock("a"), lock("b"), lock("b", "b.ts"), lock("a", "b.ts"), { type, agent: "a" }];
    expect(holdings(steps)).toEqual({ held: ["b:b.ts"], waiting: [] });
  });

  it("a straggling stop releases nothing", () => {
    expect(
      holdings([
        { ...lock("a"), at: 10 },
        { type: "agent_stopped", agent: "a", at: 5 },
      ]).held,
    ).toEqual(["a:a.ts"]);
  });

  it.each(["task_completed", "task_failed", "task_merged"])("%s releases the locks of the task", (type) => {
    const steps = [lock("a", "a.ts", "T"), lock("a", "b.ts", "U"), lock("a", "c.ts"), { type, task: "T" }];
    expect(holdings(steps).held).toEqual(["a:b.ts", "a:c.ts"]);
  });

  it("keeps paths and agents apart that read alike when joined", () => {
    expect(conflictKey("a", "b:c")).not.toBe(conflictKey("a:b", "c"));
    expect(conflictKey("1", "1:2")).not.toBe(conflictKey("11", ":2"));
  });
});
