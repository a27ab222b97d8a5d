/** `GET …/tasks`: open tasks, then the recently closed. */
import { TASK_STATUSES } from "../../schema/state/state.ts";
import type { TasksResponse } from "../../schema/wire/http.ts";
import type { HttpContext, ProjectAccess, Reply } from "./context.ts";
import { choiceParameter, parseQuery, textParameter } from "./query.ts";
import { readWireState } from "./state.ts";

const PARAMETERS = {
  status: choiceParameter(TASK_STATUSES).optional(),
  feature: textParameter.optional(),
  assignee: textParameter.optional(),
  /** Role of the assignee. */
  role: textParameter.optional(),
};

export async function getTasks(c: HttpContext, access: ProjectAccess): Promise<Reply> {
  const query = parseQuery(c, PARAMETERS);
  if (!query.ok) return query.failure;
  const read = await readWireState(access);
  if (!("ok" in read)) return read;
  const { status, feature, assignee, role } = query.value;
  const roles = new Map(read.state.agents.map((agent) => [agent.id, agent.role]));
  const tasks = [...read.state.open_tasks, ...read.state.closed_tasks].filter(
    (task) =>
      (status === undefined || status.includes(task.status)) &&
      (feature === undefined || task.feature_id === feature) &&
      (assignee === undefined || task.assignee === assignee) &&
      (role === undefined || (task.assignee !== null && roles.get(task.assignee) === role)),
  );
  return Response.json({ tasks } satisfies TasksResponse);
}
