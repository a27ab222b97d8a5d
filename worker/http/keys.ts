/** `/api/keys`: list by project, make, revoke. The whole key is in the reply to its making and nowhere else. */
import { z } from "zod";
import { SCOPES, type KeyCreatedResponse, type KeysResponse } from "../../schema/wire/http.ts";
import type { Person } from "../account/auth.ts";
import { findKeyMembership } from "../account/membership.ts";
import { createKeys, listKeys, revokeKey } from "../account/keys.ts";
import { accessByMembership, isFailure, openKeyStore, refuseRole } from "./access.ts";
import { readJson } from "./body.ts";
import type { HttpContext, Reply } from "./context.ts";
import { nameField } from "./field.ts";
import { parseQuery, textParameter } from "./query.ts";

export async function getKeys(c: HttpContext, person: Person): Promise<Reply> {
  const query = parseQuery(c, { project: textParameter });
  if (!query.ok) return query.failure;
  const access = await accessByMembership(c, person, query.value.project, "key.list");
  if (isFailure(access)) return access;
  const keys = await listKeys(openKeyStore(c), access.project_id, new Date());
  return Response.json({ keys } satisfies KeysResponse);
}

const NEW_KEY = z.strictObject({
  project: z.string({ error: "The project's id is needed; GET /api/teams lists them." }),
  name: nameField("The key's name"),
  scopes: z
    .array(z.enum(SCOPES, { error: `A scope is one of ${SCOPES.join(", ")}.` }), {
      error: `Scopes are needed: an array of ${SCOPES.join(", ")}.`,
    })
    .min(1, "A key needs at least one scope.")
    .transform((wanted) => SCOPES.filter((scope) => wanted.includes(scope))),
});

export async function postKey(c: HttpContext, person: Person): Promise<Reply> {
  const input = await readJson(c, NEW_KEY);
  if (!input.ok) return input.failure;
  const { project, name, scopes } = input.value;
  const access = await accessByMembership(c, person, project, "key.manage");
  if (isFailure(access)) return access;
  const store = openKeyStore(c);
  const [made] = await createKeys(store, access.project_id, [{ name, scopes }], person.id, new Date());
  if (!made) throw new Error("createKeys must return a key for each wanted one");
  return Response.json(made satisfies KeyCreatedResponse, { status: 201 });
}

export async function deleteKey(c: HttpContext, person: Person): Promise<Reply> {
  const store = openKeyStore(c);
  const key_id = c.req.param("key") ?? "";
  const membership = await findKeyMembership(store.database, person.id, key_id);
  if (membership === null) {
    return { code: "not_found", message: "There is no such key in your projects. GET /api/keys lists them." };
  }
  const refused = refuseRole(membership.role, "key.manage");
  if (refused !== null) return refused;
  await revokeKey(store, membership.project.id, key_id, new Date());
  return new Response(null, { status: 204 });
}
