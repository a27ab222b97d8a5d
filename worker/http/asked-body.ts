/** JSON bodies of routes that a key may call: small ones, read into a schema. */
import type { z } from "zod";
import type { Failure } from "../../schema/wire/error.ts";
import { readJson, receiveBody } from "./body.ts";
import type { HttpContext, ProjectAccess } from "./context.ts";
import { refusalFailure } from "./error.ts";
import { refuseParameters } from "./query.ts";

type Read<T> = { ok: true; value: T } | { ok: false; failure: Failure };

/** A body that is wrong is told of only to who may ask at all (T4). */
export async function readAsked<T>(
  c: HttpContext,
  { room, principal }: ProjectAccess,
  scope: "admin" | "ingest",
  schema: z.ZodType<T>,
): Promise<Read<T>> {
  if (principal.kind === "key") await receiveBody(c);
  const read = await readJson(c, schema);
  if (read.ok) return read;
  const admitted = await room.admit(principal, scope);
  return admitted.ok ? read : { ok: false, failure: refusalFailure(admitted) };
}

/** The same where the address takes no parameter. */
export async function readAskedAlone<T>(
  c: HttpContext,
  access: ProjectAccess,
  scope: "admin" | "ingest",
  schema: z.ZodType<T>,
): Promise<Read<T>> {
  return refuseParameters(c) ?? readAsked(c, access, scope, schema);
}
