/** Tasks that took more than nine in ten like tasks before: by chance one in ten does, so only the largest are told. */
import type { ReportTask } from "../../../schema/wire/report.ts";
import { recordOfTask } from "../../insight/work/record.ts";
import { endOf, type Known } from "./known.ts";
import { Peers, type Like } from "./peers.ts";

/** Of each measure: those that a person would look into. */
const MAX_OUTLIERS = 3;

export interface Outlier {
  task: ReportTask;
  measure: "tokens" | "work";
  value: number;
  like: Like;
  /** Over the median of like tasks. */
  ratio: number;
}

export interface Compared {
  outliers: Outlier[];
  /** Finished tasks of other features that closed before this one's end. */
  peers: Peers;
  /** Those of them that no reviewer sent back. */
  smooth: Peers;
}

export function compareTasks(known: Known, tasks: readonly ReportTask[]): Compared {
  const end_ms = endOf(known);
  const before = known.other_tasks
    .filter(({ closed_at }) => closed_at !== null && closed_at <= end_ms)
    .map((task) => recordOfTask(task));
  const peers = new Peers(before);
  const smooth = new Peers(before.filter(({ cycles }) => cycles === 0));
  const records = new Map(known.tasks.map((task) => [task.id, recordOfTask(task)]));
  const outliersBy = (measure: Outlier["measure"]): Outlier[] =>
    tasks
      .flatMap((task): Outlier[] => {
        const record = records.get(task.id);
        const value = measure === "tokens" ? task.tokens : task.working_ms;
        if (record === undefined || value === null) return [];
        const like = peers.like(record, measure);
        return like === null || value <= like.p90
          ? []
          : [{ task, measure, value, like, ratio: value / like.median }];
      })
      .toSorted((a, b) => b.value - b.like.median - (a.value - a.like.median))
      .slice(0, MAX_OUTLIERS);
  return { outliers: [...outliersBy("tokens"), ...outliersBy("work")], peers, smooth };
}
