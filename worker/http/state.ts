/** `GET …/state`: the live state, and the reading of it that tasks, features and agents share. */
import type { Failure } from "../../schema/wire/error.ts";
import type { WireState } from "../../schema/state/state.ts";
import type { HttpContext, ProjectAccess, Reply } from "./context.ts";
import { refusalFailure } from "./error.ts";
import { jsonReply } from "./events.ts";
import { parseQuery, textParameter } from "./query.ts";

export async function getState(c: HttpContext, access: ProjectAccess): Promise<Reply> {
  const query = parseQuery(c, { at: textParameter.optional() });
  if (!query.ok) return query.failure;
  const reply = await access.room.readState(access.principal);
  if (!reply.ok) return refusalFailure(reply);
  const { at } = query.value;
  if (at !== undefined && at !== String(reply.seq)) {
    return {
      code: "invalid_parameter",
      message: `Only the present state is served (seq ${reply.seq}). Leave "at" out, or read the events up to there and fold them.`,
    };
  }
  return jsonReply(`{"seq":${reply.seq},"time":${reply.time},"state":${reply.state}}`);
}

export async function readWireState(
  access: ProjectAccess,
): Promise<{ ok: true; state: WireState } | Failure> {
  const reply = await access.room.readState(access.principal);
  if (!reply.ok) return refusalFailure(reply);
  // The room wrote this text from a WireState a moment ago.
  return { ok: true, state: JSON.parse(reply.state) as WireState };
}
