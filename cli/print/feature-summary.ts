/**
 * The end of a feature in a few lines. What no event said is called unknown,
 * and a cost always with how much of it was priced, reported or unknown (M2).
 */
import { tokenText } from "../../schema/event/describe/figure.ts";
import { costOf } from "../../schema/state/cost.ts";
import type { FeatureResponse } from "../../schema/wire/http.ts";
import { clean } from "./terminal.ts";

const INDENT = "           ";

export function featureSummary({ feature, tasks }: FeatureResponse): string {
  const counted = (number: number, one: string, many = `${one}s`): string =>
    `${number} ${number === 1 ? one : many}`;
  const files = new Set(tasks.flatMap((task) => task.files)).size;
  const sum = (value: (task: (typeof tasks)[number]) => number): number =>
    tasks.reduce((total, task) => total + value(task), 0);
  const passed = sum((task) => task.tests_passed);
  const failed = sum((task) => task.tests_failed);
  const finished = tasks.filter((task) => task.status === "done" || task.status === "merged").length;
  const approved = tasks.filter((task) => task.approved).length;
  const cycles = sum((task) => task.review_cycles);
  const begin = feature.created_at ?? feature.started_at;
  const quality = [
    tasks.length === 0 ? null : `${approved} of ${tasks.length} approved by a reviewer`,
    cycles === 0 ? null : counted(cycles, "request for changes", "requests for changes"),
  ].filter((part) => part !== null);
  const lines = [
    `Tasks: ${tasks.length === 0 ? "none known" : `${finished} of ${tasks.length} finished`}`,
    `Files: ${files === 0 ? "unknown" : counted(files, "file")}`,
    `Tests: ${passed + failed === 0 ? "unknown" : `${passed} passed, ${failed} failed`}`,
    `Cost: ${cost(feature.usage)}`,
    `Time: ${begin === null || feature.closed_at === null ? "unknown" : span(feature.closed_at - begin)}`,
    `Review: ${quality.length === 0 ? "unknown" : quality.join(", ")}`,
  ];
  const title = clean(feature.title ?? feature.id, 100);
  return [
    `${INDENT}Summary of ${title} (${feature.status}):`,
    ...lines.map((line) => `${INDENT}  - ${line}`),
  ].join("\n");
}

function cost(usage: FeatureResponse["feature"]["usage"]): string {
  const known = costOf(usage);
  if (known === null) return "unknown: no model call was reported";
  const tokens =
    usage.input_tokens + usage.cache_read_tokens + usage.cache_write_tokens + usage.output_tokens;
  return `${known.text} (${known.basis}; ${tokenText(tokens)} tokens)`;
}

/** 554,000 → `9 min 14 s`. */
function span(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60)];
  if (hours > 0) return `${hours} h ${minutes} min`;
  return minutes > 0 ? `${minutes} min ${seconds % 60} s` : `${seconds} s`;
}
