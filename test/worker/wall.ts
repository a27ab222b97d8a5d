/**
 * The wall, as data: for every route, what each kind of asker is answered when
 * he names what belongs to one team. wall.test.ts tries every cell, and fails
 * for a route without a row.
 *
 *   in    let in
 *   own   let in, and sees nothing of the team: its own, or what a link that hides everything shows
 *   401, 403, 404   refused with that status
 */
export const ASKERS = [
  "nobody",
  "another team",
  "viewer",
  "member",
  "admin",
  "owner",
  "ingest-only key",
  "read-only key",
  "revoked key",
  "forged key",
  "another team's key",
  "share link",
  "expired link",
  "revoked link",
] as const;
export type Asker = (typeof ASKERS)[number];
export type Answer = "in" | "own" | "401" | "403" | "404";
export type Row = Record<Asker, Answer>;

/** Who is of the team: to all others nothing of it may show, whatever the answer. */
export const INSIDERS: readonly Asker[] = [
  "viewer",
  "member",
  "admin",
  "owner",
  "ingest-only key",
  "read-only key",
];

function row(answers: string): Row {
  const parts = answers.split(/[ |]+/);
  if (parts.length !== ASKERS.length) throw new Error(`a row has ${ASKERS.length} answers: ${answers}`);
  return Object.fromEntries(ASKERS.map((asker, n) => [asker, parts[n]])) as Row;
}

//                   nobody another viewer member admin owner | ingest read revoked forged another's | link expired revoked
const ANYONE = /* */ row(
  "in  in     in     in     in    in    | in     in   in      in     in     | in   in      in",
);
const PERSON = /* */ row(
  "401 own    in     in     in    in    | 401    401  401     401    401    | 401  401     401",
);
const VIEWER = /* */ row(
  "401 404    in     in     in    in    | 401    401  401     401    401    | 401  401     401",
);
const MEMBER = /* */ row(
  "401 404    403    in     in    in    | 401    401  401     401    401    | 401  401     401",
);
const ADMIN = /*  */ row(
  "401 404    403    403    in    in    | 401    401  401     401    401    | 401  401     401",
);
const OWNER = /*  */ row(
  "401 404    403    403    403   in    | 401    401  401     401    401    | 401  401     401",
);
const READ_KEY = /**/ row(
  "401 401    401    401    401   401   | 403    in   401     401    own    | own  404     404",
);
const SEND_KEY = /**/ row(
  "401 401    401    401    401   401   | in     403  401     401    own    | 403  404     404",
);
/** A key of scope admin, which none of these is: budget.test.ts has one. */
const ADMIN_KEY = /**/ row(
  "401 401    401    401    401   401   | 403    403  401     401    403    | 403  404     404",
);

const NO_LINK: Partial<Row> = { "share link": "403" };

/** What the log, the state and the archive tell; each of them once for keys and once for people. */
const READING = [
  "events",
  "chain",
  "export",
  "audit",
  "state",
  "timeline",
  "metrics",
  "forecast",
  "forecast/calibration",
  "query",
  "query/compare",
  "query/fields",
  "stream",
  "tasks",
  "tasks/:id",
  "features",
  "features/:id",
  "features/:id/report",
  "agents",
  "agents/performance",
  "agents/:id",
  "history/tasks",
  "history/features",
  "history/agents",
  "history/hours",
  "budgets",
  "alerts",
  "lessons",
  "lessons/search",
  "lessons/effects",
  "context",
];

/** Of these, what a link of the Task Flow opens. */
const SHARED = ["state", "stream", "tasks", "tasks/:id", "features", "features/:id", "agents", "agents/:id"];

