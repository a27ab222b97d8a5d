/**
 * The bodies of http.ts as zod schemas, for documents and tests: the API's
 * description is generated from them, and real replies are checked against it.
 * The Worker imports none of this: it is their author, not their reader.
 */
import * as z from "zod";
import type { Json, StoredEvent } from "../event/event.ts";
import { ERROR_STATUS, type ErrorBody, type ErrorCode } from "./error.ts";
import {
  SCOPES,
  type AgentResponse,
  type AgentsResponse,
  type AppendResponse,
  type EventResult,
  type EventsPage,
  type FeatureResponse,
  type FeaturesResponse,
  type Head,
  type HistoryAgentsResponse,
  type HistoryFeaturesResponse,
  type HistoryHoursResponse,
  type HistoryTasksResponse,
  type KeyCreatedResponse,
  type KeyInfo,
  type KeysResponse,
  type ProjectRef,
  type RejectionCode,
  type SignupResponse,
  type StateResponse,
  type TaskResponse,
  type TasksResponse,
  type TeamRef,
  type TeamsResponse,
  type TimelineResponse,
} from "./http.ts";
import { ROLES } from "./permission.ts";
import { agent, feature, task, wireState } from "./state-body.ts";
import { usage } from "./usage-body.ts";

const seq = z.int().min(0);
/** Milliseconds since the epoch. */
const time = z.number();
const text = z.string();
const maybe = <S extends z.ZodType>(schema: S) => schema.nullable();
const count = z.number().min(0);

const REJECTIONS: Record<RejectionCode | "conflict", true> = {
  malformed_json: true,
  not_an_object: true,
  missing_field: true,
  unknown_field: true,
  invalid_field: true,
  invalid_metadata: true,
  invalid_metrics: true,
  too_large: true,
  too_deep: true,
  reserved: true,
  conflict: true,
};
const rejectionCodes = Object.keys(REJECTIONS) as (keyof typeof REJECTIONS)[];
const errorCodes = Object.keys(ERROR_STATUS) as ErrorCode[];

export const errorBody = z.object({
  error: z.object({
    code: z.enum(errorCodes),
    message: text.describe("What is wrong, and what to do next."),
    request_id: text,
    details: z.unknown().optional(),
  }),
}) satisfies z.ZodType<ErrorBody>;

export const head = z.object({ seq, hash: text.regex(/^[0-9a-f]{64}$/) }) satisfies z.ZodType<Head>;

const eventResult = z.object({
  index: z.int().min(0).describe("Position in the request."),
  id: maybe(text),
  status: z.enum(["rejected", "conflict"]),
  code: z.enum(rejectionCodes),
  message: text,
}) satisfies z.ZodType<EventResult>;

export const appendResponse = z.object({
  accepted: count,
  duplicates: count,
  first_seq: maybe(seq),
  last_seq: maybe(seq),
  results: z.array(eventResult).optional(),
}) satisfies z.ZodType<AppendResponse>;

export const storedEvent = z.object({
  seq,
  received_at: text,
  id: text,
  timestamp: text,
  event_type: text,
  agent_id: text,
  agent_role: text.optional(),
  task_id: text.optional(),
  feature_id: text.optional(),
  session_id: text.optional(),
  metadata: z
    .record(
      text,
      z.custom<Json>(() => true),
    )
    .optional(),
  metrics: z.record(text, z.number()).optional(),
  source: text,
  key_id: text,
  file_marks: z
    .array(count)
    .optional()
    .describe("In a view that hides names: what tells the files of `metadata.files` apart."),
  v: z.literal([1, 2]),
}) satisfies z.ZodType<StoredEvent>;

export const eventsPage = z.object({
  events: z.array(storedEvent),
  next: maybe(seq).describe("`since` of the next page; null at the end of the log."),
  head,
}) satisfies z.ZodType<EventsPage>;

