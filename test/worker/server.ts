/** What the tests of the running Worker share: the migrated database, sign-up, and requests with a key or a session. */
import { applyD1Migrations } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import type { KeyCreatedResponse, SignupResponse } from "../../schema/wire/http.ts";

export const ORIGIN = "http://clusterfork.test";

export async function migrate(): Promise<void> {
  await applyD1Migrations(env.DB, env.TEST_MIGRATIONS);
}

export interface Account extends SignupResponse {
  email: string;
  password: string;
  cookie: string;
}

export function cookieOf(reply: Response): string {
  return reply.headers
    .getSetCookie()
    .map((cookie) => cookie.split(";")[0])
    .join("; ");
}

/** As the runtime's, with headers that can be added to. */
export type Init = RequestInit & { headers?: Record<string, string> };

/** Each call comes from an address of its own, so that the limits per address are met only by the test that is about them. */
export function call(path: string, init: Init = {}): Promise<Response> {
  const headers = { "cf-connecting-ip": crypto.randomUUID(), ...init.headers };
  return exports.default.fetch(`${ORIGIN}${path}`, { ...init, headers });
}

export function asKey(key: string, path: string, init: Init = {}): Promise<Response> {
  return call(path, { ...init, headers: { authorization: `Bearer ${key}`, ...init.headers } });
}

export function asPerson(cookie: string, path: string, init: Init = {}): Promise<Response> {
  return call(path, { ...init, headers: { cookie, origin: ORIGIN, ...init.headers } });
}

export const json = (method: string, body: unknown): Init => ({
  method,
  headers: { "content-type": "application/json" },
  body: JSON.stringify(body),
});

/** A fresh team with an address of its own: storage is shared within a test file. */
export async function signUp(team: string): Promise<Account> {
  const email = `${crypto.randomUUID()}@example.com`;
  const password = "correct horse battery";
  const reply = await call("/api/signup", json("POST", { team, email, password }));
  if (reply.status !== 201) throw new Error(`sign-up answered ${reply.status}: ${await reply.text()}`);
  return { ...(await reply.json<SignupResponse>()), email, password, cookie: cookieOf(reply) };
}

/** A key of an agent at work: it sends and reads. */
export async function workKey({ cookie, project }: Account): Promise<string> {
  const asked = { project: project.id, name: "at work", scopes: ["ingest", "read"] };
  const reply = await asPerson(cookie, "/api/keys", json("POST", asked));
  if (reply.status !== 201) throw new Error(`a new key answered ${reply.status}: ${await reply.text()}`);
  return (await reply.json<KeyCreatedResponse>()).secret;
}

let sent = 0;
/** A valid event with an id of its own; `part` replaces fields. */
export function event(part: Record<string, unknown>): Record<string, unknown> {
  return {
    id: `event-${++sent}-${crypto.randomUUID()}`,
    timestamp: new Date().toISOString(),
    event_type: "task_started",
    agent_id: "coder",
    ...part,
  };
}

export interface Socket {
  protocol: string | null;
  closed: Promise<{ code: number; reason: string }>;
  /** The first message, past or to come, that fits. */
  message(
    fits: (message: { type: string; [field: string]: unknown }) => boolean,
  ): Promise<{ [field: string]: unknown }>;
  close(): void;
}

export async function openSocket(path: string, headers: Record<string, string>): Promise<Socket> {
  const reply = await call(path, { headers: { upgrade: "websocket", ...headers } });
  const socket = reply.webSocket;
  if (socket === null) throw new Error(`upgrade answered ${reply.status}: ${await reply.text()}`);
  const seen: { type: string; [field: string]: unknown }[] = [];
  const waiting = new Set<() => void>();
  socket.addEventListener("message", ({ data }) => {
    seen.push(JSON.parse(String(data)));
    for (const look of waiting) look();
  });
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.addEventListener("close", ({ code, reason }) => resolve({ code, reason }));
  });
  socket.accept();
  return {
    protocol: reply.headers.get("sec-websocket-protocol"),
    closed,
    message: (fits) =>
      new Promise((resolve) => {
        const look = () => {
          const found = seen.find(fits);
          if (found === undefined) return;
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        look();
      }),
    close: () => socket.close(1000),
  };
}
