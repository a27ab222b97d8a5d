/**
 * What like work may take, learned from what it took (worker/insight/target).
 *
 * | event               | what it does                                            |
 * |---------------------|---------------------------------------------------------|
 * | target_recalibrated | the target of its metric and scope is this one from now |
 */
import { anyFigureIn, labelIn } from "./field.ts";
import { forgetOldest } from "./forget.ts";
import { MAX_TARGETS } from "./limits.ts";
import type { Fold } from "./subject.ts";

/** Injective for any two texts: the metric's length says where it ends. */
export function targetKey(metric: string, scope: string): string {
  return `${metric.length}:${metric}${scope}`;
}

export const foldRecalibrated: Fold = (state, event, { time_ms }) => {
  const metric = labelIn(event, "metric");
  const scope = labelIn(event, "scope");
  if (metric === null || scope === null) return;
  const key = targetKey(metric, scope);
  // Set anew, so that the one longest untouched is forgotten first.
  state.targets.delete(key);
  state.targets.set(key, {
    metric,
    scope,
    method: labelIn(event, "method"),
    target: anyFigureIn(event, "target"),
    previous: anyFigureIn(event, "previous"),
    samples: anyFigureIn(event, "samples"),
    at: time_ms,
    seq: event.seq,
  });
  forgetOldest(state.targets, MAX_TARGETS);
};
