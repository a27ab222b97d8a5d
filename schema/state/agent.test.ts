import { describe, expect, it } from "vitest";
import { NOON_MS, play, type Step } from "../../test/replay/play.ts";

const agent = (steps: readonly Step[], id = "coder-a") => play(steps).agents.get(id);

describe("an agent", () => {
  it.each([
    [["tool_called"], "active"],
    [["agent_initialized", "agent_idle"], "idle"],
    [["agent_idle", "agent_heartbeat"], "idle"],
    [["agent_idle", "task_started"], "active"],
    [["agent_stopped"], "stopped"],
    [["agent_stopped", "agent_heartbeat"], "active"],
    [["agent_crashed"], "crashed"],
    [["agent_crashed", "agent_recovered"], "active"],
  ])("after %j is %s", (types, expected) => {
    expect(agent(types.map((type) => ({ type })))?.status).toBe(expected);
  });

  it("[S3] a straggler counts, and changes neither status nor role nor model", () => {
    const seen = agent([
      { type: "agent_initialized", at: 10, role: "coder", metadata: { model: "m2" } },
      { type: "agent_stopped", at: 20 },
      { type: "tokens_used", at: 5, role: "old", metadata: { model: "m1" } },
    ]);
    expect(seen).toMatchObject({ status: "stopped", role: "coder", model: "m2", events: 3 });
    expect(seen).toMatchObject({ last_seen: NOON_MS + 20_000, first_seen: NOON_MS + 5_000 });
  });

  it("takes its model from its calls and its role from any event", () => {
    const seen = agent([{ type: "tokens_used", role: "coder", metadata: { model: "m1" } }]);
    expect(seen).toMatchObject({ model: "m1", role: "coder" });
  });

  it("works on the task it took up, until it ends or rests", () => {
    const at_work: Step[] = [
      { type: "task_claimed", task: "T" },
      { type: "tool_called", task: "U" },
    ];
    expect(agent(at_work)?.current_task).toBe("U");
    expect(agent([...at_work, { type: "task_completed", task: "U" }])?.current_task).toBeNull();
    expect(agent([...at_work, { type: "task_completed", task: "T" }])?.current_task).toBe("U");
    expect(agent([...at_work, { type: "agent_idle" }])?.current_task).toBeNull();
    expect(agent([...at_work, { type: "agent_stopped" }])?.current_task).toBeNull();
    expect(
      agent([...at_work, { type: "task_merged", task: "U" }, { type: "tool_called", task: "U" }])
        ?.current_task,
    ).toBeNull();
  });

  it("a claim for another agent is that agent's work, if it is known", () => {
    const state = play([
      { type: "agent_initialized", agent: "coder-b" },
      { type: "task_claimed", agent: "lead", task: "T", metadata: { assignee: "coder-b" } },
      { type: "task_claimed", agent: "lead", task: "U", metadata: { assignee: "nobody" } },
    ]);
    expect(state.agents.get("coder-b")?.current_task).toBe("T");
    expect(state.agents.get("lead")?.current_task).toBeNull();
    expect(state.agents.has("nobody")).toBe(false);
  });

  it("is credited for the task it was assigned, once", () => {
    const state = play([
      { type: "task_claimed", task: "T" },
      { type: "task_completed", task: "T", agent: "ci" },
      { type: "task_merged", task: "T", agent: "ci" },
      { type: "task_completed", task: "T", agent: "ci" },
      { type: "task_claimed", task: "U" },
      { type: "task_failed", task: "U" },
    ]);
    expect(state.agents.get("coder-a")).toMatchObject({ tasks_completed: 1, tasks_failed: 1 });
    expect(state.agents.get("ci")).toMatchObject({ tasks_completed: 0 });
  });

  it("Clusterfork's own organs are no part of the team", () => {
    const state = play([{ type: "alert_raised", agent: "clusterfork:alerts", task: "T" }]);
    expect(state.agents.size).toBe(0);
    expect(state.counters.events).toBe(1);
  });
});
