/**
 * The dashboard's client: one function per route of its own, typed by
 * schema/wire. Session by cookie, same origin only. Expected failures are
 * values (`Result`); nothing here throws.
 */
import type { AlertResponse } from "../../../schema/wire/alert.ts";
import type { BudgetResponse } from "../../../schema/wire/budget.ts";
import type {
  ChannelCreatedResponse,
  ChannelsResponse,
  ChannelTestedResponse,
  NewChannel,
} from "../../../schema/wire/channel.ts";
import type { FeatureForecast } from "../../../schema/wire/forecast.ts";
import type { HookCreatedResponse, HooksResponse } from "../../../schema/wire/hook.ts";
import type {
  KeyCreatedResponse,
  KeysResponse,
  ProjectRef,
  Scope,
  SignupResponse,
  TeamsResponse,
} from "../../../schema/wire/http.ts";
import type { LessonAcceptedResponse, LessonScope } from "../../../schema/wire/lesson.ts";
import type { LessonRating, NewLesson } from "../../../schema/wire/lesson-body.ts";
import type { Role } from "../../../schema/wire/permission.ts";
import type {
  InvitationCreatedResponse,
  InvitationOffer,
  InvitationsResponse,
  JoinedResponse,
  MemberResponse,
  MembersResponse,
  TeamCreatedResponse,
} from "../../../schema/wire/team.ts";
import type { SettingsChange, SettingsResponse } from "../../../schema/wire/setting.ts";
import type { SampleResponse } from "../../../schema/wire/sample.ts";
import type { ShareView } from "../../../schema/state/share-view.ts";
import type { BudgetPeriod, BudgetScope } from "../../../schema/state/entity/budget.ts";
import type {
  Redaction,
  ShareCreatedResponse,
  ShareOpenedResponse,
  SharesResponse,
} from "../../../schema/wire/share.ts";
import { readFailure, UNREACHABLE, type Result } from "./failure.ts";

/** Longer than any route of ours takes; sign-up hashes a password and writes a dozen rows in under a second. */
const TIMEOUT_MS = 20_000;

export interface SignUp {
  team: string;
  email: string;
  password: string;
  name?: string;
}
export interface NewKey {
  project: string;
  name: string;
  scopes: Scope[];
}

export interface NewBudget {
  title: string | null;
  scope: BudgetScope;
  feature_id?: string;
  agent_id?: string;
  role?: string;
  period: BudgetPeriod;
  limit_usd?: number;
  limit_tokens?: number;
  hard: boolean;
}

/** Whose it is and by what it is counted stays for its life. */
export type BudgetChange = Pick<NewBudget, "title" | "hard" | "limit_usd" | "limit_tokens">;

export interface NewInvitation {
  role: Role;
  note: string;
  expires_in_days: number;
}

export interface NewShare {
  project: string;
  name: string;
  views: ShareView[];
  redactions: Redaction[];
  /** RFC 3339; null: until it is revoked. */
  expires_at: string | null;
  passphrase?: string;
}

/** What becomes of a lesson, by somebody who may say so. */
export type LessonDeed = "approve" | "quarantine" | "retire";

/** Why; and, of an approval, who finds it from now on. */
export interface LessonSaid {
  reason?: string;
  scope?: LessonScope;
}

export type Api = ReturnType<typeof createApi>;

