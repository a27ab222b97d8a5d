/** `GET …/state`: now or at a moment of the past, and the reading of it that tasks, features and agents share. */
import type { Failure } from "../../schema/wire/error.ts";
import { packText } from "../../schema/state/pack.ts";
import type { WireState } from "../../schema/state/state.ts";
import type { Moment, StateReply } from "../room/contract.ts";
import type { HttpContext, ProjectAccess, Reply } from "./context.ts";
import { refusalFailure } from "./error.ts";
import { jsonReply } from "./events.ts";
import { foldPast, seenThrough } from "./past.ts";
import { takesGzip } from "./gzip.ts";
import { momentParameter, parseQuery } from "./query.ts";

export async function getState(c: HttpContext, access: ProjectAccess): Promise<Reply> {
  const query = parseQuery(c, { at: momentParameter.optional() });
  if (!query.ok) return query.failure;
  const { at } = query.value;
  const packed = c.req.header("accept")?.includes(LINES) === true;
  if (at !== undefined) return stateAt(c, lookingBack(access), at, packed);
  const reply = await access.room.readState(access.principal, packed ? "packed" : "json");
  return reply.ok ? stateReply(c, reply, packed) : refusalFailure(reply);
}

const LINES = "application/x-ndjson";

function stateReply(
  c: HttpContext,
  { seq, time, state, packed }: Omit<StateReply, "ok">,
  as_lines: boolean,
): Response {
  if (!as_lines) return jsonReply(`{"seq":${seq},"time":${time},"state":${state}}`);
  // A WireState's text, of a link or of the past: the room had nothing packed of it.
  const lines = packed === true ? state : packText(JSON.parse(state) as WireState);
  const headers = new Headers({ "Content-Type": `${LINES}; charset=utf-8`, Vary: "Accept, Accept-Encoding" });
  // The edge leaves lines as they are, and on a phone's line they are worth it: 1 MB becomes 0.2.
  if (takesGzip(c.req.header("accept-encoding"))) headers.set("Content-Encoding", "gzip");
  return new Response(lines, { headers });
}

/** A link that shows the present shows the past only where its views say so. */
function lookingBack(access: ProjectAccess): ProjectAccess {
  const { principal } = access;
  return principal.kind === "share"
    ? { ...access, principal: { ...principal, through: ["history"] } }
    : access;
}

async function stateAt(c: HttpContext, access: ProjectAccess, at: Moment, packed: boolean): Promise<Reply> {
  const past = await access.room.readPast(access.principal, at);
  if (!past.ok) return refusalFailure(past);
  const { seq, head, present } = past;
  if (seq > head.seq) {
    return {
      code: "invalid_parameter",
      message: `Seq ${seq} has not happened: the log ends at ${head.seq}. Ask for a seq from 0 to ${head.seq}, for a time, or leave "at" out for the present.`,
      details: { head: head.seq },
    };
  }
  const { lens } = access;
  const found =
    present === null
      ? await foldPast(access, past)
      : // It comes as the team sees it.
        { ...present, state: lens === undefined ? present.state : seenThrough(lens, present.state) };
  if (!found.ok) return refusalFailure(found);
  return stateReply(c, { seq, time: found.time, state: found.state }, packed);
}

export async function readWireState(
  access: ProjectAccess,
): Promise<{ ok: true; state: WireState } | Failure> {
  const reply = await access.room.readState(access.principal);
  if (!reply.ok) return refusalFailure(reply);
  // The room wrote this text from a WireState a moment ago.
  return { ok: true, state: JSON.parse(reply.state) as WireState };
}
