/**
 * Every route, as data: the app is built from this table, and so are the tests
 * of tenancy. A route that is not here does not exist.
 *
 * The reading routes are mounted twice, for machines (a key) and for the
 * dashboard (a session and membership): one set of handlers, two ways in.
 */
import type { ShareView } from "../../schema/state/share-view.ts";
import type { Scope } from "../../schema/wire/http.ts";
import type { Permission } from "../../schema/wire/permission.ts";
import type { Failure } from "../../schema/wire/error.ts";
import { createReadIntake } from "../account/intake.ts";
import { createReadLearning } from "../account/learning.ts";
import { createTeamOf } from "../account/team-of.ts";
import { SIGNALS } from "../intake/otlp/signal.ts";
import { createPrice } from "../intake/price.ts";
import { getAgent, getAgents } from "./agents.ts";
import { getAlerts, postAcknowledge, postAssign, postSnooze } from "./alerts.ts";
import { getAudit } from "./audit.ts";
import { deleteBudget, getBudgets, postBudget, putBudget } from "./budgets.ts";
import { getCalibration } from "./calibration.ts";
import { getChannels, postChannel, postChannelTest, postResend, removeChannel } from "./channels.ts";
import { getChain } from "./chain.ts";
import { getSession, postSignIn, postSignOut } from "./auth.ts";
import type { HttpContext, OpenHandler, PersonHandler, ProjectHandler, TeamHandler } from "./context.ts";
import { getEvents } from "./events.ts";
import { getExport } from "./export.ts";
import { getFeature, getFeatures } from "./features.ts";
import { createForecast } from "./forecast.ts";
import { acceptGitHub } from "./github-hook.ts";
import { getHealth } from "./health.ts";
import { getHistoryAgents, getHistoryFeatures, getHistoryHours, getHistoryTasks } from "./history.ts";
import { deleteHook, getHooks, postHook } from "./hooks.ts";
import { acceptEvents } from "./ingest.ts";
import {
  deleteInvitation,
  getInvitations,
  postAccept,
  postInvitation,
  postJoinSignup,
  postLook,
} from "./invitations.ts";
import { deleteKey, getKeys, postKey } from "./keys.ts";
import { deleteMember, getMembers, patchMember, postLeave, postTransfer } from "./members.ts";
import { getDocs, getOpenApi } from "./openapi.ts";
import { acceptClaudeCode } from "./claude-code.ts";
import { createLessonDeeds } from "./lesson-deeds.ts";
import { knowsTask, type LearningTools } from "./learning-tools.ts";
import { createGetEffects } from "./lesson-effects.ts";
import { createReindex } from "./lesson-index.ts";
import { createLessonKeyDeeds } from "./lesson-key.ts";
import { createLessonRoutes } from "./lessons.ts";
import { getComparison, getFields, getQuery } from "./log-query.ts";
import { Outlooks } from "./outlooks.ts";
import { createGetContext } from "./task-context.ts";
import { acceptOtlp, otlpFailureReply } from "./otlp.ts";
import { createMcp } from "./mcp.ts";
import { getMetrics } from "./metrics.ts";
import { getPerformance } from "./performance.ts";
import { getReport } from "./report.ts";
import { createReserve, postRelease } from "./reserve.ts";
import { getSettings, patchSettings } from "./settings.ts";
import { postSample } from "./sample.ts";
import { getSharePage } from "./share-page.ts";
import { deleteShare, getShares, postShare, postShareOpen } from "./shares.ts";
import { postSignup } from "./signup.ts";
import { getState } from "./state.ts";
import { getStream } from "./stream.ts";
import { getTask, getTasks } from "./tasks.ts";
import { getTimeline } from "./timeline.ts";
import { getProjects, getTeams, patchProject, patchTeam, postProject, postTeam } from "./teams.ts";

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

