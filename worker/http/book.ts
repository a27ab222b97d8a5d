/** The way to a team's book of lessons: the room says whether one may ask, the project says which book (T1, T4). */
import type { Failure } from "../../schema/wire/error.ts";
import type { Scope } from "../../schema/wire/http.ts";
import type { TeamOf } from "../account/team-of.ts";
import type { BookRpc } from "../learning/query/book.ts";
import type { HttpContext, ProjectAccess } from "./context.ts";
import { refusalFailure } from "./error.ts";

const GONE: Failure = { code: "not_found", message: "There is no such project any more." };

export async function openBook(
  c: HttpContext,
  { room, principal, project_id }: ProjectAccess,
  needed: Scope,
  teamOf: TeamOf,
): Promise<{ ok: true; book: BookRpc } | { ok: false; failure: Failure }> {
  const admitted = await room.admit(principal, needed);
  if (!admitted.ok) return { ok: false, failure: refusalFailure(admitted) };
  const team_id = await teamOf(c.env.DB, project_id);
  if (team_id === null) return { ok: false, failure: GONE };
  return { ok: true, book: bookOf(c, team_id) };
}

/** For who was let in already. */
export function bookOf(c: HttpContext, team_id: string): BookRpc {
  return c.env.LESSON_BOOK.get(c.env.LESSON_BOOK.idFromName(team_id));
}
