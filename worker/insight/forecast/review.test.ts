import { describe, expect, it } from "vitest";
import type { StoredEvent } from "../../../schema/event/event.ts";
import { seeded } from "../../../schema/metric/statistic/random.ts";
import { apply, createState } from "../../../schema/state/apply.ts";
import { Reviews, type ChangeRisk } from "./review.ts";

/** Submissions of which those without tests are sent back; what was said of the last ones. */
function play(submissions: number, sentBack: (has_tests: boolean, draw: number) => boolean) {
  const state = createState();
  const reviews = new Reviews();
  const random = seeded(4);
  let seq = 0;
  const said: { has_tests: boolean; risk: ChangeRisk | null }[] = [];
  const tell = (event_type: string, task_id: string, agent_id: string) => {
    seq += 1;
    const timestamp = new Date(Date.UTC(2026, 0, 1) + seq * 1_000).toISOString();
    const event: StoredEvent = {
      id: `e${seq}`,
      seq,
      timestamp,
      received_at: timestamp,
      event_type,
      agent_id,
      task_id,
      source: "api",
      key_id: "k",
      v: 1,
    };
    apply(state, event);
    return reviews.note(event, state);
  };
  for (let task = 0; task < submissions; task++) {
    const id = `T${task}`;
    const has_tests = random() < 0.5;
    if (has_tests) tell("test_passed", id, "coder-a");
    const { risk } = tell("agent_submitted", id, "coder-a");
    // The same submission, told a second time.
    expect(tell("review_requested", id, "coder-a").risk).toEqual(risk);
    said.push({ has_tests, risk: risk ?? null });
    tell(
      sentBack(has_tests, random()) ? "reviewer_changes_requested" : "reviewer_approved",
      id,
      "reviewer-a",
    );
  }
  return said;
}

describe("the risk that a reviewer asks for changes", () => {
  it("finds what sends work back, and names it", () => {
    const last = play(300, (has_tests, draw) => draw < (has_tests ? 0.1 : 0.8)).slice(-40);
    const without = last.filter(({ has_tests }) => !has_tests);
    const mean = (list: typeof last) =>
      list.reduce((sum, { risk }) => sum + (risk?.probability ?? 0), 0) / list.length;
    expect(mean(without)).toBeGreaterThan(0.65);
    expect(mean(last.filter(({ has_tests }) => has_tests))).toBeLessThan(0.25);
    for (const { risk } of without) expect(risk?.reasons[0]).toBe("no tests in this submission");
  });

  it("says the plain rate where nothing tells submissions apart, and nothing before there was a verdict", () => {
    const said = play(200, (_, draw) => draw < 0.3);
    expect(said[0]?.risk).toBeNull();
    const last = said.slice(-20).map(({ risk }) => risk?.probability ?? 0);
    for (const probability of last) expect(Math.abs(probability - 0.3)).toBeLessThan(0.15);
  });
});
