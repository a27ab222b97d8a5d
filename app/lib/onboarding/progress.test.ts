import { describe, expect, it } from "vitest";
import type { StoredEvent } from "../../../schema/event/event.ts";
import type { ProjectState } from "../../../schema/state/state.ts";
import type { Task } from "../../../schema/state/entity/task.ts";
import { describeFirst, readProgress } from "./progress.ts";

/** Only what this module reads of a state. */
function stateOf(seq: number, tasks: string[], agents: string[], first_time: number | null): ProjectState {
  return {
    seq,
    open_tasks: new Map(tasks.map((id) => [id, { id } as Task])),
    closed_tasks: new Map(),
    agents: new Map(agents.map((id) => [id, { id }])),
    counters: { first_time },
  } as unknown as ProjectState;
}
const event = (over: Partial<StoredEvent>): StoredEvent => ({
  id: "e1",
  seq: 1,
  timestamp: "2026-11-22T14:00:00.100Z",
  received_at: "2026-11-22T14:00:00.312Z",
  event_type: "task_started",
  agent_id: "coder-a",
  source: "api",
  key_id: "k",
  v: 1,
  ...over,
});

describe("onboarding progress", () => {
  it("knows nothing before the first event", () => {
    expect(readProgress(stateOf(0, [], [], null), [])).toEqual({ first: null, task: null });
  });

  it("reads the first event and its delay", () => {
    const { first, task } = readProgress(stateOf(1, ["TASK-001"], ["coder-a"], 0), [event({})]);
    expect(task).toBe("TASK-001");
    expect(first && describeFirst(first)).toBe("task_started from coder-a, 212 ms after it was sent");
  });

  it("says nothing of a delay where the sender's clock is off", () => {
    for (const timestamp of [
      "2026-11-22T15:00:00.001Z",
      "2025-11-22T14:00:00.001Z",
      "2026-11-22T14:00:00.000Z",
    ]) {
      const { first } = readProgress(stateOf(1, [], [], 0), [event({ timestamp })]);
      expect(first?.delay_ms).toBeUndefined();
    }
  });

  it("tells from a snapshot alone that the first event is long there", () => {
    const { first } = readProgress(stateOf(90, ["T"], ["a"], 1_000), [event({ seq: 90 })]);
    expect(first).toEqual({ event_type: undefined, agent_id: "a", at: 1_000, delay_ms: undefined });
  });
});
