import type { IndexedLesson, LessonFilter } from "./contract.ts";

/** What a filter looks at. */
export type Marks = Pick<IndexedLesson, "project" | "scope" | "category" | "tags" | "status">;

export function passes(filter: LessonFilter | undefined, marks: Marks): boolean {
  if (filter === undefined) return true;
  const { project, category, tags, status } = filter;
  return (
    (project === undefined || marks.scope === "team" || marks.project === project) &&
    (category === undefined || category.includes(marks.category)) &&
    (status === undefined || status.includes(marks.status)) &&
    (tags === undefined || tags.some((tag) => marks.tags.includes(tag)))
  );
}
