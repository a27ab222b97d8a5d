/** What the route table does not say of itself: in a line, with its parameters, bodies and replies. */
import * as z from "zod";
import { AGENT_STATUSES } from "../../../schema/state/entity/agent.ts";
import { FEATURE_STATUSES } from "../../../schema/state/entity/feature.ts";
import { TASK_STATUSES } from "../../../schema/state/entity/task.ts";
import { ALERT_STATUSES } from "../../../schema/wire/alert.ts";
import { alertsResponse } from "../../../schema/wire/alert-body.ts";
import { auditResponse } from "../../../schema/wire/audit.ts";
import * as budget from "../../../schema/wire/budget-body.ts";
import * as body from "../../../schema/wire/body.ts";
import { compareResponse, fieldsResponse, queryResponse } from "../../../schema/wire/query.ts";
import { signedHead } from "../../../schema/wire/signed-head.ts";
import { sampleRequest, sampleResponse } from "../../../schema/wire/sample-body.ts";
import * as setting from "../../../schema/wire/setting.ts";
import { ALERT_ROUTES } from "./alert-routes.ts";
import { BUDGET_ROUTES } from "./budget-routes.ts";
import { CALIBRATION_ROUTE, FORECAST_ROUTE } from "./forecast-route.ts";
import { HOOK_ROUTES } from "./hook-routes.ts";
import { LESSON_READING, LESSON_ROUTES } from "./lesson-routes.ts";
import { METRICS_ROUTE, PERFORMANCE_ROUTE } from "./metrics-route.ts";
import { OTLP_ROUTES } from "./otlp-routes.ts";
import { REPORT_ROUTE } from "./report-route.ts";
import { SHARE_ROUTES } from "./share-routes.ts";
import { TEAM_ROUTES } from "./team-routes.ts";

export interface Description {
  summary: string;
  /** Query parameters: name, then schema. */
  query?: Record<string, z.ZodType>;
  /** A name of `components.schemas`, or a schema. */
  request?: z.ZodType | "SenderEvents";
  /** Status and body of a success; null: no body. */
  reply: { status: number; body: z.ZodType | null; also?: Record<string, string> };
}

const seq = z.int().min(0);
const limit = z.int().min(1).max(1000);
const text = z.string().min(1).max(256);
const oneOf = (values: readonly string[]) =>
  z.string().describe(`One of these, or several joined by commas: ${values.join(", ")}.`);
const ok = (schema: z.ZodType, also?: Record<string, string>): Description["reply"] => ({
  status: 200,
  body: schema,
  ...(also === undefined ? {} : { also }),
});

const moment = text.describe("RFC 3339, or ms since 1970.");
const since = text.describe("A duration before now like `24h`, RFC 3339, or ms since 1970.");
const archivePage = {
  from: moment.describe("Time of the newest event about it, from here on."),
  to: moment.describe("Time of the newest event about it, up to here."),
  after: text.describe("`next` of the page before."),
  limit,
};

