/** `GET …/tasks`: open tasks, then the recently closed; `GET …/tasks/:id`: any there ever was. */
import { TASK_STATUSES } from "../../schema/state/entity/task.ts";
import type { TaskResponse, TasksResponse } from "../../schema/wire/http.ts";
import type { HttpContext, ProjectAccess, Reply } from "./context.ts";
import { choiceParameter, parseQuery, textParameter } from "./query.ts";
import { readWireState } from "./state.ts";
import { wholeEntity } from "./whole.ts";

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

export async function getTask(c: HttpContext, access: ProjectAccess): Promise<Reply> {
  const query = parseQuery(c, {});
  if (!query.ok) return query.failure;
  const read = await readWireState(access);
  if (!("ok" in read)) return read;
  const id = c.req.param("id") ?? "";
  const { open_tasks, closed_tasks, counters } = read.state;
  const hot = [...open_tasks, ...closed_tasks].find((candidate) => candidate.id === id);
  const found = await wholeEntity(c, access, "task", id, hot, counters.forgotten_tasks);
  if (!("ok" in found)) return found;
  if (found.entity !== null) return Response.json({ task: found.entity } satisfies TaskResponse);
  return {
    code: "not_found",
    message: "There is no such task. GET …/tasks lists those of the live state, …/history/tasks all.",
  };
}
