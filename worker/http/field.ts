/** Fields that several bodies share, with messages for people. */
import { z } from "zod";
import { MAX_PASSWORD_CHARACTERS, MIN_PASSWORD_CHARACTERS } from "../account/auth.ts";
import { MAX_NAME_CHARACTERS } from "../account/projects.ts";

/** RFC 5321 §4.5.3.1.3: a path of 256 octets, less its brackets. */
const MAX_EMAIL_CHARACTERS = 254;

/** They split log lines, hide in terminals and turn the reading direction of what stands around a name. */
const UNSAFE = /[\p{Cc}\p{Cs}\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;
/** Something to see: not fillers and joiners alone. */
const VISIBLE = /[^\p{Default_Ignorable_Code_Point}\p{Cf}\p{White_Space}\u2800]/u;

export const nameField = (what: string) =>
  z
    .string({ error: `${what} is needed, as text.` })
    .trim()
    .refine((name) => !UNSAFE.test(name), `${what} holds a control or direction character. Type it anew.`)
    .refine((name) => name === "" || VISIBLE.test(name), `${what} shows nothing. Use letters.`)
    .min(1, `${what} must not be empty.`)
    .max(MAX_NAME_CHARACTERS, `${what} may have at most ${MAX_NAME_CHARACTERS} characters.`);

export const newPasswordField = z
  .string({ error: "A password is needed." })
  .min(MIN_PASSWORD_CHARACTERS, `The password needs at least ${MIN_PASSWORD_CHARACTERS} characters.`)
  .max(MAX_PASSWORD_CHARACTERS, `The password may have at most ${MAX_PASSWORD_CHARACTERS} characters.`);

export const emailField = z
  .string({ error: "An e-mail address is needed." })
  .trim()
  .toLowerCase()
  .max(MAX_EMAIL_CHARACTERS, `The e-mail address may have at most ${MAX_EMAIL_CHARACTERS} characters.`)
  .pipe(z.email("This is not an e-mail address. It should look like name@example.com."));
