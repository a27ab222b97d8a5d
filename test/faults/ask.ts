/** Every kind of request that reads or writes, made against an account: none may end in a 500, whatever is broken. */
import type { KeyCreatedResponse } from "../../schema/wire/http.ts";
import { signUp, type Account } from "../e2e/account.ts";
import { eventsOf } from "./load.ts";
import type { Ledger } from "./ledger.ts";
import type { Draw } from "../replay/fault/draw.ts";

/** Where it writes; what only reads goes on or answers 503. */
export type Writes = "room" | "d1" | "both" | "nothing";

export interface Ask {
  name: string;
  writes: Writes;
  method: string;
  path: string;
  body?: unknown;
  /** A key, or the session. */
  as: "ingest" | "read" | "person" | "nobody";
}

export interface Reply {
  ask: Ask;
  status: number;
  retry_after: string | null;
  text: string;
  ms: number;
}

export interface Asker {
  account: Account;
  /** Each of them once, one after the other. */
  askAll(): Promise<Reply[]>;
}

export async function openAsker(url: string, ledger: Ledger, draw: Draw): Promise<Asker> {
  const account = await signUp(url, "Asking");
  const { project, team, cookie, email, password, keys } = account;
  const headers = { "content-type": "application/json", cookie, origin: url };
  /** To be revoked, once: while it fails, it stays. */
  const made = await fetch(`${url}/api/keys`, {
    method: "POST",
    headers,
    body: JSON.stringify({ project: project.id, name: "to be revoked", scopes: ["read"] }),
  });
  const revocable = ((await made.json()) as KeyCreatedResponse).key.id;
  let round = 0;
  const asks = (): Ask[] => {
    round += 1;
    const project_path = `/api/projects/${project.id}`;
    const events = eventsOf(`ask-${round}`, 3, draw);
    ledger.send(events);
    const writing: [name: string, writes: Writes, method: string, path: string, body?: unknown][] = [
      ["rename the team", "d1", "PATCH", `/api/teams/${team.id}`, { name: `Asking ${round}` }],
      ["invite", "d1", "POST", `/api/teams/${team.id}/invitations`, { role: "viewer" }],
      ["make a project", "d1", "POST", "/api/projects", { team: team.id, name: `another ${round}` }],
      ["rename the project", "d1", "PATCH", project_path, { name: `project ${round}` }],
      ["make a key", "both", "POST", "/api/keys", { project: project.id, name: "k", scopes: ["read"] }],
      ["revoke a key", "both", "DELETE", `/api/keys/${revocable}`],
      [
        "make a link",
        "both",
        "POST",
        "/api/shares",
        { project: project.id, name: "l", views: ["flow"], redactions: [] },
      ],
    ];
    const reading = [
      "state",
      "events",
      "metrics",
      "tasks",
      "history/tasks",
      "timeline",
      "query",
      "audit",
      "chain",
    ];
    return [
      { name: "send events", writes: "room", method: "POST", path: "/v1/events", body: events, as: "ingest" },
      {
        name: "sign up",
        writes: "d1",
        method: "POST",
        path: "/api/signup",
        body: { team: "T", email: `${crypto.randomUUID()}@example.com`, password },
        as: "nobody",
      },
      {
        name: "sign in",
        writes: "d1",
        method: "POST",
        path: "/api/auth/sign-in/email",
        body: { email, password },
        as: "nobody",
      },
      ...writing.map(([name, writes, method, path, body]): Ask => ({
        name,
        writes,
        method,
        path,
        body,
        as: "person",
      })),
      ...["/api/teams", "/api/projects", `/api/keys?project=${project.id}`, `${project_path}/settings`].map(
        (path): Ask => ({ name: `read ${path}`, writes: "nothing", method: "GET", path, as: "person" }),
      ),
      ...reading.map((name): Ask => ({
        name: `read ${name}`,
        writes: "nothing",
        method: "GET",
        path: `/v1/${name}`,
        as: "read",
      })),
    ];
  };
  const put = async (ask: Ask): Promise<Reply> => {
    const started = performance.now();
    const as: Record<string, string> =
      ask.as === "person"
        ? { cookie, origin: url }
        : ask.as === "nobody"
          ? {}
          : { authorization: `Bearer ${keys[ask.as]}` };
    const reply = await fetch(url + ask.path, {
      method: ask.method,
      headers: { "content-type": "application/json", ...as },
      ...(ask.body === undefined ? {} : { body: JSON.stringify(ask.body) }),
    });
    const text = await reply.text();
    const retry_after = reply.headers.get("retry-after");
    return { ask, status: reply.status, retry_after, text, ms: performance.now() - started };
  };
  return {
    account,
    async askAll() {
      const replies: Reply[] = [];
      for (const ask of asks()) {
        const reply = await put(ask);
        if (ask.as === "ingest" && reply.status === 200)
          ledger.acknowledge(ask.body as ReturnType<typeof eventsOf>);
        replies.push(reply);
      }
      return replies;
    },
  };
}

/** The slowest that may answer while something is away: a client must learn it before it gives up. */
const MAX_ANSWER_MS = 10_000;

/**
 * Whatever needs `away` says 503 and when to come again; the rest is served, or says the same. Answers how many said so.
 */
export function expectUnavailable(replies: readonly Reply[], away: "room" | "d1"): number {
  const done = replies.filter(
    ({ ask, status }) => (ask.writes === away || ask.writes === "both") && status < 300,
  );
  if (done.length > 0)
    throw new Error(`done, though it cannot be: ${done.map(({ ask }) => ask.name).join(", ")}`);
  return expectHonest(replies);
}

/** Each is served, or says 503 and when to come again. Answers how many said so. */
export function expectHonest(replies: readonly Reply[]): number {
  const faults = replies.flatMap(({ ask, status, retry_after, text, ms }) => {
    const found: string[] = [];
    if (status >= 300 && status !== 503) found.push(`answers ${status}: ${text}`);
    if (status === 503 && !(Number(retry_after) > 0)) found.push("answers 503 without Retry-After");
    if (ms > MAX_ANSWER_MS) found.push(`answers after ${(ms / 1_000).toFixed(1)} s`);
    return found.map((fault) => `${ask.name} ${fault}`);
  });
  if (faults.length > 0) throw new Error(faults.join("\n"));
  return replies.filter(({ status }) => status === 503).length;
}

/** Everything works. */
export function expectServed(replies: readonly Reply[]): void {
  const faults = replies.filter(({ status }) => status >= 300);
  if (faults.length > 0)
    throw new Error(
      faults.map(({ ask, status, text }) => `${ask.name} answers ${status}: ${text}`).join("\n"),
    );
}