export type Route = { method: Method; path: string } & (
  | { by: "anyone"; handler: OpenHandler }
  /** `tenant`: where the request names what may belong to another team; the handler checks it (T1). */
  | {
      by: "session";
      tenant: "none" | "query project" | "body project" | "body team" | "path key" | "path share";
      handler: PersonHandler;
    }
  /** The path's `:team` must be one of the person's, and the role there must have the permission. */
  | { by: "team"; may: Permission; handler: TeamHandler }
  /** The path's `:project` must be of the person's teams, and the person's role there must have the permission. */
  | { by: "member"; may: Permission; handler: ProjectHandler }
  /**
   * The key names the project. `admin` includes every scope; the room decides. `share`: the views
   * of a share link that open this route too; none when it is absent (schema/wire/share.ts).
   */
  | {
      by: "key";
      scope: Scope;
      share?: readonly ShareView[];
      handler: ProjectHandler;
      /** Where the sender's protocol has its own form of errors. */
      failureReply?: (c: HttpContext, failure: Failure) => Response;
    }
);

/** They remember what was learned, teams and settings: one of each for all routes and both mountings. */
const outlooks = new Outlooks();
const getForecast = createForecast(outlooks);
const learning: LearningTools = {
  ...{ outlooks, knowsTask },
  teamOf: createTeamOf(),
  readLearning: createReadLearning(),
};
const lessons = createLessonRoutes(learning);
const keyDeeds = createLessonKeyDeeds(learning);

/** They remember models and settings: one of each for all routes. */
const price = createPrice();
const readIntake = createReadIntake();
const intake = { price, readIntake };
const deeds = createLessonDeeds(learning, intake);

/** `share`: the views that open it to a share link; absent: no link may enter. */
const READING: { path: string; share?: readonly ShareView[]; handler: ProjectHandler }[] = [
  { path: "/events", share: ["events", "history"], handler: getEvents },
  { path: "/export", handler: getExport },
  { path: "/chain", handler: getChain },
  { path: "/audit", handler: getAudit },
  { path: "/state", share: ["flow"], handler: getState },
  { path: "/timeline", share: ["history"], handler: getTimeline },
  { path: "/metrics", share: ["metrics"], handler: getMetrics },
  { path: "/forecast", share: ["metrics"], handler: getForecast },
  { path: "/forecast/calibration", share: ["metrics"], handler: getCalibration },
  { path: "/query", share: ["events"], handler: getQuery },
  { path: "/query/compare", share: ["events"], handler: getComparison },
  { path: "/query/fields", share: ["events"], handler: getFields },
  { path: "/stream", share: ["flow"], handler: getStream },
  { path: "/tasks", share: ["flow"], handler: getTasks },
  { path: "/tasks/:id", share: ["flow"], handler: getTask },
  { path: "/features", share: ["flow"], handler: getFeatures },
  { path: "/features/:id", share: ["flow"], handler: getFeature },
  { path: "/features/:id/report", share: ["metrics"], handler: getReport },
  { path: "/agents", share: ["flow"], handler: getAgents },
  { path: "/agents/performance", share: ["metrics"], handler: getPerformance },
  { path: "/agents/:id", share: ["flow"], handler: getAgent },
  { path: "/history/tasks", share: ["history"], handler: getHistoryTasks },
  { path: "/history/features", share: ["history"], handler: getHistoryFeatures },
  { path: "/history/agents", share: ["history"], handler: getHistoryAgents },
  { path: "/history/hours", share: ["history"], handler: getHistoryHours },
  { path: "/budgets", share: ["metrics"], handler: getBudgets },
  { path: "/alerts", share: ["metrics"], handler: getAlerts },
  { path: "/lessons", handler: lessons.list },
  { path: "/lessons/search", handler: lessons.search },
  { path: "/lessons/effects", handler: createGetEffects(learning) },
  { path: "/lessons/:lesson", handler: lessons.one },
  { path: "/context", handler: createGetContext(learning) },
];

/** Mounted twice like CONFIGURING: what members do in their own name. */
const ACTING: { path: string; handler: ProjectHandler }[] = [
  { path: "/alerts/:alert/acknowledge", handler: postAcknowledge },
  { path: "/alerts/:alert/snooze", handler: postSnooze },
  { path: "/alerts/:alert/assign", handler: postAssign },
  { path: "/lessons/:lesson/approve", handler: deeds.approve },
  { path: "/lessons/:lesson/quarantine", handler: deeds.quarantine },
  { path: "/lessons/:lesson/retire", handler: deeds.retire },
];

