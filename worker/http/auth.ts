/**
 * `/api/auth/*`: sign-in, sign-out, who am I. Only these of better-auth's many
 * routes are open: its own sign-up would leave a person without a team, and its
 * organization routes would change memberships behind the sockets' back (V3).
 */
import { z } from "zod";
import { MAX_SIGN_INS_PER_WINDOW } from "../account/attempts.ts";
import { MAX_PASSWORD_CHARACTERS } from "../account/auth.ts";
import { accessBySession, isFailure, openRequestAuth } from "./access.ts";
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
  const session = await openRequestAuth(c).api.signInEmail({
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

/** Succeeds for nobody too: who is signed out has what was asked for. */
export async function postSignOut(c: HttpContext): Promise<Reply> {
  const reply = await openRequestAuth(c).api.signOut({ headers: c.req.raw.headers, asResponse: true });
  if (reply.status >= 500) throw new Error(`better-auth answered a sign-out with ${reply.status}`);
  c.get("cookies").push(...reply.headers.getSetCookie());
  return Response.json({ success: true });
}

/** `{ user }`, or null for nobody: pages ask this to choose what to show, so it is no error. */
export async function getSession(c: HttpContext): Promise<Reply> {
  const person = await accessBySession(c);
  return Response.json(isFailure(person) ? null : { user: person });
}
