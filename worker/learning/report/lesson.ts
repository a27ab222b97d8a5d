/** Lessons whose source is the feature, or a task of it: read from the log's `lesson_learned`. */
import type { StoredEvent } from "../../../schema/event/event.ts";
import type { ReportLesson } from "../../../schema/wire/report.ts";

/** Lessons of one report, the newest: a feature teaches a few. */
const MAX_LESSONS = 50;

export function lessonsOf(
  events: readonly StoredEvent[],
  feature_id: string,
  task_ids: ReadonlySet<string>,
): ReportLesson[] {
  const lessons = new Map<string, ReportLesson>();
  for (const event of events) {
    if (!isOf(event, feature_id, task_ids)) continue;
    const { metadata = {} } = event;
    const text = (name: string): string | null => {
      const value = metadata[name];
      return typeof value === "string" && value !== "" ? value : null;
    };
    const lesson_id = text("lesson_id") ?? event.id;
    // A later word about the same lesson is the one that counts.
    lessons.delete(lesson_id);
    lessons.set(lesson_id, {
      ...{ seq: event.seq, lesson_id, category: text("category"), headline: text("headline") },
      ...{ by: event.agent_id, at: Date.parse(event.timestamp) },
    });
  }
  return [...lessons.values()].slice(-MAX_LESSONS);
}

function isOf(
  { feature_id, task_id, metadata = {} }: StoredEvent,
  feature: string,
  tasks: ReadonlySet<string>,
): boolean {
  const { source_feature, source_task } = metadata;
  if (source_feature === feature || (typeof source_task === "string" && tasks.has(source_task))) return true;
  // Reflection may speak about one feature while it works for another: what it names itself counts first.
  if (source_feature !== undefined || source_task !== undefined) return false;
  return feature_id === feature || (task_id !== undefined && tasks.has(task_id));
}