export const stateResponse = z.object({ seq, time, state: wireState }) satisfies z.ZodType<StateResponse>;
export const tasksResponse = z.object({ tasks: z.array(task) }) satisfies z.ZodType<TasksResponse>;
export const featuresResponse = z.object({
  features: z.array(feature),
}) satisfies z.ZodType<FeaturesResponse>;
export const featureResponse = z.object({
  feature,
  tasks: z.array(task),
}) satisfies z.ZodType<FeatureResponse>;
export const agentsResponse = z.object({ agents: z.array(agent) }) satisfies z.ZodType<AgentsResponse>;
export const taskResponse = z.object({ task }) satisfies z.ZodType<TaskResponse>;
export const agentResponse = z.object({ agent }) satisfies z.ZodType<AgentResponse>;

export const timelineResponse = z.object({
  seq,
  from: maybe(time),
  to: maybe(time),
  seqs: z.array(seq),
  marks: z.array(z.object({ bucket: count, event_type: text, seq, count })),
  checkpoints: z.array(seq),
}) satisfies z.ZodType<TimelineResponse>;

const next = maybe(text).describe("`after` of the next page; null at the end.");
export const historyTasksResponse = z.object({
  tasks: z.array(task),
  next,
}) satisfies z.ZodType<HistoryTasksResponse>;
export const historyFeaturesResponse = z.object({
  features: z.array(feature),
  next,
}) satisfies z.ZodType<HistoryFeaturesResponse>;
export const historyAgentsResponse = z.object({
  agents: z.array(agent),
  next,
}) satisfies z.ZodType<HistoryAgentsResponse>;
export const historyHoursResponse = z.object({
  hours: z.array(z.object({ time, events: count, by_type: z.array(z.tuple([text, count])), usage })),
  next: maybe(time).describe("`from` of the next page; null at the end."),
}) satisfies z.ZodType<HistoryHoursResponse>;

const teamRef = z.object({ id: text, name: text, slug: text }) satisfies z.ZodType<TeamRef>;
export const projectRef = z.object({
  id: text,
  name: text,
  slug: text,
  sample: z.boolean().describe("Made-up data: fed by the simulated team."),
}) satisfies z.ZodType<ProjectRef>;
const person = z.object({ id: text, name: text, email: text });

export const signupResponse = z.object({
  team: teamRef,
  project: projectRef,
  keys: z.object({ ingest: text, read: text }).describe("Shown this once."),
}) satisfies z.ZodType<SignupResponse>;
export const userResponse = z.object({ user: person });
export const sessionResponse = maybe(userResponse);
export const teamsResponse = z.object({
  user: person,
  teams: z.array(
    teamRef.extend({ role: z.enum(ROLES), projects: z.array(projectRef.extend({ created_at: text })) }),
  ),
}) satisfies z.ZodType<TeamsResponse>;
export const projectsResponse = z.object({
  projects: z.array(projectRef.extend({ created_at: text, team: text })),
});
export const projectResponse = z.object({ project: projectRef.loose() });

const keyInfo = z.object({
  id: text,
  name: text,
  scopes: z.array(z.enum(SCOPES)),
  created_at: text,
  revoked_at: maybe(text),
}) satisfies z.ZodType<KeyInfo>;
export const keysResponse = z.object({ keys: z.array(keyInfo) }) satisfies z.ZodType<KeysResponse>;
export const keyCreatedResponse = z.object({
  key: keyInfo,
  secret: text.describe("The whole key, shown this once."),
}) satisfies z.ZodType<KeyCreatedResponse>;

export const healthResponse = z.object({ status: z.literal("ok"), version: text });
export const doneResponse = z.object({ success: z.literal(true) });

/** Requests of the dashboard's own routes; their limits are refused with words of their own. */
export const signupRequest = z.object({
  team: text,
  email: text,
  password: text,
  name: text.optional(),
  project: text.optional(),
});
export const signInRequest = z.object({ email: text, password: text });
export const newProjectRequest = z.object({ team: text, name: text });
export const renamingRequest = z.object({ name: text });
export const newKeyRequest = z.object({ project: text, name: text, scopes: z.array(z.enum(SCOPES)).min(1) });
