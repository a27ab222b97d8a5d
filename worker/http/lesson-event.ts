/** What is said about lessons in Clusterfork's name: by whom, and under which id. */
import type { Json } from "../../schema/event/event.ts";
import type { OwnEvent } from "../../schema/event/own.ts";
import { openDatabase } from "../account/database.ts";
import { personName } from "../account/person-name.ts";
import type { HttpContext, ProjectAccess } from "./context.ts";

const ORGAN = "lessons";

export function ownEvent(event_type: string, cause: OwnEvent["cause"]): Omit<OwnEvent, "metadata"> {
  return { organ: ORGAN, cause, event_type, timestamp: new Date().toISOString() };
}

/** Without what is absent. */
export function known<T extends Json>(fields: Record<string, T | undefined>): Record<string, T> {
  return Object.fromEntries(
    Object.entries(fields).filter((entry): entry is [string, T] => entry[1] !== undefined),
  );
}

/** Whose doing it is, as the log says it. */
export async function asker(c: HttpContext, { principal }: ProjectAccess): Promise<string> {
  if (principal.kind === "session") return personName(openDatabase(c.env.DB), principal.user_id);
  return principal.kind === "key" ? `key ${principal.key_id}` : "";
}
