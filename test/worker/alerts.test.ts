/** What people and keys do to alerts over HTTP, in real workerd. */
import { evictDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, expect, it } from "vitest";
import type { AlertInfo, AlertResponse, AlertsResponse } from "../../schema/wire/alert.ts";
import type { ErrorBody } from "../../schema/wire/error.ts";
import type { EventsPage, KeyCreatedResponse } from "../../schema/wire/http.ts";
import { appendPort } from "../../worker/room/own.ts";
import { asKey, asPerson, json, migrate, signUp, type Account } from "./server.ts";

beforeAll(migrate);

const roomOf = (team: Account) => env.ROOM.get(env.ROOM.idFromName(team.project.id));
/** Of a rule of this test, which nobody else clears. */
async function say(team: Account, event_type: string, alert_id: string, n = 0): Promise<void> {
  const metadata = { alert_id, rule: "test", severity: "critical", title: "<b>Look</b>" };
  const timestamp = new Date().toISOString();
  await appendPort(roomOf(team))([
    { organ: "alerts", cause: [event_type, alert_id, n], event_type, timestamp, metadata },
  ]);
}

async function adminKey(team: Account): Promise<string> {
  const body = { project: team.project.id, name: "admin", scopes: ["admin"] };
  const made = await asPerson(team.cookie, "/api/keys", json("POST", body));
  return (await made.json<KeyCreatedResponse>()).secret;
}

const path = (team: Account, id: string, deed: string) =>
  `/api/projects/${team.project.id}/alerts/${encodeURIComponent(id)}/${deed}`;
async function act(team: Account, id: string, deed: string, body: unknown = {}): Promise<AlertInfo> {
  const reply = await asPerson(team.cookie, path(team, id, deed), json("POST", body));
  expect(reply.status, await reply.clone().text()).toBe(200);
  return (await reply.json<AlertResponse>()).alert;
}
async function list(team: Account, query = ""): Promise<AlertInfo[]> {
  const reply = await asKey(team.keys.read, `/v1/alerts${query}`);
  expect(reply.status).toBe(200);
  return (await reply.json<AlertsResponse>()).alerts;
}
const logOf = async (team: Account) =>
  (await (await asKey(team.keys.read, "/v1/events?limit=1000")).json<EventsPage>()).events;

it("[B2] an alert is seen once, by whoever was first, and the log tells who", async () => {
  const team = await signUp("Seen");
  await say(team, "alert_raised", "a-1");
  expect(await list(team)).toMatchObject([{ id: "a-1", status: "open", title: "<b>Look</b>" }]);
  const seen = await Promise.all([act(team, "a-1", "acknowledge"), act(team, "a-1", "acknowledge")]);
  expect(seen.map(({ status }) => status)).toEqual(["acknowledged", "acknowledged"]);
  const key = await adminKey(team);
  const late = await asKey(key, "/v1/alerts/a-1/acknowledge", json("POST", {}));
  expect((await late.json<AlertResponse>()).alert.acknowledged_by).toBe(team.email.split("@")[0]);
  const told = (await logOf(team)).filter(({ event_type }) => event_type === "alert_acknowledged");
  expect(told).toMatchObject([
    { agent_id: "clusterfork:alerts", metadata: { alert_id: "a-1", by: team.email.split("@")[0] } },
  ]);
});

it("an alert is silent for a while, and is somebody's, also by a key; both are taken back", async () => {
  const team = await signUp("Silent");
  await say(team, "alert_raised", "a-1");
  const key = await adminKey(team);
  const snoozed = await asKey(key, "/v1/alerts/a-1/snooze", json("POST", { minutes: 5 }));
  expect(await snoozed.json<AlertResponse>()).toMatchObject({ alert: { status: "snoozed" } });
  expect(await act(team, "a-1", "snooze", { minutes: 0 })).toMatchObject({
    status: "open",
    snoozed_until: null,
  });
  expect(await act(team, "a-1", "assign", { assignee: " <i>Ada</i> " })).toMatchObject({
    assignee: "<i>Ada</i>",
  });
  await evictDurableObject(roomOf(team));
  expect(await list(team, "?status=open")).toMatchObject([{ assignee: "<i>Ada</i>" }]);
  expect(await act(team, "a-1", "assign", { assignee: null })).toMatchObject({ assignee: null });
  expect(await act(team, "a-1", "assign", { assignee: "Ada" })).toMatchObject({ assignee: "Ada" });
  const by = (await logOf(team)).flatMap(({ event_type, metadata }) =>
    event_type === "alert_snoozed" ? [metadata?.by] : [],
  );
  expect(by).toEqual([`key ${key.split("_")[2] ?? ""}`, team.email.split("@")[0]]);
});

it("what is over, unknown or misspelt is refused with what to do, and adds nothing", async () => {
  const team = await signUp("Over");
  await say(team, "alert_raised", "a-1");
  await say(team, "alert_cleared", "a-1");
  const before = (await logOf(team)).length;
  const refused = async (id: string, deed: string, body: unknown = {}) => {
    const reply = await asPerson(team.cookie, path(team, id, deed), json("POST", body));
    const { error } = await reply.json<ErrorBody>();
    return [reply.status, error.code];
  };
  expect(await refused("a-1", "acknowledge")).toEqual([409, "conflict"]);
  expect(await refused("a-2", "acknowledge")).toEqual([404, "not_found"]);
  expect(await refused("a-1", "snooze", { minutes: 1e9 })).toEqual([422, "invalid"]);
  expect(await refused("a-1", "snooze", { minutes: -1 })).toEqual([422, "invalid"]);
  expect(await refused("a-1", "assign", { assignee: " " })).toEqual([422, "invalid"]);
  expect(await refused("a-1", "assign", { to: "Ada" })).toEqual([422, "invalid"]);
  expect((await asKey(team.keys.read, "/v1/alerts?status=shut")).status).toBe(400);
  expect(await list(team, "?status=cleared")).toMatchObject([{ id: "a-1", status: "cleared" }]);
  expect(await list(team, "?status=open")).toEqual([]);
  expect((await logOf(team)).length).toBe(before);
  const reading = await asKey(team.keys.read, "/v1/alerts/a-1/acknowledge", json("POST", {}));
  expect(reading.status).toBe(403);
});
