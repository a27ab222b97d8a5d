/**
 * Sign-in by better-auth: e-mail and password, sessions in D1, organization = team.
 * One instance per environment and origin (`Auths`), so the cookies follow the
 * port and the scheme; what is of one request alone is given to each call.
 *
 * Sign-up is ours (signup.ts): better-auth's would leave a person without a team.
 */
import { betterAuth } from "better-auth/minimal";
import { drizzleAdapter } from "better-auth/adapters/drizzle";
import { organization } from "better-auth/plugins/organization";
import * as tables from "../../schema/table/tables.ts";
import { openDatabase, type Database } from "./database.ts";

/** NIST SP 800-63B §5.1.1.2: at least 8; a top, because scrypt reads all of it. */
export const MIN_PASSWORD_CHARACTERS = 8;
export const MAX_PASSWORD_CHARACTERS = 128;

/** Dashboards stay open on walls: a month without a visit ends a session, each day of use extends it. */
const SESSION_LIFETIME_S = 30 * 24 * 3600;
const SESSION_RENEWAL_S = 24 * 3600;

export interface AuthSettings {
  database: Database;
  /** Signs the cookies; at least 32 characters. */
  secret: string;
  /** Public origin of this installation, `https://host`. */
  origin: string;
  /** Every origin that a page of this installation may have. */
  trusted_origins: string[];
}

export function authOptions(settings: AuthSettings) {
  const https = settings.origin.startsWith("https:");
  return {
    appName: "Clusterfork",
    baseURL: settings.origin,
    basePath: "/api/auth",
    secret: settings.secret,
    trustedOrigins: settings.trusted_origins,
    database: drizzleAdapter(settings.database, { provider: "sqlite", schema: tables }),
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: MIN_PASSWORD_CHARACTERS,
      maxPasswordLength: MAX_PASSWORD_CHARACTERS,
    },
    session: { expiresIn: SESSION_LIFETIME_S, updateAge: SESSION_RENEWAL_S },
    // Ours counts in D1 over all isolates and answers in our error shape (attempts.ts).
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    // It would print e-mail addresses of failed sign-ins; failures are answered, not logged.
    logger: { disabled: true },
    advanced: {
      cookiePrefix: "clusterfork",
      useSecureCookies: https,
      defaultCookieAttributes: { httpOnly: true, sameSite: "lax" as const, secure: https, path: "/" },
    },
    plugins: [organization()],
  };
}

export function openAuth(settings: AuthSettings) {
  return betterAuth(authOptions(settings));
}
export type Auth = ReturnType<typeof openAuth>;

/** An installation has one or two origins; but whoever asks may write any host into his request. */
const MAX_KEPT = 8;

/** Keeps what it made: some 2 ms of the thread for each request by session, and nothing in it is of a request. */
export class Auths {
  readonly #kept = new Map<string, { d1: D1Database; auth: Auth }>();

  async open(d1: D1Database, settings: Omit<AuthSettings, "database">): Promise<Auth> {
    const key = JSON.stringify([settings.secret, settings.origin, settings.trusted_origins]);
    const kept = this.#kept.get(key);
    if (kept?.d1 === d1) return kept.auth;
    const auth = openAuth({ ...settings, database: openDatabase(d1) });
    // Kept once it is whole: a request cannot wait for what another one has begun.
    await auth.$context;
    this.#kept.delete(key);
    this.#kept.set(key, { d1, auth });
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= MAX_KEPT) break;
      this.#kept.delete(oldest);
    }
    return auth;
  }

  get size(): number {
    return this.#kept.size;
  }
}

export interface Person {
  id: string;
  name: string;
  email: string;
}

/**
 * Who is signed in, with the cookies by which better-auth extends the session.
 * Many requests carry no session at all: for them nothing is opened and nothing read.
 */
export async function findPerson(
  openAuth: () => Promise<Auth>,
  headers: Headers,
): Promise<{ person: Person; session_id: string; cookies: string[] } | null> {
  if (!headers.get("cookie")?.includes("clusterfork.session_token")) return null;
  const found = await (await openAuth()).api.getSession({ headers, returnHeaders: true });
  if (!found.response) return null;
  const { id, name, email } = found.response.user;
  return {
    person: { id, name, email },
    session_id: found.response.session.id,
    cookies: found.headers.getSetCookie(),
  };
}
