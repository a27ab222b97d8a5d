/**
 * Where the time of a task went, by the statuses that it had:
 *
 *   created ──waiting──▶ claimed ──working──▶ submitted ──review──▶ sent back ──working──▶ … ──▶ closed
 *
 * Blocked is waiting. What was not observed is null: work that was entered when it was over took no known time.
 */
import { stagesOf } from "../../../schema/state/stage.ts";
import type { Task, TaskStatus } from "../../../schema/state/entity/task.ts";
import type { ReportPhase, ReportTask } from "../../../schema/wire/report.ts";

const PHASE: Readonly<Record<TaskStatus, ReportPhase | null>> = {
  pending: "waiting",
  blocked: "waiting",
  claimed: "working",
  in_progress: "working",
  review: "review",
  done: null,
  failed: null,
  merged: null,
};

export type Spans = Pick<ReportTask, "phases" | "waiting_ms" | "working_ms" | "review_ms">;

/** `end_ms`: no phase lasts longer. */
export function spansOf(task: Task, end_ms: number): Spans {
  const { stages, whole } = stagesOf(task);
  const phases: Spans["phases"] = [];
  for (const [n, { from, status }] of stages.entries()) {
    const phase = PHASE[status];
    const next = stages[n + 1]?.from ?? null;
    if (phase === null || from > end_ms || (next !== null && next <= from)) continue;
    const to = next !== null && next <= end_ms ? next : null;
    const last = phases.at(-1);
    if (last !== undefined && last.phase === phase && last.to === from) last.to = to;
    else phases.push({ phase, from, to });
  }
  const known = (phase: ReportPhase): number => sumOf(phases, phase, end_ms);
  const was_worked_on = phases.some(({ phase }) => phase !== "waiting");
  const is_over = task.closed_at !== null;
  // Of what was only created and closed nobody saw when work began, so not how long it waited either.
  const unseen = !whole || stages.length === 0 || (is_over && !was_worked_on);
  return {
    phases,
    waiting_ms: unseen || task.created_at === null ? null : known("waiting"),
    working_ms: unseen ? null : known("working"),
    review_ms: unseen ? null : known("review"),
  };
}

function sumOf(phases: Spans["phases"], wanted: ReportPhase, end_ms: number): number {
  let sum = 0;
  for (const { phase, from, to } of phases) if (phase === wanted) sum += (to ?? end_ms) - from;
  return sum;
}
