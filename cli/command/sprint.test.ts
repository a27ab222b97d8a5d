import { describe, expect, it } from "vitest";
import { sprintOf } from "./sprint.ts";

const NOW = Date.UTC(2026, 10, 22, 12);
const told = (words: string[], asked = {}) => sprintOf(words, asked, NOW);

describe("clusterfork sprint", () => {
  it("starts one with an id of its title, so that the same words mean the same sprint", () => {
    const one = told(["start", "Sprint 7"], { until: "5d", feature: ["a", "b"], goal: "Ship" });
    expect(one).toMatchObject({
      event_type: "sprint_started",
      metadata: {
        ...{ title: "Sprint 7", goal: "Ship", features: ["a", "b"] },
        ends_at: "2026-11-27T12:00:00.000Z",
      },
    });
    const { sprint_id } = one.metadata;
    expect(sprint_id).toMatch(/^sprint-7-[0-9a-f]{6}$/);
    expect(told(["start", "Sprint 7"]).metadata).toEqual({ sprint_id, title: "Sprint 7" });
    expect(told(["start"], { id: "s7" }).metadata).toEqual({ sprint_id: "s7" });
    expect(told(["start"]).metadata).toEqual({});
  });

  it("ends the current one, or the one that is named", () => {
    expect(told(["end"])).toMatchObject({ event_type: "sprint_ended", metadata: {} });
    expect(told(["end"], { id: "s7" }).metadata).toEqual({ sprint_id: "s7" });
  });

  it.each([
    [["start", "Sprint", "7"], {}, /too much/],
    [["start"], { until: "soon" }, /--until takes/],
    [["start"], { until: "2026-11-20T12:00:00Z" }, /is over/],
    [["end", "Sprint 7"], {}, /--id alone/],
    [["stop"], {}, /start or end, not "stop"/],
    [[], {}, /start or end\./],
  ])("refuses %j %j in words", (words, asked, message) => {
    expect(() => told(words, asked)).toThrow(message);
  });

  it("[P2] prints no control character", () => {
    expect(told(["start", "\u001b[31mred"]).said).not.toContain("\u001b");
  });
});
