import { describe, expect, it } from "vitest";
import { NOON_MS, play } from "../../test/replay/play.ts";

describe("escalations and decisions", () => {
  it("a person's intervention resolves the open entries of its task", () => {
    const { escalations } = play([
      { type: "escalated_to_user", task: "T", metadata: { reason: "stuck" } },
      { type: "escalated_to_board", task: "U" },
      { type: "escalated_to_user", feature: "F" },
      { type: "human_intervened", task: "T" },
      { type: "human_intervened", feature: "F" },
      { type: "human_intervened" },
    ]);
    expect(escalations).toMatchObject([
      { task_id: "T", to: "user", reason: "stuck", resolved_at: NOON_MS + 4_000 },
      { task_id: "U", to: "board", reason: null, resolved_at: null },
      { feature_id: "F", resolved_at: NOON_MS + 5_000 },
    ]);
  });

  it("a decision keeps what, why, and what was rejected", () => {
    const { decisions } = play([
      { type: "decision_recorded", metadata: { title: "t", rationale: "r", alternatives: ["x", 1, "y"] } },
      { type: "decision_recorded" },
    ]);
    expect(decisions).toMatchObject([
      { seq: 1, agent_id: "coder-a", title: "t", rationale: "r", alternatives: ["x", "y"] },
      { seq: 2, title: null, rationale: null, alternatives: [] },
    ]);
  });
});
