/** Tasks that were called done and opened again. */
import type { Task } from "../../../schema/state/entity/task.ts";
import type { ReportInsight } from "../../../schema/wire/report.ts";
import { timesReopened } from "../analyse/opened-again.ts";
import { counted, listed, named } from "./words.ts";

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
