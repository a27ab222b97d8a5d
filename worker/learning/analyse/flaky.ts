/** Tests that change their mind by themselves, and defects that gather in one type of file. */
import type { StoredEvent } from "../../../schema/event/event.ts";
import { binomialAtMost } from "../../../schema/metric/statistic/binomial.ts";
import { byTask, fileType, textOf, textsOf, type FeatureCase } from "./case.ts";
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

/** Defects of one kind. */
const DEFECTS = [
  { what: "lint", is: ({ event_type }: StoredEvent) => event_type === "lint_error_found" },
  {
    what: "bugs after the merge",
    is: ({ event_type, metadata }: StoredEvent) =>
      event_type === "bug_reported" && metadata?.["found_in"] !== "review",
  },
] as const;
const LEAST_DEFECTS = 3;
/** Chance of so many in one type by its share of the files alone. */
const MAX_CHANCE = 0.01;

export function defects({ events, tasks }: FeatureCase): Pattern[] {
  const touched = new Map<string, number>();
  let all = 0;
  for (const type of new Set(tasks.flatMap(({ files }) => files))) {
    const ending = fileType(type);
    if (ending === null) continue;
    touched.set(ending, (touched.get(ending) ?? 0) + 1);
    all++;
  }
  const found: Pattern[] = [];
  for (const { what, is } of DEFECTS) {
    const by_type = new Map<string, StoredEvent[]>();
    const those = events.filter(is);
    for (const event of those)
      for (const type of new Set(textsOf(event.metadata?.["files"]).map(fileType)))
        if (type !== null) by_type.set(type, [...(by_type.get(type) ?? []), event]);
    for (const [type, own] of by_type) {
      const share = all === 0 ? 1 : (touched.get(type) ?? 0) / all;
      if (own.length < LEAST_DEFECTS || share <= 0) continue;
      if (1 - binomialAtMost(own.length - 1, those.length, share) > MAX_CHANCE) continue;
      const rules = [
        ...new Set(
          own.flatMap(({ metadata = {} }) => [textOf(metadata["rule"]), ...textsOf(metadata["rules"])]),
        ),
      ];
      const named = rules
        .filter((rule) => rule !== null)
        .slice(0, 3)
        .join(", ");
      found.push({
        kind: "defect",
        is_good: false,
        tasks: [...new Set(own.flatMap(({ task_id }) => (task_id === undefined ? [] : [task_id])))],
        evidence: evidenceOf(own.map(({ seq }) => seq)),
        effect: { value: own.length, usual: share * those.length, unit: "times", samples: those.length },
        facts: { what, type, ...(named === "" ? {} : { rules: named }) },
        time_ms: null,
      });
    }
  }
  return found;
}