/** Mounted twice: under /v1 for keys, under /api/projects/{project} for sessions. */
const READING: Record<string, Description> = {
  "/events": {
    summary: "The log after `since`, oldest first. `Accept: application/x-ndjson` streams it.",
    query: {
      since: seq.describe("Exclusive; 0 begins at the first event."),
      limit,
      type: text,
      agent: text,
      task: text,
      feature: text,
    },
    reply: ok(body.eventsPage, { "application/x-ndjson": "One stored event per line." }),
  },
  "/export": {
    summary: "The log with its hash chain, in whole commits, for `clusterfork verify`.",
    query: { since: seq },
    reply: {
      status: 200,
      body: null,
      also: {
        "application/x-ndjson": "Lines of the export: a start, then commits with their events, then an end.",
      },
    },
  },
  "/chain": {
    summary: "The newest head of the hash chain, signed by this installation.",
    reply: ok(signedHead),
  },
  "/audit": {
    summary: "What the last nightly walk over the hash chain found, and whether one runs.",
    reply: ok(auditResponse),
  },
  "/state": {
    summary: "The state: the fold of the log, now or at a moment of the past.",
    query: { at: text.describe("A sequence number, RFC 3339, or ms since 1970 from 100,000,000,000 on.") },
    reply: ok(body.stateResponse, {
      "application/x-ndjson": "The same in a fifth of the length, for dashboards: schema/state/packing.ts.",
    }),
  },
  "/timeline": {
    summary: "The log's span of time in equal steps: the seq at each, and what stands out.",
    query: { buckets: limit },
    reply: ok(body.timelineResponse),
  },
  "/metrics": METRICS_ROUTE,
  "/forecast": FORECAST_ROUTE,
  "/forecast/calibration": CALIBRATION_ROUTE,
  "/query": {
    summary:
      "A question on the log: filter, group, calculate, over a range of event time. Lists are given by repeating a parameter.",
    query: {
      from: since.describe("Event time from here on: `24h` ago, RFC 3339, or ms since 1970."),
      to: since.describe("Event time up to here."),
      where: text.describe(
        '`field=value`; also `!=`, `<`, `<=`, `>`, `>=`, `~` contains, `^=` begins with, `field in a,b`, `field` has it, `!field` lacks it; or JSON, `["field","eq","value"]`.',
      ),
      group_by: text.describe(
        "A field: `event_type`, `agent_id`, `metadata.model`, `metrics.duration_ms`, …; up to three.",
      ),
      calc: text.describe("`count`, or `sum:`, `avg:`, `min:`, `max:`, `p50:`, `p95:`, `p99:` and a field."),
      order: text.describe("A calculation or `key`; `-` before it: the largest first."),
      limit,
      step: text.describe("A series per group in steps like `5m`, `1h`."),
      heatmap: text.describe("Counts of a field's numbers over time."),
      scale: z.enum(["linear", "log"]),
      x: z.int().min(1).max(240),
      y: z.int().min(1).max(240),
    },
    reply: ok(queryResponse),
  },
  "/query/compare": {
    summary: "What the selected events have in common that the others do not.",
    query: {
      from: since,
      to: since,
      where: text.describe("What is compared at all, as in `/query`."),
      select: text.describe(
        "What of it is selected, as in `/query`; a part of a heatmap by `time` and its field.",
      ),
      limit,
    },
    reply: ok(compareResponse),
  },
  "/query/fields": { summary: "The fields that questions may name.", reply: ok(fieldsResponse) },
  "/stream": {
    summary: "WebSocket, subprotocol `clusterfork.v1`: a snapshot, then events; the client acknowledges.",
    query: { since: seq.describe("Resume after it, without a snapshot.") },
    reply: { status: 101, body: null },
  },
  "/tasks": {
    summary: "Open tasks, then the recently closed.",
    query: { status: oneOf(TASK_STATUSES), feature: text, assignee: text, role: text },
    reply: ok(body.tasksResponse),
  },
  "/tasks/:id": {
    summary: "One task, whole, also when it left the live state.",
    reply: ok(body.taskResponse),
  },
  "/features": {
    summary: "Open features, then the recently closed.",
    query: { status: oneOf(FEATURE_STATUSES) },
    reply: ok(body.featuresResponse),
  },
  "/features/:id": { summary: "One feature with its tasks.", reply: ok(body.featureResponse) },
  "/features/:id/report": REPORT_ROUTE,
  "/agents": {
    summary: "The agents.",
    query: { status: oneOf(AGENT_STATUSES), role: text },
    reply: ok(body.agentsResponse),
  },
  "/agents/performance": PERFORMANCE_ROUTE,
  "/agents/:id": { summary: "One agent, whole.", reply: ok(body.agentResponse) },
  "/history/tasks": {
    summary: "All tasks there ever were, from the archive, in order of id.",
    query: { ...archivePage, status: oneOf(TASK_STATUSES), feature: text, agent: text },
    reply: ok(body.historyTasksResponse),
  },
  "/history/features": {
    summary: "All features there ever were, from the archive, in order of id.",
    query: { ...archivePage, status: oneOf(FEATURE_STATUSES) },
    reply: ok(body.historyFeaturesResponse),
  },
  "/history/agents": {
    summary: "All agents there ever were, from the archive, in order of id.",
    query: { ...archivePage, status: oneOf(AGENT_STATUSES), role: text },
    reply: ok(body.historyAgentsResponse),
  },
  "/history/hours": {
    summary: "Events by type, tokens and cost per hour of event time; hours without events are left out.",
    query: { from: moment, to: moment },
    reply: ok(body.historyHoursResponse),
  },
  "/alerts": {
    summary: "What somebody should look at: the open alerts, then the newest cleared ones.",
    query: { status: oneOf(ALERT_STATUSES) },
    reply: ok(alertsResponse),
  },
  ...LESSON_READING,
  "/budgets": {
    summary: "What may be spent, what was, what is reserved, and when it will be used up.",
    reply: ok(budget.budgetsResponse),
  },
};

