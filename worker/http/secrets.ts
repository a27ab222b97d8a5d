/** A server without its secrets would sign sessions and keys with what anybody can guess: it refuses instead. */
import type { Failure } from "../../schema/wire/error.ts";
import type { Env } from "../env.ts";

/** 32 characters of base64 are 192 bits, beyond any guessing. */
const MIN_SECRET_CHARACTERS = 32;
/** Whoever deploys sets them by hand: a minute at least. */
const RETRY_S = 60;

/** Null when both secrets are there. */
export function refuseWithoutSecrets(env: Partial<Pick<Env, "AUTH_SECRET" | "KEY_SECRET">>): Failure | null {
  for (const name of ["AUTH_SECRET", "KEY_SECRET"] as const) {
    if ((env[name]?.length ?? 0) >= MIN_SECRET_CHARACTERS) continue;
    return {
      code: "unavailable",
      message: `This server is not set up yet: its secret ${name} is missing or shorter than ${MIN_SECRET_CHARACTERS} characters. Whoever deploys it sets it with \`npx wrangler secret put ${name} --env production\`.`,
      retry_after_s: RETRY_S,
    };
  }
  return null;
}
