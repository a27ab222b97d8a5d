import { describe, expect, it } from "vitest";
import { play, type Step } from "../../test/replay/play.ts";

const opened: Step[] = [
  { type: "task_claimed", task: "T", agent: "coder-a" },
  {
    type: "pip_opened",
    agent: "clusterfork:performance",
    metadata: { agent: "coder-a", metric: "lint_pass_rate", since: "2026-11-20T00:00:00.000Z" },
    metrics: { value: 0.5, target: 0.98 },
  },
];

describe("a plan", () => {
  it("is its agent's: which metric, how far from its target, since when", () => {
    expect(play(opened).agents.get("coder-a")?.pip).toMatchObject({
      metric: "lint_pass_rate",
      value: 0.5,
      target: 0.98,
      since: Date.UTC(2026, 10, 20),
      seq: 2,
    });
  });

  it("is over when it is closed, and another one takes its place", () => {
    const closed: Step = {
      type: "pip_closed",
      agent: "clusterfork:performance",
      metadata: { agent: "coder-a" },
    };
    expect(play([...opened, closed]).agents.get("coder-a")?.pip).toBeNull();
    const next: Step = {
      ...{ type: "pip_opened", agent: "clusterfork:performance" },
      metadata: { agent: "coder-a", metric: "failed_tasks", since: "no moment" },
    };
    expect(play([...opened, closed, next]).agents.get("coder-a")?.pip).toMatchObject({
      ...{ metric: "failed_tasks", value: null, target: null, since: null },
    });
  });

  it("makes no agent of a name", () => {
    const stranger: Step = {
      type: "pip_opened",
      agent: "clusterfork:performance",
      metadata: { agent: "nobody" },
    };
    expect([...play([stranger]).agents.keys()]).toEqual([]);
  });
});