export function createApi(fetcher: typeof fetch) {
  async function call<T>(method: string, path: string, body?: unknown): Promise<Result<T>> {
    let response: Response;
    try {
      response = await fetcher(path, {
        method,
        credentials: "same-origin",
        headers:
          body === undefined
            ? { accept: "application/json" }
            : { accept: "application/json", "content-type": "application/json" },
        body: body === undefined ? null : JSON.stringify(body),
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
    } catch {
      // Offline, refused, cut or too slow: a page cannot tell them apart, and the next step is the same.
      return { ok: false, failure: UNREACHABLE };
    }
    const answer = await readJson(response);
    if (!response.ok || answer === undefined) {
      return {
        ok: false,
        failure: readFailure(response.ok ? 502 : response.status, answer, response.headers),
      };
    }
    // Our own server, our own schema: the shape is its contract (schema/wire), checked by its tests.
    return { ok: true, value: answer as T };
  }

  const teamPath = (team: string, ...parts: string[]) =>
    `/api/teams/${[team, ...parts].map(encodeURIComponent).join("/")}`;

  const alertPath = (project: string, alert: string, deed: string) =>
    `${projectApi(project)}/alerts/${encodeURIComponent(alert)}/${deed}`;

  const lessonPath = (project: string, lesson: string, deed: LessonDeed | "rating") =>
    `${projectApi(project)}/lessons/${encodeURIComponent(lesson)}/${deed}`;

  return {
    createTeam: (name: string) => call<TeamCreatedResponse>("POST", "/api/teams", { name }),
    members: (team: string) => call<MembersResponse>("GET", teamPath(team, "members")),
    changeRole: (team: string, user: string, role: Role) =>
      call<MemberResponse>("PATCH", teamPath(team, "members", user), { role }),
    removeMember: (team: string, user: string) => call<unknown>("DELETE", teamPath(team, "members", user)),
    leaveTeam: (team: string) => call<unknown>("POST", teamPath(team, "leave"), {}),
    transferTeam: (team: string, user: string) =>
      call<MembersResponse>("POST", teamPath(team, "transfer"), { user }),
    invitations: (team: string) => call<InvitationsResponse>("GET", teamPath(team, "invitations")),
    invite: (team: string, body: NewInvitation) =>
      call<InvitationCreatedResponse>("POST", teamPath(team, "invitations"), body),
    revokeInvitation: (team: string, id: string) =>
      call<unknown>("DELETE", teamPath(team, "invitations", id)),
    lookAtInvitation: (token: string) => call<InvitationOffer>("POST", "/api/invitations/look", { token }),
    acceptInvitation: (token: string) => call<JoinedResponse>("POST", "/api/invitations/accept", { token }),
    signUpInvited: (body: { token: string; email: string; password: string; name?: string }) =>
      call<JoinedResponse>("POST", "/api/invitations/signup", body),
    signUp: (body: SignUp) => call<SignupResponse>("POST", "/api/signup", body),
    signIn: (body: { email: string; password: string }) =>
      call<unknown>("POST", "/api/auth/sign-in/email", body),
    signOut: () => call<unknown>("POST", "/api/auth/sign-out", {}),
    /** Who is signed in; null for nobody, which is no error. */
    person: () => call<{ user: TeamsResponse["user"] } | null>("GET", "/api/auth/get-session"),
    teams: () => call<TeamsResponse>("GET", "/api/teams"),
    createProject: (body: { team: string; name: string }) =>
      call<{ project: ProjectRef }>("POST", "/api/projects", body),
    createSample: (team: string) => call<SampleResponse>("POST", "/api/samples", { team }),
    renameProject: (id: string, name: string) =>
      call<{ project: ProjectRef }>("PATCH", `/api/projects/${encodeURIComponent(id)}`, { name }),
    settings: (id: string) =>
      call<SettingsResponse>("GET", `/api/projects/${encodeURIComponent(id)}/settings`),
    changeSettings: (id: string, change: SettingsChange) =>
      call<SettingsResponse>("PATCH", `/api/projects/${encodeURIComponent(id)}/settings`, change),
    acknowledgeAlert: (project: string, alert: string) =>
      call<AlertResponse>("POST", alertPath(project, alert, "acknowledge"), {}),
    /** 0 minutes: no longer silent. */
    snoozeAlert: (project: string, alert: string, minutes: number) =>
      call<AlertResponse>("POST", alertPath(project, alert, "snooze"), { minutes }),
    /** Null: nobody's. */
    assignAlert: (project: string, alert: string, assignee: string | null) =>
      call<AlertResponse>("POST", alertPath(project, alert, "assign"), { assignee }),
    rateLesson: (project: string, lesson: string, rating: LessonRating) =>
      call<LessonAcceptedResponse>("POST", lessonPath(project, lesson, "rating"), rating),
    teachLesson: (project: string, lesson: NewLesson) =>
      call<LessonAcceptedResponse>("POST", `${projectApi(project)}/lessons`, lesson),
    decideLesson: (project: string, lesson: string, deed: LessonDeed, said: LessonSaid = {}) =>
      call<LessonAcceptedResponse>("POST", lessonPath(project, lesson, deed), said),
    createBudget: (project: string, body: NewBudget) =>
      call<BudgetResponse>("POST", `${projectApi(project)}/budgets`, body),
    changeBudget: (project: string, id: string, change: BudgetChange) =>
      call<BudgetResponse>("PUT", `${projectApi(project)}/budgets/${encodeURIComponent(id)}`, change),
    removeBudget: (project: string, id: string) =>
      call<unknown>("DELETE", `${projectApi(project)}/budgets/${encodeURIComponent(id)}`),
    featureForecast: (project: string, feature: string) =>
      call<FeatureForecast>("GET", `${projectApi(project)}/forecast?feature=${encodeURIComponent(feature)}`),
    keys: (project: string) => call<KeysResponse>("GET", `/api/keys?project=${encodeURIComponent(project)}`),
    createKey: (body: NewKey) => call<KeyCreatedResponse>("POST", "/api/keys", body),
    hooks: (project: string) =>
      call<HooksResponse>("GET", `/api/hooks?project=${encodeURIComponent(project)}`),
    createHook: (body: { project: string; name: string }) =>
      call<HookCreatedResponse>("POST", "/api/hooks", body),
    channels: (project: string) => call<ChannelsResponse>("GET", `${projectApi(project)}/channels`),
    createChannel: (project: string, body: NewChannel) =>
      call<ChannelCreatedResponse>("POST", `${projectApi(project)}/channels`, body),
    removeChannel: (project: string, id: string) =>
      call<unknown>("DELETE", `${projectApi(project)}/channels/${encodeURIComponent(id)}`),
    testChannel: (project: string, id: string) =>
      call<ChannelTestedResponse>(
        "POST",
        `${projectApi(project)}/channels/${encodeURIComponent(id)}/test`,
        {},
      ),
    resendDelivery: (project: string, id: string) =>
      call<unknown>("POST", `${projectApi(project)}/deliveries/${encodeURIComponent(id)}/resend`, {}),
    revokeHook: (id: string) => call<unknown>("DELETE", `/api/hooks/${encodeURIComponent(id)}`),
    shares: (project: string) =>
      call<SharesResponse>("GET", `/api/shares?project=${encodeURIComponent(project)}`),
    createShare: (body: NewShare) => call<ShareCreatedResponse>("POST", "/api/shares", body),
    revokeShare: (id: string) => call<unknown>("DELETE", `/api/shares/${encodeURIComponent(id)}`),
    /** By whoever has the link; counts the visit. */
    openShare: (body: { token: string; passphrase?: string }) =>
      call<ShareOpenedResponse>("POST", "/api/shares/open", body),
    revokeKey: (id: string) => call<unknown>("DELETE", `/api/keys/${encodeURIComponent(id)}`),
  };
}

/** The body as JSON, null where there is none; undefined where something else stands there. */
async function readJson(response: Response): Promise<unknown> {
  let text: string;
  try {
    text = await response.text();
  } catch {
    // Cut off on the way: as good as no JSON.
    return undefined;
  }
  if (text === "") return null;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Path of a project's reading routes. */
export function projectApi(project_id: string): string {
  return `/api/projects/${encodeURIComponent(project_id)}`;
}

/** Path of a project's live stream, for `openFeed`. */
export function streamPath(project_id: string): string {
  return `${projectApi(project_id)}/stream`;
}
