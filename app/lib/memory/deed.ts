/** What may become of a lesson from where it stands. */
import type { Lesson } from "../../../schema/wire/lesson.ts";
import type { LessonDeed } from "#lib/api/api.ts";

export function deedsOf({
  status,
  wants_team,
}: Pick<Lesson, "status" | "wants_team">): { deed: LessonDeed; label: string }[] {
  const approve = { deed: "approve" as const, label: wants_team ? "Approve for the team" : "Approve" };
  return [
    ...(status !== "active" || wants_team ? [approve] : []),
    ...(status === "quarantined" ? [] : [{ deed: "quarantine" as const, label: "Quarantine" }]),
    ...(status === "retired" ? [] : [{ deed: "retire" as const, label: "Retire" }]),
  ];
}
