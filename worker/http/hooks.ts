/** `/api/hooks`: list by project, make, revoke. The secret is in the reply to its making and nowhere else. */
import { z } from "zod";
import type { HookCreatedResponse, HookInfo, HooksResponse } from "../../schema/wire/hook.ts";
import type { Person } from "../account/auth.ts";
import { createHook, listHooks, type Hook } from "../account/hooks.ts";
import { revokeKey } from "../account/keys.ts";
import { findKeyMembership } from "../account/membership.ts";
import { accessByMembership, isFailure, openKeyStore, refuseRole } from "./access.ts";
import { readJson } from "./body.ts";
import type { HttpContext, Reply } from "./context.ts";
import { nameField } from "./field.ts";
import { parseQuery, textParameter } from "./query.ts";
import { ownOrigins } from "./security.ts";

export async function getHooks(c: HttpContext, person: Person): Promise<Reply> {
  const query = parseQuery(c, { project: textParameter });
  if (!query.ok) return query.failure;
  const access = await accessByMembership(c, person, query.value.project, "key.list");
  if (isFailure(access)) return access;
  const hooks = await listHooks(openKeyStore(c), access.project_id);
  return Response.json({ hooks: hooks.map((hook) => describe(c, hook)) } satisfies HooksResponse);
}

const NEW_HOOK = z.strictObject({
  project: z.string({ error: "The project's id is needed; GET /api/teams lists them." }),
  name: nameField("The hook's name"),
});

export async function postHook(c: HttpContext, person: Person): Promise<Reply> {
  const input = await readJson(c, NEW_HOOK);
  if (!input.ok) return input.failure;
  const { project, name } = input.value;
  const access = await accessByMembership(c, person, project, "key.manage");
  if (isFailure(access)) return access;
  const { hook, secret } = await createHook(openKeyStore(c), access.project_id, name, person.id, new Date());
  return Response.json({ hook: describe(c, hook), secret } satisfies HookCreatedResponse, { status: 201 });
}

export async function deleteHook(c: HttpContext, person: Person): Promise<Reply> {
  const store = openKeyStore(c);
  const hook_id = c.req.param("key") ?? "";
  const membership = await findKeyMembership(store.database, person.id, hook_id);
  if (membership === null) {
    const message = "There is no such hook in your projects. GET /api/hooks lists them.";
    return { code: "not_found", message };
  }
  const refused = refuseRole(membership.role, "key.manage");
  if (refused !== null) return refused;
  await revokeKey(store, membership.project.id, hook_id, new Date());
  return new Response(null, { status: 204 });
}

function describe(c: HttpContext, { id, name, text, created_at, revoked_at }: Hook): HookInfo {
  return {
    id,
    name,
    url: `${ownOrigins(c).origin}/v1/hooks/github/${text}`,
    created_at: created_at.toISOString(),
    revoked_at: revoked_at?.toISOString() ?? null,
  };
}
