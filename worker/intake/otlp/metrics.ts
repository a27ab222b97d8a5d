/**
 * Data points → events. Tokens and costs are never taken from here: logs and
 * spans tell the same, call by call (M1). What is left are a few counters of work that no
 * log tells, kept under their own names: seen and counted, not folded.
 */
import type { Adapter } from "../adapter.ts";
import { word } from "./attributes.ts";
import { readPoints } from "./data-point.ts";
import { sceneOf, introduceSession } from "./scene.ts";
import { createTold } from "./told.ts";

const WORK: ReadonlySet<string> = new Set([
  "claude_code.lines_of_code.count",
  "claude_code.commit.count",
  "claude_code.pull_request.count",
  "gemini_cli.lines.changed",
  "copilot_chat.edit.lines_of_code.count",
]);

export const metricsAdapter: Adapter<unknown> = (payload, context) => {
  const told = createTold(context);
  const { points, refused } = readPoints(payload, context.now_ms);
  for (const one of refused) told.refuse(one);
  for (const point of points) {
    if (!WORK.has(point.metric)) {
      told.ignore("a metric: tokens and costs are counted from traces and logs");
      continue;
    }
    // A running total would be counted again with each export.
    if (!point.is_delta || point.value === null || point.value === 0) {
      told.ignore("a metric without a change: set its temporality to delta");
      continue;
    }
    const scene = sceneOf(point, told);
    introduceSession(told, point, scene, point.time_ms);
    const labels = [...point.attributes].sort(([a], [b]) => (a < b ? -1 : 1));
    const said = JSON.stringify([point.metric, point.start_ms, point.time_ms, labels]);
    told.event(`otlp-${context.sha256(said)}`, point.time_ms, point.metric, scene, {
      metadata: { type: word(point.attributes.get("type")) },
      metrics: { value: point.value },
    });
  }
  return told.finish();
};
