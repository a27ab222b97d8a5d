/** `GET …/history/…`: the archive, page by page: all tasks, features and agents there ever were, and hours. */
import { AGENT_STATUSES, FEATURE_STATUSES, TASK_STATUSES } from "../../schema/state/state.ts";
import type {
  HistoryAgentsResponse,
  HistoryFeaturesResponse,
  HistoryHoursResponse,
  HistoryTasksResponse,
} from "../../schema/wire/http.ts";
import { listArchived } from "../archive/query-entity.ts";
import { listHours } from "../archive/query-hour.ts";
import type { HttpContext, ProjectAccess, Reply } from "./context.ts";
import { refusalFailure } from "./error.ts";
import { choiceParameter, limitParameter, parseQuery, textParameter, timeParameter } from "./query.ts";

const PAGE = {
  /** Of the newest event about it. */
  from: timeParameter.optional(),
  to: timeParameter.optional(),
  after: textParameter.optional(),
  limit: limitParameter.optional(),
};

export async function getHistoryTasks(c: HttpContext, access: ProjectAccess): Promise<Reply> {
  const query = parseQuery(c, {
    ...PAGE,
    status: choiceParameter(TASK_STATUSES).optional(),
    feature: textParameter.optional(),
    agent: textParameter.optional(),
  });
  if (!query.ok) return query.failure;
  const admitted = await access.room.admit(access.principal, "read");
  if (!admitted.ok) return refusalFailure(admitted);
  const { entities, next } = await listArchived(c.env.DB, access.project_id, "task", query.value);
  return Response.json({ tasks: entities, next } satisfies HistoryTasksResponse);
}

export async function getHistoryFeatures(c: HttpContext, access: ProjectAccess): Promise<Reply> {
  const query = parseQuery(c, { ...PAGE, status: choiceParameter(FEATURE_STATUSES).optional() });
  if (!query.ok) return query.failure;
  const admitted = await access.room.admit(access.principal, "read");
  if (!admitted.ok) return refusalFailure(admitted);
  const { entities, next } = await listArchived(c.env.DB, access.project_id, "feature", query.value);
  return Response.json({ features: entities, next } satisfies HistoryFeaturesResponse);
}

export async function getHistoryAgents(c: HttpContext, access: ProjectAccess): Promise<Reply> {
  const query = parseQuery(c, {
    ...PAGE,
    status: choiceParameter(AGENT_STATUSES).optional(),
    role: textParameter.optional(),
  });
  if (!query.ok) return query.failure;
  const admitted = await access.room.admit(access.principal, "read");
  if (!admitted.ok) return refusalFailure(admitted);
  const { entities, next } = await listArchived(c.env.DB, access.project_id, "agent", query.value);
  return Response.json({ agents: entities, next } satisfies HistoryAgentsResponse);
}

export async function getHistoryHours(c: HttpContext, access: ProjectAccess): Promise<Reply> {
  const query = parseQuery(c, { from: timeParameter.optional(), to: timeParameter.optional() });
  if (!query.ok) return query.failure;
  const admitted = await access.room.admit(access.principal, "read");
  if (!admitted.ok) return refusalFailure(admitted);
  const { from = 0, to = Number.MAX_SAFE_INTEGER } = query.value;
  const page = await listHours(c.env.DB, access.project_id, from, to);
  return Response.json(page satisfies HistoryHoursResponse);
}
