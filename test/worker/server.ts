/** What the tests of the running Worker share: the migrated database, sign-up, and requests with a key or a session. */
import { applyD1Migrations } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import type { SignupResponse } from "../../schema/wire/http.ts";

export const ORIGIN = "http://clusterfork.test";

export async function migrate(): Promise<void> {
  await applyD1Migrations(env.DB, env.TEST_MIGRATIONS);
}

export interface Account extends SignupResponse {
  email: string;
  password: string;
  cookie: string;
}

export function cookieOf(reply: Response): string {
  return reply.headers
    .getSetCookie()
    .map((cookie) => cookie.split(";")[0])
    .join("; ");
}

export function call(path: string, init: RequestInit = {}): Promise<Response> {
  return exports.default.fetch(`${ORIGIN}${path}`, init);
}

export function asKey(key: string, path: string, init: RequestInit = {}): Promise<Response> {
  return call(path, { ...init, headers: { authorization: `Bearer ${key}`, ...init.headers } });
}

export function asPerson(cookie: string, path: string, init: RequestInit = {}): Promise<Response> {
  return call(path, { ...init, headers: { cookie, origin: ORIGIN, ...init.headers } });
}

export const json = (method: string, body: unknown): RequestInit & { headers: Record<string, string> } => ({
  method,
  headers: { "content-type": "application/json" },
  body: JSON.stringify(body),
});

/** A fresh team with an address of its own: storage is shared within a test file. */
export async function signUp(team: string): Promise<Account> {
  const email = `${crypto.randomUUID()}@example.com`;
  const password = "correct horse battery";
  const reply = await call("/api/signup", json("POST", { team, email, password }));
  if (reply.status !== 201) throw new Error(`sign-up answered ${reply.status}: ${await reply.text()}`);
  return { ...(await reply.json<SignupResponse>()), email, password, cookie: cookieOf(reply) };
}
