/**
 * The state is the same in whatever order the events of a task arrive, but for
 * what is defined by arrival (README.md gives the reason of each):
 *
 * - `first_seq`, `last_seq` and the order of entries, files and dependencies: places in the log;
 * - a task's `last_lint`, `role`, `model` and the counts of files: what is known when the event comes;
 * - an agent's `current_task`, `tasks_completed` and `tasks_failed`: asked when the event comes;
 * - the order of events of one instant: here each has its own;
 * - whether a repeated claim between two others took the task over (`assignee.ts`): here each agent claims it once.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { play, type Step } from "../../test/replay/play.ts";
import { findFeature, findTask } from "./select.ts";
import type { ProjectState } from "./state.ts";

const AGENTS = ["coder-a", "coder-b"];
const TYPES = [
  "task_claimed",
  "task_started",
  "task_progress",
  "task_blocked",
  "task_unblocked",
  "task_completed",
  "task_failed",
  "task_merged",
  "task_reopened",
  "agent_submitted",
  "review_requested",
  "coder_resubmitted",
  "reviewer_approved",
  "reviewer_changes_requested",
  "reviewer_rejected",
  "test_passed",
  "test_failed",
  "tool_called",
  "tokens_used",
  "feature_requested",
  "feature_planned",
  "feature_started",
  "feature_completed",
  "feature_merged",
  "feature_abandoned",
  "feature_reopened",
];

const step = fc.record({ type: fc.constantFrom(...TYPES), agent: fc.constantFrom(...AGENTS), n: fc.nat(9) });

/** What happened, in order: each at its own second, with the work created somewhere among it. */
const happened = fc
  .tuple(fc.array(step, { maxLength: 16 }), fc.nat(16), fc.constantFrom("F", undefined))
  .map(([steps, place, feature]): Step[] => {
    const told: Step[] = steps.map(({ type, agent, n }) => ({
      type,
      agent,
      metadata: {
        reason: `because ${n}`,
        ...(type === "task_progress" && n > 2 ? { progress: n / 10 } : {}),
        ...(type.startsWith("feature") && n > 2 ? { title: `Title ${n}`, requested_by: "a person" } : {}),
      },
      metrics: { input_tokens: n, output_tokens: 1 },
    }));
    for (const agent of AGENTS) {
      const claims = told.filter((one) => one.type === "task_claimed" && one.agent === agent);
      for (const again of claims.slice(1)) again.type = "task_progress";
    }
    told.splice(place, 0, { type: "task_created", metadata: { title: "First", priority: 1 } });
    told.splice(place + 3, 0, { type: "task_created", metadata: { title: "Second", kind: "bug" } });
    return told.map((one, at) => ({
      ...one,
      at,
      ...(one.type.startsWith("feature") ? {} : { task: "T" }),
      ...(feature === undefined ? {} : { feature }),
    }));
  });

const reordered = happened.chain((steps) =>
  fc.tuple(
    fc.constant(steps),
    fc.shuffledSubarray(steps, { minLength: steps.length, maxLength: steps.length }),
  ),
);

function told(state: ProjectState) {
  const task = findTask(state, "T");
  const feature = findFeature(state, "F");
  const { usage, time, counters } = state;
  return {
    task: { ...task, first_seq: 0, last_seq: 0 },
    feature: { ...feature, first_seq: 0, last_seq: 0 },
    project: { usage, time, events: counters.events, first: counters.first_time, last: counters.last_time },
    agents: [...state.agents.values()]
      .map((agent) => ({
        ...agent,
        ...{ first_seq: 0, last_seq: 0, current_task: null, tasks_completed: 0, tasks_failed: 0 },
      }))
      .toSorted((a, b) => (a.id < b.id ? -1 : 1)),
  };
}

describe("any order of arrival", () => {
  it("[S3] of one task's events gives the same task, feature, agents and sums", () => {
    fc.assert(
      fc.property(reordered, ([steps, order]) => {
        expect(told(play(order))).toEqual(told(play(steps)));
      }),
      { numRuns: 3_000 },
    );
  });
});