/** Mounted twice like READING: a key needs the scope `admin`, a person the permission. */
const CONFIGURING: { method: Method; path: string; handler: ProjectHandler }[] = [
  { method: "POST", path: "/budgets", handler: postBudget },
  { method: "PUT", path: "/budgets/:budget", handler: putBudget },
  { method: "DELETE", path: "/budgets/:budget", handler: deleteBudget },
  { method: "POST", path: "/lessons/purge", handler: keyDeeds.purge },
  { method: "POST", path: "/lessons/quarantine", handler: keyDeeds.quarantine },
  { method: "POST", path: "/lessons/reindex", handler: createReindex(learning) },
];

/** For people who may configure the project alone: addresses of receivers are secrets. */
const CHANNELS: { method: Method; path: string; handler: ProjectHandler }[] = [
  { method: "GET", path: "/channels", handler: getChannels },
  { method: "POST", path: "/channels", handler: postChannel },
  { method: "DELETE", path: "/channels/:channel", handler: removeChannel },
  { method: "POST", path: "/channels/:channel/test", handler: postChannelTest },
  { method: "POST", path: "/deliveries/:delivery/resend", handler: postResend },
];

/** Mounted twice: a sender's key says it in an agent's name, a person in his own. */
const TEACHING: { path: string; handler: ProjectHandler }[] = [
  { path: "/lessons", handler: deeds.teach },
  { path: "/lessons/:lesson/rating", handler: deeds.rate },
];

