/** `POST /api/signup`. */
import { z } from "zod";
import type { SignupResponse } from "../../schema/wire/http.ts";
import { MAX_SIGN_UPS_PER_WINDOW } from "../account/attempts.ts";
import type { Auth } from "../account/auth.ts";
import type { KeyStore } from "../account/keys.ts";
import type { Outcome } from "../account/outcome.ts";
import { signUp } from "../account/signup.ts";
import { openKeyStore, openRequestAuth } from "./access.ts";
import { readJson } from "./body.ts";
import type { HttpContext, Reply } from "./context.ts";
import { emailField, nameField, newPasswordField } from "./field.ts";
import { refuseAttempt } from "./rate.ts";

type SignUp<Input, Body> = (
  store: KeyStore,
  auth: Auth,
  input: Input,
  headers: Headers,
  now: Date,
) => Promise<Outcome<{ body: Body; cookies: string[] }>>;

const SIGN_UP = z.strictObject({
  team: nameField("The team's name"),
  email: emailField,
  password: newPasswordField,
  name: nameField("Your name").optional(),
  project: nameField("The project's name").default("main"),
});

/** One who signs up becomes a person with a session, whatever else he is given: each try counts against his address. */
export function createSignUp<Input, Body>(
  schema: z.ZodType<Input>,
  make: SignUp<Input, Body>,
): (c: HttpContext) => Promise<Reply> {
  return async (c) => {
    const refused = await refuseAttempt(c, "sign-up", MAX_SIGN_UPS_PER_WINDOW);
    if (refused !== null) return refused;
    const input = await readJson(c, schema);
    if (!input.ok) return input.failure;
    const made = await make(
      openKeyStore(c),
      await openRequestAuth(c),
      input.value,
      c.req.raw.headers,
      new Date(),
    );
    if (!made.ok) return made.failure;
    c.get("cookies").push(...made.value.cookies);
    return Response.json(made.value.body, { status: 201 });
  };
}

export const postSignup = createSignUp<z.infer<typeof SIGN_UP>, SignupResponse>(SIGN_UP, signUp);
