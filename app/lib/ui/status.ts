/**
 * How a task's status looks and reads. Eight statuses share six shapes: a claim
 * is still pending work (its agent's initials tell it apart), a merge is done.
 * Shape first, colour second: a glyph is never told apart by hue alone.
 */
import type { TaskStatus } from "../../../schema/state/entity/task.ts";

export type Glyph = "pending" | "progress" | "review" | "done" | "failed" | "blocked";

export const GLYPH_OF: Record<TaskStatus, Glyph> = {
  pending: "pending",
  claimed: "pending",
  in_progress: "progress",
  blocked: "blocked",
  review: "review",
  done: "done",
  failed: "failed",
  merged: "done",
};

export const STATUS_LABEL: Record<TaskStatus, string> = {
  pending: "Pending",
  claimed: "Claimed",
  in_progress: "In progress",
  blocked: "Blocked",
  review: "In review",
  done: "Done",
  failed: "Failed",
  merged: "Merged",
};

/**
 * The slice of the progress glyph, clockwise from twelve, in a 16 × 16 box.
 * Null where nothing can be drawn: no progress known, or none made yet.
 */
export function pieSlice(progress: number | null): string | null {
  if (progress === null || !(progress > 0)) return null;
  const radius = 3.9;
  if (progress >= 0.995) return "M8 4.1A3.9 3.9 0 1 1 7.99 4.1Z";
  const angle = 2 * Math.PI * progress;
  const x = 8 + radius * Math.sin(angle);
  const y = 8 - radius * Math.cos(angle);
  return `M8 8V4.1A${radius} ${radius} 0 ${progress > 0.5 ? 1 : 0} 1 ${x.toFixed(2)} ${y.toFixed(2)}Z`;
}
