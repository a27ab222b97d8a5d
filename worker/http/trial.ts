/**
 * Who may move the trial of lessons: toss its coins, and say in the log what a task was given or searched for. That writes,
 * so a key needs the scope `ingest` for it, however little it asks (T4). People look, and move nothing.
 */
import type { Failure } from "../../schema/wire/error.ts";
import type { ProjectAccess } from "./context.ts";
import { refusalFailure } from "./error.ts";

type Drives = { ok: true; drives: boolean } | { ok: false; failure: Failure };

/** A key that has to wait is told so: given the plain answer instead, it would get what is held back from its task. */
export async function drivesTrial({ room, principal }: ProjectAccess): Promise<Drives> {
  if (principal.kind !== "key") return { ok: true, drives: false };
  const admitted = await room.admit(principal, "ingest");
  if (admitted.ok) return { ok: true, drives: true };
  if (admitted.reason === "insufficient_scope") return { ok: true, drives: false };
  return { ok: false, failure: refusalFailure(admitted) };
}

/** Whose tasks it is tried on; null: a person asks. */
export const keyOf = ({ principal }: Pick<ProjectAccess, "principal">): string | null =>
  principal.kind === "key" ? principal.key_id : null;
