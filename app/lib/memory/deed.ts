/** What may become of a lesson from where it stands. */
import type { Lesson, LessonScope } from "../../../schema/wire/lesson.ts";
import type { LessonDeed } from "#lib/api/api.ts";

export interface Deed {
  deed: LessonDeed;
  /** Of an approval, who finds it from then on; absent: as it was meant. */
  scope?: LessonScope;
  label: string;
}

export function deedsOf({
  status,
  wants_team,
  scope,
}: Pick<Lesson, "status" | "wants_team" | "scope">): Deed[] {
  const deeds: Deed[] = [];
  if (wants_team) deeds.push({ deed: "approve", label: "Approve for the team" });
  else if (status !== "active") deeds.push({ deed: "approve", label: "Approve" });
  else if (scope === "project") deeds.push({ deed: "approve", scope: "team", label: "Share with the team" });
  if (status !== "quarantined") deeds.push({ deed: "quarantine", label: "Quarantine" });
  if (status !== "retired") deeds.push({ deed: "retire", label: "Retire" });
  return deeds;
}
