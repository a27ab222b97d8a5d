/** `GET …/agents`: the newest; `GET …/agents/:id`: any there ever was. */
import { AGENT_STATUSES } from "../../schema/state/entity/agent.ts";
import type { AgentResponse, AgentsResponse } from "../../schema/wire/http.ts";
import type { HttpContext, ProjectAccess, Reply } from "./context.ts";
import { choiceParameter, parseQuery, textParameter } from "./query.ts";
import { readWireState } from "./state.ts";
import { wholeEntity } from "./whole.ts";

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

export async function getAgent(c: HttpContext, access: ProjectAccess): Promise<Reply> {
  const query = parseQuery(c, {});
  if (!query.ok) return query.failure;
  const read = await readWireState(access);
  if (!("ok" in read)) return read;
  const id = c.req.param("id") ?? "";
  const { agents, counters } = read.state;
  const hot = agents.find((candidate) => candidate.id === id);
  const found = await wholeEntity(c, access, "agent", id, hot, counters.forgotten_agents);
  if (!("ok" in found)) return found;
  if (found.entity !== null) return Response.json({ agent: found.entity } satisfies AgentResponse);
  return {
    code: "not_found",
    message: "There is no such agent. GET …/agents lists those of the live state, …/history/agents all.",
  };
}