const OWN: Record<string, Description> = {
  ...TEAM_ROUTES,
  ...HOOK_ROUTES,
  ...ALERT_ROUTES,
  ...BUDGET_ROUTES,
  ...LESSON_ROUTES,
  ...SHARE_ROUTES,
  ...OTLP_ROUTES,
  "GET /healthz": { summary: "Whether it is up, and which version.", reply: ok(body.healthResponse) },
  "GET /v1/openapi.json": { summary: "This description.", reply: ok(z.looseObject({ openapi: z.string() })) },
  "GET /v1/docs": {
    summary: "This description as a page.",
    reply: { status: 200, body: null, also: { "text/html": "A page." } },
  },
  "POST /v1/events": {
    summary:
      'Stores events: one, an array, `{ "events": [] }` or NDJSON; gzip is allowed. Each bad event is reported by its index; the others are stored.',
    request: "SenderEvents",
    reply: ok(body.appendResponse),
  },
  "POST /api/signup": {
    summary: "A person, a team, a project and two keys. A half-done sign-up completes when it is repeated.",
    request: body.signupRequest,
    reply: { status: 201, body: body.signupResponse },
  },
  "POST /api/auth/sign-in/email": {
    summary: "A session cookie.",
    request: body.signInRequest,
    reply: ok(body.userResponse),
  },
  "POST /api/auth/sign-out": { summary: "Ends the session.", reply: ok(body.doneResponse) },
  "GET /api/auth/get-session": {
    summary: "Who is signed in; null for nobody.",
    reply: ok(body.sessionResponse),
  },
  "GET /api/teams": { summary: "The person's teams, with their projects.", reply: ok(body.teamsResponse) },
  "GET /api/projects": { summary: "The person's projects.", reply: ok(body.projectsResponse) },
  "POST /api/projects": {
    summary: "A new project.",
    request: body.newProjectRequest,
    reply: { status: 201, body: body.projectResponse },
  },
  "POST /api/samples": {
    summary:
      "The team's sample project, fed by a simulated team where the server does so. 200 when it was there.",
    request: sampleRequest,
    reply: { status: 201, body: sampleResponse },
  },
  "PATCH /api/projects/:project": {
    summary: "Renames a project.",
    request: body.renamingRequest,
    reply: ok(body.projectResponse),
  },
  "GET /api/projects/:project/settings": {
    summary:
      "How the project's events are delivered, whether its hourly sums are forwarded, and what its metrics are held against.",
    reply: ok(setting.settingsResponse),
  },
  "PATCH /api/projects/:project/settings": {
    summary:
      "Changes what is given. A receiver's key is kept sealed and never shown again. A yes to the language model is `agree_to_model`: `learning.language_model` alone is refused with 409 where none is in force.",
    request: setting.settingsChange,
    reply: ok(setting.settingsResponse),
  },
  "GET /api/keys": {
    summary: "A project's keys, without their secrets.",
    query: { project: text },
    reply: ok(body.keysResponse),
  },
  "POST /api/keys": {
    summary: "A new key. It is shown in this reply and never again.",
    request: body.newKeyRequest,
    reply: { status: 201, body: body.keyCreatedResponse },
  },
  "DELETE /api/keys/:key": {
    summary: "Revokes a key: it is refused from the next request on, and its sockets are closed.",
    reply: { status: 204, body: null },
  },
};

export function describeRoute(method: string, path: string): Description | undefined {
  const own = OWN[`${method} ${path}`];
  if (own !== undefined || method !== "GET") return own;
  return READING[path.replace(/^\/(v1|api\/projects\/:project)(?=\/)/, "")];
}
