/** When work began: a claim is the first sign of it, where somebody tells of claims. ms; null: nobody saw it. */
import type { Feature } from "./entity/feature.ts";
import type { Task } from "./entity/task.ts";

/** First claim or start. */
export function taskBegan({
  claimed_at,
  started_at,
}: Pick<Task, "claimed_at" | "started_at">): number | null {
  if (claimed_at === null || started_at === null) return claimed_at ?? started_at;
  return Math.min(claimed_at, started_at);
}

/** The first work that was seen on it, or the first claim or start of one of its tasks. `tasks`: those at hand. */
export function featureBegan(
  { started_at }: Pick<Feature, "started_at">,
  tasks: Iterable<Pick<Task, "claimed_at" | "started_at">>,
): number | null {
  let began = started_at;
  for (const task of tasks) {
    const at = taskBegan(task);
    if (at !== null && (began === null || at < began)) began = at;
  }
  return began;
}
