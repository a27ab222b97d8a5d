/** Whether what speaks against a lesson is one key's word. */
import { effectOfTasks, type DrawnTask } from "./lift.ts";
import { retiresFor } from "./verdict.ts";

/** A draw, and the key that asked; empty: nobody noted it. */
export interface KeyedTask extends DrawnTask {
  key_id: string;
}

/**
 * Whether it is one key's word: without the tasks that it asked for, what is left does not retire the lesson. Whoever holds
 * a key can make tasks up, but the coins that others toss he cannot; and a trial of all tasks but one key's is a trial too,
 * since no coin knows whose task it is.
 *
 * @param may_alone keys whose word is enough.
 */
export function isOneKeys(drawn: readonly KeyedTask[], may_alone: ReadonlySet<string>): boolean {
  const tasks = new Map<string, number>();
  for (const { key_id } of drawn) tasks.set(key_id, (tasks.get(key_id) ?? 0) + 1);
  // The more tasks a key asked for, the likelier it decides: bounds of 5,000 tasks take tens of ms, and keys may be many.
  const keys = [...tasks].sort(([, a], [, b]) => b - a).map(([key]) => key);
  return keys.some(
    (key) => key !== "" && !may_alone.has(key) && !retires(drawn.filter(({ key_id }) => key_id !== key)),
  );
}

/** By success first, a quarter of the work: what a task costs can only keep a lesson (verdict.ts). */
function retires(drawn: readonly DrawnTask[]): boolean {
  return (
    retiresFor(effectOfTasks(drawn, null, ["success"])) !== null && retiresFor(effectOfTasks(drawn)) !== null
  );
}
