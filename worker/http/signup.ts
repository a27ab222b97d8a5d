/** `POST /api/signup`. */
import { z } from "zod";
import type { SignupResponse } from "../../schema/wire/http.ts";
import { MAX_SIGN_UPS_PER_WINDOW } from "../account/attempts.ts";
import { signUp } from "../account/signup.ts";
import { openKeyStore, openRequestAuth } from "./access.ts";
import { readJson } from "./body.ts";
import type { HttpContext, Reply } from "./context.ts";
import { emailField, nameField, newPasswordField } from "./field.ts";
import { refuseAttempt } from "./rate.ts";

const SIGN_UP = z.strictObject({
  team: nameField("The team's name"),
  email: emailField,
  password: newPasswordField,
  name: nameField("Your name").optional(),
  project: nameField("The project's name").default("main"),
});

export async function postSignup(c: HttpContext): Promise<Reply> {
  const refused = await refuseAttempt(c, "sign-up", MAX_SIGN_UPS_PER_WINDOW);
  if (refused !== null) return refused;
  const input = await readJson(c, SIGN_UP);
  if (!input.ok) return input.failure;
  const made = await signUp(
    openKeyStore(c),
    await openRequestAuth(c),
    input.value,
    c.req.raw.headers,
    new Date(),
  );
  if (!made.ok) return made.failure;
  c.get("cookies").push(...made.value.cookies);
  return Response.json(made.value.body satisfies SignupResponse, { status: 201 });
}
