/** `GET …/history/…`: the archive, page by page: all tasks, features and agents there ever were, and hours. */
import { AGENT_STATUSES } from "../../schema/state/entity/agent.ts";
import { FEATURE_STATUSES } from "../../schema/state/entity/feature.ts";
import { TASK_STATUSES } from "../../schema/state/entity/task.ts";
import type { Failure } from "../../schema/wire/error.ts";
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

/** The archive is searched and ordered by real names, which such a link does not show. */
const NAMES_HIDDEN: Failure = {
  code: "insufficient_scope",
  message:
    "This link replaces names, so the archive cannot be asked by agent. GET …/agents lists the live ones.",
};

const hidesNames = (access: ProjectAccess): boolean => access.lens?.scope.policy.name === true;

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
  if (query.value.agent !== undefined && hidesNames(access)) return NAMES_HIDDEN;
  const { entities, next } = await listArchived(c.env.DB, access.project_id, "task", query.value);
  const tasks = entities.map((task) => access.lens?.entity("task", task) ?? task);
  return Response.json({ tasks, next } satisfies HistoryTasksResponse);
}

export async function getHistoryFeatures(c: HttpContext, access: ProjectAccess): Promise<Reply> {
  const query = parseQuery(c, { ...PAGE, status: choiceParameter(FEATURE_STATUSES).optional() });
  if (!query.ok) return query.failure;
  const admitted = await access.room.admit(access.principal, "read");
  if (!admitted.ok) return refusalFailure(admitted);
  const { entities, next } = await listArchived(c.env.DB, access.project_id, "feature", query.value);
  const features = entities.map((feature) => access.lens?.entity("feature", feature) ?? feature);
  return Response.json({ features, next } satisfies HistoryFeaturesResponse);
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
  if (hidesNames(access)) return NAMES_HIDDEN;
  const { entities, next } = await listArchived(c.env.DB, access.project_id, "agent", query.value);
  const agents = entities.map((agent) => access.lens?.entity("agent", agent) ?? agent);
  return Response.json({ agents, next } satisfies HistoryAgentsResponse);
}

export async function getHistoryHours(c: HttpContext, access: ProjectAccess): Promise<Reply> {
  const query = parseQuery(c, { from: timeParameter.optional(), to: timeParameter.optional() });
  if (!query.ok) return query.failure;
  const admitted = await access.room.admit(access.principal, "read");
  if (!admitted.ok) return refusalFailure(admitted);
  const { from = 0, to = Number.MAX_SAFE_INTEGER } = query.value;
  const page = await listHours(c.env.DB, access.project_id, from, to);
  const hours = page.hours.map((hour) => ({ ...hour, usage: access.lens?.usage(hour.usage) ?? hour.usage }));
  return Response.json({ ...page, hours } satisfies HistoryHoursResponse);
}
