import type { BrowserContext } from "playwright-core";
import type { AppendResponse, EventsPage, SignupResponse, StateResponse } from "../../schema/wire/http.ts";

export interface Account extends SignupResponse {
  email: string;
  password: string;
  /** `name=value`, as a browser sends it back. */
  cookie: string;
  /** Path of the project's pages. */
  path: string;
}

/** A team of its own for each test, over HTTP. */
export async function signUp(url: string, team: string): Promise<Account> {
  const email = `${crypto.randomUUID()}@example.com`;
  const password = "correct horse battery staple";
  const reply = await fetch(`${url}/api/signup`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ team, email, password }),
  });
  if (reply.status !== 201) throw new Error(`sign-up answered ${reply.status}: ${await reply.text()}`);
  const made = (await reply.json()) as SignupResponse;
  const cookie = reply.headers
    .getSetCookie()
    .map((text) => text.split(";")[0] ?? "")
    .join("; ");
  return { ...made, email, password, cookie, path: `${url}/${made.team.slug}/${made.project.slug}` };
}

/** Gives a browser the session of an account that was made over HTTP. */
export async function lendSession(context: BrowserContext, url: string, account: Account): Promise<void> {
  const cookies = account.cookie.split("; ").map((pair) => {
    const at = pair.indexOf("=");
    return { name: pair.slice(0, at), value: pair.slice(at + 1), url };
  });
  await context.addCookies(cookies);
}

export function post(url: string, key: string, body: BodyInit, headers: Record<string, string> = {}) {
  return fetch(`${url}/v1/events`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json", ...headers },
    body,
  });
}

/** Sends events that must all be new and valid. */
export async function send(url: string, key: string, events: object[]): Promise<void> {
  const now = new Date().toISOString();
  const reply = await post(
    url,
    key,
    JSON.stringify(events.map((event) => ({ timestamp: now, agent_id: "coder-a", ...event }))),
  );
  const answer = (await reply.json()) as AppendResponse;
  if (answer.accepted !== events.length) throw new Error(`not all were taken: ${JSON.stringify(answer)}`);
}

async function read(url: string, key: string, path: string): Promise<unknown> {
  const reply = await fetch(`${url}${path}`, { headers: { authorization: `Bearer ${key}` } });
  if (!reply.ok) throw new Error(`${path} answered ${reply.status}: ${await reply.text()}`);
  return reply.json();
}

export const readState = (url: string, key: string) => read(url, key, "/v1/state") as Promise<StateResponse>;

/** The whole log, page by page. */
export async function readLog(url: string, key: string): Promise<EventsPage["events"]> {
  const events: EventsPage["events"] = [];
  for (let since: number | null = 0; since !== null;) {
    const page = (await read(url, key, `/v1/events?since=${since}&limit=1000`)) as EventsPage;
    events.push(...page.events);
    since = page.next;
  }
  return events;
}

/** Without what Clusterfork says of it by itself, which depends on when it looked. */
export const sentOf = (log: EventsPage["events"]): EventsPage["events"] =>
  log.filter(({ source }) => source !== "clusterfork");
