import { expect, it } from "vitest";
import type { StoredEvent } from "../../schema/event/event.ts";
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
