/**
 * Sign-up: person, team, project and two keys in one call.
 *
 *   person ─▶ password ─▶ session ─▶ team ─▶ project ─▶ keys ─▶ 201
 *
 * Each step looks for what it would make and makes only what is missing, so a
 * sign-up that was cut off anywhere completes when it is sent again with the
 * same e-mail and password. It is complete once keys were shown; from then on
 * the same request is refused, because a key is shown only once.
 */
import { eq, sql } from "drizzle-orm";
import type { ProjectRef, SignupResponse, TeamRef } from "../../schema/wire/http.ts";
import type { JoinedResponse } from "../../schema/wire/team.ts";
import { account, member, organization, project, user } from "../../schema/table/tables.ts";
import type { Auth } from "./auth.ts";
import { newProjectId, newRowId } from "./identifier.ts";
import { acceptInvitation, lookAtInvitation } from "./invitations.ts";
import { createKeys, hasReadyKey, type KeyStore } from "./keys.ts";
import { done, failed, type Outcome } from "./outcome.ts";
import { freeSlug, MAX_SLUG_ROUNDS, slugify } from "./slug.ts";
import { freeTeamSlug } from "./teams.ts";

export interface SignUpInput {
  team: string;
  /** Lower case. */
  email: string;
  password: string;
  /** The person's name; the part of the address before the @ where absent. */
  name?: string;
  /** The first project's name. */
  project: string;
}

/** One answer for a wrong password and for a finished sign-up: it tells a stranger nothing more. */
const TAKEN = failed(
  "already_exists",
  "There is an account with this e-mail address. Sign in with it; new keys are made in the project's settings.",
);

/** `cookies` are the Set-Cookie values of the new session. */
export async function signUp(
  store: KeyStore,
  auth: Auth,
  input: SignUpInput,
  headers: Headers,
  now: Date,
): Promise<Outcome<{ body: SignupResponse; cookies: string[] }>> {
  const person_id = await ensurePerson(store, input);
  if (await isComplete(store, person_id)) return TAKEN;
  const cookies = await enter(store, auth, person_id, input, headers);
  if (cookies === null) return TAKEN;

  const team = await ensureTeam(store, person_id, input.team);
  const first = await ensureProject(store, team.id, input.project, now);
  const [ingest, read] = await createKeys(
    store,
    first.id,
    [
      { name: "ingest", scopes: ["ingest"] },
      { name: "read", scopes: ["read"] },
    ],
    person_id,
    now,
  );
  if (!ingest || !read) throw new Error("createKeys must return a key for each wanted one");
  return done({
    body: { team, project: first, keys: { ingest: ingest.secret, read: read.secret } },
    cookies,
  });
}

/** A password where there is none yet, and a session; null: the account has another password. */
async function enter(
  store: KeyStore,
  auth: Auth,
  person_id: string,
  { email, password }: Pick<SignUpInput, "email" | "password">,
  headers: Headers,
): Promise<string[] | null> {
  await ensurePassword(store, auth, person_id, password);
  const session = await auth.api.signInEmail({ body: { email, password }, headers, asResponse: true });
  return session.ok ? session.headers.getSetCookie() : null;
}

/**
 * Sign-up of somebody who was invited: person, password, session, membership; no
 * team and no project of his own. It looks before it makes too, so it completes
 * when it is repeated, and who has an account and its password just joins.
 */
export async function signUpInvited(
  store: KeyStore,
  auth: Auth,
  input: { token: string; email: string; password: string; name?: string },
  headers: Headers,
  now: Date,
): Promise<Outcome<{ body: JoinedResponse; cookies: string[] }>> {
  // A link that is no longer good makes no account.
  const offer = await lookAtInvitation(store.database, input.token, now);
  if (!offer.ok) return offer;
  const person_id = await ensurePerson(store, input);
  const cookies = await enter(store, auth, person_id, input, headers);
  if (cookies === null) return TAKEN;
  const joined = await acceptInvitation(store.database, input.token, person_id, now);
  return joined.ok ? done({ body: joined.value, cookies }) : joined;
}

/** A person's first team is named after the person, so that two sign-ups at once cannot make two. */
const firstTeamId = (person_id: string): string => `t${person_id}`;

async function ensurePerson(
  { database }: KeyStore,
  input: { email: string; name?: string },
): Promise<string> {
  const name = input.name ?? input.email.slice(0, input.email.indexOf("@"));
  await database
    .insert(user)
    .values({ id: newRowId(), name, email: input.email })
    .onConflictDoNothing({ target: user.email });
  const [row] = await database.select({ id: user.id }).from(user).where(eq(user.email, input.email));
  if (!row) throw new Error("a person vanished between two statements of sign-up");
  return row.id;
}

/** Complete: keys of the first team were shown, or the person came another way (by invitation). */
async function isComplete({ database }: KeyStore, person_id: string): Promise<boolean> {
  const own = await database
    .select({ id: project.id })
    .from(project)
    .where(eq(project.team_id, firstTeamId(person_id)));
  for (const { id } of own) {
    if (await hasReadyKey(database, id)) return true;
  }
  const memberships = await database
    .select({ team_id: member.organizationId })
    .from(member)
    .where(eq(member.userId, person_id));
  return memberships.some((row) => row.team_id !== firstTeamId(person_id));
}

/**
 * Gives a person without any way to sign in this password: that is a sign-up
 * cut off after its first step. Who has a password keeps it.
 */
async function ensurePassword(
  { database }: KeyStore,
  auth: Auth,
  person_id: string,
  password: string,
): Promise<void> {
  const [known] = await database
    .select({ id: account.id })
    .from(account)
    .where(eq(account.userId, person_id))
    .limit(1);
  if (known) return;
  const context = await auth.$context;
  await database
    .insert(account)
    .values({
      id: newRowId(),
      accountId: person_id,
      providerId: "credential",
      userId: person_id,
      password: await context.password.hash(password),
    })
    .onConflictDoNothing();
}

async function ensureTeam({ database }: KeyStore, person_id: string, name: string): Promise<TeamRef> {
  const id = firstTeamId(person_id);
  for (let round = 0; round < MAX_SLUG_ROUNDS; round++) {
    const [found] = await database
      .select({ id: organization.id, name: organization.name, slug: organization.slug })
      .from(organization)
      .where(eq(organization.id, id));
    if (found) {
      await database
        .insert(member)
        .values({ id: newRowId(), organizationId: id, userId: person_id, role: "owner" })
        .onConflictDoNothing();
      return found;
    }
    const slug = await freeTeamSlug(database, name);
    await database.insert(organization).values({ id, name, slug }).onConflictDoNothing();
  }
  throw new Error(`no free slug for team ${id} after ${MAX_SLUG_ROUNDS} rounds`);
}

async function ensureProject(
  { database }: KeyStore,
  team_id: string,
  name: string,
  now: Date,
): Promise<ProjectRef> {
  // One statement looks and makes, so that of two sign-ups at once one makes it.
  const slug = freeSlug(slugify(name, "project"), new Set());
  // All columns, in the order of the table.
  await database.insert(project).select(
    sql`select ${newProjectId()}, ${team_id}, ${name}, ${slug}, 0, ${now.getTime()}
        where not exists (select 1 from ${project} where ${project.team_id} = ${team_id})`,
  );
  const [found] = await database
    .select({ id: project.id, name: project.name, slug: project.slug, sample: project.sample })
    .from(project)
    .where(eq(project.team_id, team_id))
    .orderBy(project.created_at, project.id)
    .limit(1);
  if (!found) throw new Error(`team ${team_id} has no project after one was made`);
  return found;
}
