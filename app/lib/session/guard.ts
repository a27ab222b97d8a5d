/** Who may see a page. Used by `load`, so that nothing is drawn before the answer. */
import { error, redirect } from "@sveltejs/kit";
import { requestId } from "#lib/api/failure.ts";
import { signInPath } from "./place.ts";
import type { Project, Session, Team } from "./session.svelte.ts";

/** Sends the reader to sign in, and back here afterwards; says so when the server is away. */
export function requireSignedIn(session: Session, here: string): void {
  if (session.state.kind === "unreachable") {
    const request_id = requestId(session.state.failure);
    error(503, {
      message: session.state.failure.message,
      ...(request_id === undefined ? {} : { request_id }),
    });
  }
  if (session.state.kind === "signed_out") redirect(307, signInPath({ next: here }));
}

/** Unknown and not yours look alike (T1). */
export function requireProject(
  session: Session,
  params: { team: string; project: string },
  here: string,
): { team: Team; project: Project } {
  requireSignedIn(session, here);
  const found = session.find(params.team, params.project);
  if (found === undefined)
    error(404, { message: "There is no such project, or you are not a member of its team." });
  return found;
}
