/** Tests that change their mind by themselves. */
import type { StoredEvent } from "../../../schema/event/event.ts";
import { byTask, textOf, type FeatureCase } from "./case.ts";
import { evidenceOf, type Pattern } from "./pattern.ts";

/** Turns without a change: one may be a server that was not up yet. */
export const FLAKY_TURNS = 2;
const CHANGES = new Set([
  "agent_submitted",
  "coder_resubmitted",
  "task_merged",
  "task_claimed",
  "task_started",
  "file_locked",
  "human_intervened",
]);
/** Tools that look and do not write. Whatever else is called may have changed something. */
const READS = /^(read|grep|glob|ls|view|search|find|websearch|webfetch|todo\w*|task\w*)$/i;
const TEST_RUN = /\b(test|spec|vitest|jest|pytest|tox|go test|cargo test|mvn|gradle|ctest|rspec|phpunit)\b/i;

interface Turn {
  seqs: number[];
  turns: number;
  last: string | null;
  tasks: Set<string>;
}

export function flakyTests({ events }: FeatureCase): Pattern[] {
  const tests = new Map<string, Turn>();
  for (const [task_id, own] of byTask(events)) {
    for (const turn of tests.values()) turn.last = null;
    for (const event of own) {
      if (changes(event)) for (const turn of tests.values()) turn.last = null;
      const name = testName(event);
      if (name === null) continue;
      const turn = tests.get(name) ?? { seqs: [], turns: 0, last: null, tasks: new Set<string>() };
      tests.set(name, turn);
      if (turn.last !== null && turn.last !== event.event_type) {
        turn.turns++;
        turn.seqs.push(event.seq);
        if (task_id !== null) turn.tasks.add(task_id);
      }
      if (event.metadata?.["flaky"] === true) {
        turn.turns += FLAKY_TURNS;
        turn.seqs.push(event.seq);
        if (task_id !== null) turn.tasks.add(task_id);
      }
      turn.last = event.event_type;
    }
  }
  return [...tests]
    .filter(([, { turns }]) => turns >= FLAKY_TURNS)
    .map(([test, { turns, seqs, tasks }]) => ({
      kind: "flaky" as const,
      is_good: false,
      tasks: [...tasks],
      evidence: evidenceOf(seqs),
      effect: { value: turns, usual: null, unit: "times" as const, samples: null },
      facts: { test },
      time_ms: null,
    }));
}

function changes({ event_type, metadata = {} }: StoredEvent): boolean {
  if (CHANGES.has(event_type)) return true;
  if (event_type !== "tool_called") return false;
  const { tool, command } = metadata;
  if (typeof command === "string") return !TEST_RUN.test(command);
  return typeof tool !== "string" || !READS.test(tool);
}

/** Null where the result is of no named test: whole runs turn with whatever was worked on. */
function testName({ event_type, metadata = {} }: StoredEvent): string | null {
  if (event_type !== "test_passed" && event_type !== "test_failed") return null;
  return textOf(metadata["name"]);
}
