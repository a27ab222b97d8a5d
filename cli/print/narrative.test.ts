import { expect, it } from "vitest";
import type { StoredEvent } from "../../schema/event/event.ts";
import type { Feature, Task, Usage } from "../../schema/state/state.ts";
import { featureSummary } from "./feature-summary.ts";
import { Narrative } from "./narrative.ts";

const event = (seq: number, part: Partial<StoredEvent>): StoredEvent => ({
  seq,
  id: String(seq),
  timestamp: `2026-11-22T14:23:${String(seq).padStart(2, "0")}.000Z`,
  received_at: "2026-11-22T14:30:00.000Z",
  event_type: "task_started",
  agent_id: "coder-a",
  task_id: "TASK-1",
  source: "api",
  key_id: "k",
  v: 1,
  ...part,
});

it("puts what an agent does next on a task under the line that names both", () => {
  const narrative = new Narrative(false);
  const told = [
    event(1, {}),
    event(2, { event_type: "task_progress", metadata: { progress: 0.4 } }),
    event(3, { agent_id: "coder-b" }),
    event(4, { event_type: "task_progress", metadata: { progress: 0.8 } }),
  ].map((one) => narrative.tell(one));
  expect(told[0]).toMatch(/^\[\d\d:\d\d:01\] ▶ coder-a +TASK-1/);
  expect(told[1]).toMatch(/^ {11}◔ \[████░░░░░░\] 40/);
  expect(told[2]).toContain("coder-b");
  expect(told[3]).toMatch(/^\[\d\d:\d\d:04\] ◔ coder-a/);
  narrative.interrupt();
  expect(narrative.tell(event(5, {}))).toMatch(/^\[/);
});

const usage = (part: Partial<Usage>): Usage => ({
  calls: 0,
  input_tokens: 0,
  cache_read_tokens: 0,
  cache_write_tokens: 0,
  output_tokens: 0,
  reasoning_tokens: 0,
  reported_calls: 0,
  reported_usd: 0,
  priced_calls: 0,
  priced_usd: 0,
  ...part,
});
const feature = (part: Partial<Feature>) =>
  ({
    id: "f",
    title: "Sign-in",
    status: "merged",
    created_at: 1_000,
    closed_at: 555_000,
    started_at: null,
    usage: usage({}),
    ...part,
  }) as Feature;
const task = (part: Partial<Task>) =>
  ({
    id: "t",
    status: "merged",
    files: [],
    tests_passed: 0,
    tests_failed: 0,
    review_cycles: 0,
    approved: false,
    ...part,
  }) as Task;

it("[M2] sums a feature up, each cost by its origin", () => {
  const calls = usage({
    calls: 4,
    reported_calls: 1,
    reported_usd: 0.25,
    priced_calls: 2,
    priced_usd: 0.09,
    input_tokens: 4_000,
    output_tokens: 200,
  });
  const tasks = [
    task({ files: ["a", "b"], tests_passed: 20, approved: true }),
    task({ files: ["b", "c"], tests_passed: 8, tests_failed: 1, review_cycles: 2, status: "failed" }),
  ];
  const text = featureSummary({ feature: feature({ usage: calls }), tasks });
  expect(text).toContain("Tasks: 1 of 2 finished");
  expect(text).toContain("Files: 3 files");
  expect(text).toContain("Tests: 28 passed, 1 failed");
  expect(text).toContain(
    "Cost: $0.34 + 1 call without a price ($0.25 reported, $0.09 priced, for 3 of 4 calls; 4.20 k tokens)",
  );
  const unpriced = featureSummary({ feature: feature({ usage: usage({ calls: 4 }) }), tasks });
  expect(unpriced).toContain("Cost: unknown (4 calls without a price; 0 tokens)");
  expect(unpriced).not.toContain("$");
  expect(text).toContain("Time: 9 min 14 s");
  expect(text).toContain("1 of 2 approved by a reviewer, 2 requests for changes");
});

it("calls unknown what nobody said", () => {
  const text = featureSummary({ feature: feature({ created_at: null, title: "a\u001b[2Jb" }), tasks: [] });
  for (const what of ["Files", "Tests", "Cost", "Time", "Review"]) expect(text).toContain(`${what}: unknown`);
  expect(text).not.toContain("\u001b");
});
