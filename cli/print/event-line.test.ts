import { describe, expect, it } from "vitest";
import type { StoredEvent } from "../../schema/event/event.ts";
import { eventLine } from "./event-line.ts";

const line = (given: Partial<StoredEvent>) =>
  eventLine(
    {
      seq: 1,
      id: "e1",
      timestamp: "2026-11-22T12:00:00.000Z",
      received_at: "2026-11-22T12:00:00.000Z",
      event_type: "task_started",
      agent_id: "coder-a",
      task_id: "TASK-1",
      source: "api",
      key_id: "testkey",
      v: 1,
      ...given,
    },
    false,
  ).replace(/^\[\d\d:\d\d:\d\d\] /, "");

describe("eventLine", () => {
  it.each([
    [{ agent_role: "coder" }, "▶ coder-a (coder)         TASK-1        started by coder-a"],
    [
      { event_type: "task_progress", metadata: { progress: 0.4, message: "tests next" } },
      "◔ coder-a                 TASK-1        [████░░░░░░] 40% done, tests next",
    ],
    [
      {
        event_type: "tokens_used",
        metrics: { input_tokens: 12_300, output_tokens: 480, duration_ms: 3_200 },
      },
      "$ coder-a                 TASK-1        12.3 k in, 480 out, cost unknown · 3.2s",
    ],
    [
      { event_type: "deploy.started", metadata: { to: "eu" } },
      "· coder-a                 TASK-1        deploy.started: to eu",
    ],
    [{ event_type: "constructor" }, "· coder-a                 TASK-1        constructor"],
  ])("%j is one line", (given, text) => {
    expect(line(given)).toBe(text);
  });

  it("[P2] no text of an event steers the terminal", () => {
    const evil = "\u001b[2J\u202e\nx";
    const text = line({
      event_type: "task_failed",
      agent_id: evil,
      agent_role: evil,
      task_id: evil,
      metadata: { reason: evil },
    });
    expect(text).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });
});