export const ROUTES: readonly Route[] = [
  { method: "GET", path: "/healthz", by: "anyone", handler: getHealth },
  { method: "GET", path: "/v1/openapi.json", by: "anyone", handler: getOpenApi },
  { method: "GET", path: "/v1/docs", by: "anyone", handler: getDocs },

  { method: "POST", path: "/v1/events", by: "key", scope: "ingest", handler: acceptEvents(price) },
  // Whoever signs with the hook's secret; the handler checks tag and signature.
  { method: "POST", path: "/v1/hooks/github/:hook", by: "anyone", handler: acceptGitHub(intake) },
  {
    method: "POST",
    path: "/v1/hooks/claude-code",
    by: "key",
    scope: "ingest",
    handler: acceptClaudeCode(intake, learning),
  },
  { method: "POST", path: "/v1/mcp", by: "key", scope: "read", handler: createMcp(learning, intake) },
  ...SIGNALS.map((signal): Route => ({
    method: "POST",
    path: `/v1/otlp/v1/${signal}`,
    by: "key",
    scope: "ingest",
    handler: acceptOtlp(signal, { price, readIntake }),
    failureReply: otlpFailureReply,
  })),
  ...READING.map(({ path, share, handler }): Route => ({
    method: "GET",
    path: `/v1${path}`,
    by: "key",
    scope: "read",
    ...(share === undefined ? {} : { share }),
    handler,
  })),
  ...READING.map(({ path, handler }): Route => ({
    method: "GET",
    path: `/api/projects/:project${path}`,
    by: "member",
    may: "project.read",
    handler,
  })),

  ...CONFIGURING.flatMap(({ method, path, handler }): Route[] => [
    { method, path: `/v1${path}`, by: "key", scope: "admin", handler },
    { method, path: `/api/projects/:project${path}`, by: "member", may: "project.configure", handler },
  ]),
  ...CHANNELS.map(({ method, path, handler }): Route => ({
    method,
    path: `/api/projects/:project${path}`,
    by: "member",
    may: "project.configure",
    handler,
  })),
  ...TEACHING.flatMap(({ path, handler }): Route[] => [
    { method: "POST", path: `/v1${path}`, by: "key", scope: "ingest", handler },
    { method: "POST", path: `/api/projects/:project${path}`, by: "member", may: "project.act", handler },
  ]),
  ...ACTING.flatMap(({ path, handler }): Route[] => [
    { method: "POST", path: `/v1${path}`, by: "key", scope: "admin", handler },
    { method: "POST", path: `/api/projects/:project${path}`, by: "member", may: "project.act", handler },
  ]),
  {
    method: "POST",
    path: "/v1/budgets/reserve",
    by: "key",
    scope: "ingest",
    handler: createReserve(price),
  },
  { method: "POST", path: "/v1/budgets/release", by: "key", scope: "ingest", handler: postRelease },

  { method: "POST", path: "/api/signup", by: "anyone", handler: postSignup },
  { method: "POST", path: "/api/auth/sign-in/email", by: "anyone", handler: postSignIn },
  { method: "POST", path: "/api/auth/sign-out", by: "anyone", handler: postSignOut },
  { method: "GET", path: "/api/auth/get-session", by: "anyone", handler: getSession },
  { method: "GET", path: "/api/teams", by: "session", tenant: "none", handler: getTeams },
  { method: "POST", path: "/api/teams", by: "session", tenant: "none", handler: postTeam },
  { method: "PATCH", path: "/api/teams/:team", by: "team", may: "team.rename", handler: patchTeam },
  { method: "POST", path: "/api/teams/:team/leave", by: "team", may: "team.read", handler: postLeave },
  {
    method: "POST",
    path: "/api/teams/:team/transfer",
    by: "team",
    may: "team.transfer",
    handler: postTransfer,
  },
  { method: "GET", path: "/api/teams/:team/members", by: "team", may: "team.read", handler: getMembers },
  {
    method: "PATCH",
    path: "/api/teams/:team/members/:user",
    by: "team",
    may: "member.manage",
    handler: patchMember,
  },
  {
    method: "DELETE",
    path: "/api/teams/:team/members/:user",
    by: "team",
    may: "member.manage",
    handler: deleteMember,
  },
  {
    method: "GET",
    path: "/api/teams/:team/invitations",
    by: "team",
    may: "member.manage",
    handler: getInvitations,
  },
  {
    method: "POST",
    path: "/api/teams/:team/invitations",
    by: "team",
    may: "member.manage",
    handler: postInvitation,
  },
  {
    method: "DELETE",
    path: "/api/teams/:team/invitations/:invitation",
    by: "team",
    may: "member.manage",
    handler: deleteInvitation,
  },
  { method: "POST", path: "/api/invitations/look", by: "anyone", handler: postLook },
  { method: "POST", path: "/api/invitations/signup", by: "anyone", handler: postJoinSignup },
  { method: "POST", path: "/api/invitations/accept", by: "session", tenant: "none", handler: postAccept },
  { method: "GET", path: "/api/projects", by: "session", tenant: "none", handler: getProjects },
  { method: "POST", path: "/api/projects", by: "session", tenant: "body team", handler: postProject },
  { method: "POST", path: "/api/samples", by: "session", tenant: "body team", handler: postSample },
  {
    method: "PATCH",
    path: "/api/projects/:project",
    by: "member",
    may: "project.rename",
    handler: patchProject,
  },
  {
    method: "GET",
    path: "/api/projects/:project/settings",
    by: "member",
    may: "project.configure",
    handler: getSettings,
  },
  {
    method: "PATCH",
    path: "/api/projects/:project/settings",
    by: "member",
    may: "project.configure",
    handler: patchSettings,
  },
  { method: "GET", path: "/api/keys", by: "session", tenant: "query project", handler: getKeys },
  { method: "POST", path: "/api/keys", by: "session", tenant: "body project", handler: postKey },
  { method: "DELETE", path: "/api/keys/:key", by: "session", tenant: "path key", handler: deleteKey },
  { method: "GET", path: "/api/hooks", by: "session", tenant: "query project", handler: getHooks },
  { method: "POST", path: "/api/hooks", by: "session", tenant: "body project", handler: postHook },
  { method: "DELETE", path: "/api/hooks/:key", by: "session", tenant: "path key", handler: deleteHook },
  { method: "GET", path: "/api/shares", by: "session", tenant: "query project", handler: getShares },
  { method: "POST", path: "/api/shares", by: "session", tenant: "body project", handler: postShare },
  { method: "DELETE", path: "/api/shares/:share", by: "session", tenant: "path share", handler: deleteShare },
  { method: "POST", path: "/api/shares/open", by: "anyone", handler: postShareOpen },
  { method: "GET", path: "/s/:token", by: "anyone", handler: getSharePage },
];