export const WALL: Record<string, Row> = {
  "GET /healthz": ANYONE,
  "GET /v1/openapi.json": ANYONE,
  "GET /v1/docs": ANYONE,

  "POST /v1/events": SEND_KEY,
  // Whoever can sign: the wall's requests are. Unsigned, forged and foreign ones are in github-hook.test.ts.
  "POST /v1/hooks/github/:hook": ANYONE,
  "POST /v1/hooks/claude-code": SEND_KEY,
  "POST /v1/otlp/v1/traces": SEND_KEY,
  "POST /v1/otlp/v1/logs": SEND_KEY,
  "POST /v1/otlp/v1/metrics": SEND_KEY,
  ...Object.fromEntries(
    READING.map((path) => [
      `GET /v1/${path}`,
      SHARED.includes(path) ? READ_KEY : { ...READ_KEY, ...NO_LINK },
    ]),
  ),
  ...Object.fromEntries(READING.map((path) => [`GET /api/projects/:project/${path}`, VIEWER])),

  "POST /api/signup": ANYONE,
  "POST /api/auth/sign-in/email": ANYONE,
  "POST /api/auth/sign-out": ANYONE,
  "GET /api/auth/get-session": ANYONE,

  "POST /v1/budgets": ADMIN_KEY,
  "PUT /v1/budgets/:budget": ADMIN_KEY,
  "DELETE /v1/budgets/:budget": ADMIN_KEY,
  "POST /v1/budgets/reserve": SEND_KEY,
  "POST /v1/budgets/release": SEND_KEY,
  "POST /api/projects/:project/budgets": ADMIN,
  "PUT /api/projects/:project/budgets/:budget": ADMIN,
  "DELETE /api/projects/:project/budgets/:budget": ADMIN,

  ...Object.fromEntries(
    ["acknowledge", "snooze", "assign"].flatMap((deed) => [
      [`POST /v1/alerts/:alert/${deed}`, ADMIN_KEY],
      [`POST /api/projects/:project/alerts/:alert/${deed}`, MEMBER],
    ]),
  ),

  // A name in another team's book is no name there.
  "GET /v1/lessons/:lesson": { ...READ_KEY, ...NO_LINK, "another team's key": "404" },
  "GET /api/projects/:project/lessons/:lesson": VIEWER,
  "POST /v1/mcp": { ...READ_KEY, ...NO_LINK },
  "POST /v1/lessons": SEND_KEY,
  "POST /api/projects/:project/lessons": MEMBER,
  "POST /v1/lessons/:lesson/rating": { ...SEND_KEY, "another team's key": "404" },
  "POST /api/projects/:project/lessons/:lesson/rating": MEMBER,
  ...Object.fromEntries(
    ["purge", "quarantine", "reindex"].flatMap((deed) => [
      [`POST /v1/lessons/${deed}`, ADMIN_KEY],
      [`POST /api/projects/:project/lessons/${deed}`, ADMIN],
    ]),
  ),
  ...Object.fromEntries(
    ["approve", "quarantine", "retire"].flatMap((deed) => [
      [`POST /v1/lessons/:lesson/${deed}`, ADMIN_KEY],
      [`POST /api/projects/:project/lessons/:lesson/${deed}`, MEMBER],
    ]),
  ),

  "GET /api/projects/:project/channels": ADMIN,
  "POST /api/projects/:project/channels": ADMIN,
  "DELETE /api/projects/:project/channels/:channel": ADMIN,
  "POST /api/projects/:project/channels/:channel/test": ADMIN,
  "POST /api/projects/:project/deliveries/:delivery/resend": ADMIN,

  "GET /api/teams": PERSON,
  "POST /api/teams": PERSON,
  "PATCH /api/teams/:team": ADMIN,
  "POST /api/teams/:team/leave": VIEWER,
  "POST /api/teams/:team/transfer": OWNER,
  "GET /api/teams/:team/members": VIEWER,
  "PATCH /api/teams/:team/members/:user": ADMIN,
  "DELETE /api/teams/:team/members/:user": ADMIN,
  "GET /api/teams/:team/invitations": ADMIN,
  "POST /api/teams/:team/invitations": ADMIN,
  "DELETE /api/teams/:team/invitations/:invitation": ADMIN,

  // Whoever holds a link may use it: that is what it is for. Guessed ones are in team.test.ts and fuzz.test.ts.
  "POST /api/invitations/look": ANYONE,
  "POST /api/invitations/signup": ANYONE,
  "POST /api/invitations/accept": { ...PERSON, "another team": "in" },

  "GET /api/projects": PERSON,
  "POST /api/projects": ADMIN,
  "PATCH /api/projects/:project": ADMIN,
  "GET /api/shares": MEMBER,
  "POST /api/shares": ADMIN,
  "DELETE /api/shares/:share": ADMIN,
  "POST /api/shares/open": ANYONE,
  "GET /s/:token": ANYONE,

  "GET /api/projects/:project/settings": ADMIN,
  "PATCH /api/projects/:project/settings": ADMIN,
  "POST /api/samples": ADMIN,
  "GET /api/keys": MEMBER,
  "POST /api/keys": ADMIN,
  "DELETE /api/keys/:key": ADMIN,
  "GET /api/hooks": MEMBER,
  "POST /api/hooks": ADMIN,
  "DELETE /api/hooks/:key": ADMIN,
};
