/** `GET …/agents`. */
import { AGENT_STATUSES } from "../../schema/state/state.ts";
import type { AgentsResponse } from "../../schema/wire/http.ts";
import type { HttpContext, ProjectAccess, Reply } from "./context.ts";
import { choiceParameter, parseQuery, textParameter } from "./query.ts";
import { readWireState } from "./state.ts";

const PARAMETERS = { status: choiceParameter(AGENT_STATUSES).optional(), role: textParameter.optional() };

export async function getAgents(c: HttpContext, access: ProjectAccess): Promise<Reply> {
  const query = parseQuery(c, PARAMETERS);
  if (!query.ok) return query.failure;
  const read = await readWireState(access);
  if (!("ok" in read)) return read;
  const { status, role } = query.value;
  const agents = read.state.agents.filter(
    (agent) =>
      (status === undefined || status.includes(agent.status)) && (role === undefined || agent.role === role),
  );
  return Response.json({ agents } satisfies AgentsResponse);
}
