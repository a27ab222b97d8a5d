/**
 * `/api/auth/*`: sign-in, sign-out, who am I. Only these of better-auth's many
 * routes are open: its own sign-up would leave a person without a team, and its
 * organization routes would change memberships behind the sockets' back (V3).
 */
import { z } from "zod";
import { MAX_SIGN_INS_PER_WINDOW } from "../account/attempts.ts";
import { MAX_PASSWORD_CHARACTERS } from "../account/auth.ts";
import { openDatabase } from "../account/database.ts";
import { listProjectIdsOf } from "../account/membership.ts";
import { accessBySession, isFailure, openRequestAuth, openRoom } from "./access.ts";
import { readJson } from "./body.ts";
import type { HttpContext, Reply } from "./context.ts";
import { emailField } from "./field.ts";
import { refuseAttempt } from "./rate.ts";

const SIGN_IN = z.object({
  email: emailField,
  password: z
    .string({ error: "A password is needed." })
    .min(1, "A password is needed.")
    .max(MAX_PASSWORD_CHARACTERS, `A password has at most ${MAX_PASSWORD_CHARACTERS} characters.`),
});

export async function postSignIn(c: HttpContext): Promise<Reply> {
  const refused = await refuseAttempt(c, "sign-in", MAX_SIGN_INS_PER_WINDOW);
  if (refused !== null) return refused;
  const input = await readJson(c, SIGN_IN);
  if (!input.ok) return input.failure;
  const session = await (
    await openRequestAuth(c)
  ).api.signInEmail({
    body: input.value,
    headers: c.req.raw.headers,
    asResponse: true,
  });
  if (session.status >= 500) throw new Error(`better-auth answered a sign-in with ${session.status}`);
  if (!session.ok) {
    return {
      code: "unauthenticated",
      message: "E-mail address or password is wrong. Check both, or sign up if you have no account yet.",
    };
  }
  c.get("cookies").push(...session.headers.getSetCookie());
  // Its own body holds the session's token, which scripts must not see: the cookie is HttpOnly for that.
  const { user } = await session.json<{ user: { id: string; name: string; email: string } }>();
  return Response.json({ user: { id: user.id, name: user.name, email: user.email } });
}

/**
 * Succeeds for nobody too: who is signed out has what was asked for. The session first, so that nothing new is
 * opened with it, then what is open (V3).
 */
export async function postSignOut(c: HttpContext): Promise<Reply> {
  const person = await accessBySession(c);
  const session_id = c.get("session_id");
  const reply = await (
    await openRequestAuth(c)
  ).api.signOut({ headers: c.req.raw.headers, asResponse: true });
  if (reply.status >= 500) throw new Error(`better-auth answered a sign-out with ${reply.status}`);
  // Instead of what would extend the session.
  c.set("cookies", reply.headers.getSetCookie());
  if (!isFailure(person) && session_id !== null) {
    const projects = await listProjectIdsOf(openDatabase(c.env.DB), person.id);
    const drops = await Promise.allSettled(projects.map((id) => openRoom(c, id).dropSession(session_id)));
    // The cookie is gone, so nobody could send it again: the socket's page closes it too, when it leaves.
    for (const drop of drops)
      if (drop.status === "rejected") console.error("a live view may outlive its sign-out", drop.reason);
  }
  return Response.json({ success: true });
}

/** `{ user }`, or null for nobody: pages ask this to choose what to show, so it is no error. */
export async function getSession(c: HttpContext): Promise<Reply> {
  const person = await accessBySession(c);
  return Response.json(isFailure(person) ? null : { user: person });
}
