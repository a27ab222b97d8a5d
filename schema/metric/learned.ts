/**
 * What like work may take, as it was learned from what it took (schema/state/target.ts), for the metrics that tell
 * the same of all: in place of their own target where a question names one kind of work, or all of it.
 *
 *   of all tasks ─▶ task      of a kind ─▶ task·bug      of a complexity ─▶ task·any·simple      of both ─▶ task·bug·simple
 *
 * Agents, roles, models and features do work of many kinds, and are held against none of these. Where the metric has
 * a target of its own, which is what a project aims at whatever its work is like, that stays for all work together.
 */
import { targetKey } from "../state/target.ts";
import type { LearnedTarget } from "../state/entity/target.ts";
import type { Ask } from "./ask.ts";
import type { Metric } from "./metric.ts";

export type Learned = ReadonlyMap<string, LearnedTarget>;

export function learnedOf(targets: readonly LearnedTarget[]): Learned {
  return new Map(targets.map((target) => [targetKey(target.metric, target.scope), target]));
}

/** Null: nothing is learned of just that. */
export function learnedFor(
  { learned: measure, target }: Pick<Metric, "learned" | "target">,
  { by, filter = {} }: Pick<Ask, "by" | "filter">,
  group: string | null,
  learned: Learned,
): { value: number; n: number } | null {
  if (measure === undefined) return null;
  const {
    kind = null,
    complexity = null,
    ...others
  } = { ...filter, ...(by === undefined ? {} : { [by]: group }) };
  if (Object.values(others).some((name) => name !== undefined)) return null;
  if (by !== undefined && group === null) return null;
  const is_all = kind === null && complexity === null;
  if (is_all && target !== null) return null;
  const scope = is_all
    ? "task"
    : complexity === null
      ? `task·${kind ?? ""}`
      : `task·${kind ?? "any"}·${complexity}`;
  const { target: value = null, samples = null } = learned.get(targetKey(measure, scope)) ?? {};
  return value === null || samples === null ? null : { value, n: samples };
}
