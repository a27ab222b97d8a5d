/** Tasks that were called done and went on after it: told by the statuses that they had. */
import { stagesOf } from "../../../schema/state/stage.ts";
import type { Task } from "../../../schema/state/entity/task.ts";
import type { ReportInsight } from "../../../schema/wire/report.ts";
import { counted, listed, named } from "./words.ts";

const FINISHED: ReadonlySet<string> = new Set(["done", "merged"]);

/** Times that it was opened again. From done to merged is no way back. */
export function timesReopened(task: Pick<Task, "created_at" | "past">): number {
  const { stages } = stagesOf(task);
  return stages.filter(
    ({ status }, index) => !FINISHED.has(status) && FINISHED.has(stages[index - 1]?.status ?? ""),
  ).length;
}

export function reopenedInsight(tasks: readonly Task[]): ReportInsight[] {
  const again = tasks
    .map((task) => ({ id: task.id, times: timesReopened(task) }))
    .filter(({ times }) => times > 0)
    .sort((a, b) => b.times - a.times);
  const [most] = again;
  if (most === undefined) return [];
  const which =
    most.times === 1
      ? `: ${listed(again.map(({ id }) => id))}`
      : `, ${named(most.id)} ${counted(most.times, "time")}`;
  return [
    {
      rule: "reopened",
      tone: "worse",
      words: `${counted(again.length, "task")} of ${tasks.length.toLocaleString("en")} ${again.length === 1 ? "was" : "were"} called done and opened again${which}.`,
      tasks: again.map(({ id }) => id),
    },
  ];
}
