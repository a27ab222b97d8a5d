/** [T2] What a share link shows: every redaction and view, over every way out, against a log with a canary in each field. */
import { runDurableObjectAlarm } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import type { StoredEvent } from "../../schema/event/event.ts";
import { fieldOf } from "../../schema/column/field.ts";
import type { Sensitivity } from "../../schema/event/field.ts";
import { apply, createState } from "../../schema/state/apply.ts";
import { stateText } from "../../schema/state/encode.ts";
import { MAX_AGENTS, MAX_OPEN_FEATURES, MAX_OPEN_TASKS } from "../../schema/state/limits.ts";
import { withoutFigures } from "../../schema/state/redact.ts";
import { SHARE_VIEWS, type ShareView } from "../../schema/state/share-view.ts";
import type { WireState } from "../../schema/state/state.ts";
import type { StateResponse } from "../../schema/wire/http.ts";
import { REDACTIONS, type Redaction, type ShareCreatedResponse } from "../../schema/wire/share.ts";
import { packEvents } from "../../schema/event/batch.ts";
import { DRAIN_DELAY_MS } from "../../worker/room/limits.ts";
import { canariesIn, canaryLog, type CanaryLog } from "./canary.ts";
import { event, headOf, own, rest, type RoomStub } from "./prepared.ts";
import { asKey, asPerson, json, migrate, signUp, type Account } from "./server.ts";

let team: Account;
let log: CanaryLog;
let room: RoomStub;
/** What the live state shows a member, decisions, escalations, the words of SOPs and alerts and the figures of forecasts apart: all that the Task Flow may show. */
let folded: Set<string>;
/** The same for a link that shows how it goes: with the words of alerts, and the figures of forecasts. */
let measured: Set<string>;
/** The last seq: what the room said of the log by itself is behind the log's own events. */
let head: number;

function subsets<T>(all: readonly T[]): T[][] {
  return all.reduce<T[][]>((sets, one) => [...sets, ...sets.map((set) => [...set, one])], [[]]);
}
const LINKS = subsets(REDACTIONS).flatMap((redactions) =>
  subsets(SHARE_VIEWS.filter((view) => view !== "flow")).map((more) => ({
    title: `without ${redactions.join(", ") || "nothing"}, showing ${["flow", ...more].join(", ")}`,
    redactions,
    views: ["flow", ...more] as ShareView[],
  })),
);

beforeAll(async () => {
  await migrate();
  team = await signUp("Canaries");
  log = canaryLog();
  room = env.ROOM.get(env.ROOM.idFromName(team.project.id)) as unknown as RoomStub;
  expect(await room.append(own, log.batch)).toMatchObject({ accepted: log.events });
  await drain();
  // The features that ended are looked back on; after that nothing more is said.
  await vi.waitFor(
    async () => {
      const before = await headOf(room);
      await rest(room);
      await scheduler.wait(200);
      const { page } = await readSaid();
      expect(page).toContain("reflection_made");
      expect(await headOf(room)).toBe(before);
    },
    { timeout: 30_000, interval: 100 },
  );
  const { seq, state } = await (await asKey(team.keys.read, "/v1/state")).json<StateResponse>();
  head = seq;
  const open_alerts = state.open_alerts.map((alert) => ({
    ...alert,
    title: null,
    message: null,
    value: null,
    target: null,
    samples: null,
  }));
  const figures = withoutFigures(state);
  const sops = state.sops.map((sop) => ({ ...sop, title: null, text: null }));
  folded = canariesIn(
    JSON.stringify({ ...state, ...figures, decisions: [], escalations: [], sops, open_alerts }),
  );
  measured = canariesIn(JSON.stringify({ ...state, decisions: [], escalations: [], sops }));
  // These undo something, and then stand nowhere: whose task it was, which file is free. Of some only the number is
  // kept. Or there was no such alert, and no budget: a canary is no scope of one.
  const unseen = [
    "handoff.from_agent",
    "file_unlocked.path",
    "alert_acknowledged.by",
    "alert_assigned.assignee",
    "feature_planned.files",
    // Of an agent that nobody met.
    "pip_opened.agent",
    "pip_closed.agent",
    "budget_set.title",
    "budget_set.by",
    "budget_set.agent",
    "budget_set.limit_usd",
    "budget_set.limit_tokens",
    "budget_reserved.agent",
    "budget_reserved.amount_usd",
    "budget_reserved.amount_tokens",
    "budget_warned.threshold_percent",
    "budget_exceeded.threshold_percent",
  ];
  for (const field of unseen) folded.add(log.of.get(field) ?? "");
  // Of a forecast and a target the newest stands; and it has no field for some of what is said.
  const unkept = [...log.of].flatMap(([field, canary]) =>
    /^(alert_cleared|pip_opened|target_recalibrated|forecast_made|forecast_scored)\.(title|message|value|target|samples|previous|predicted|low|high|coverage|actual|error)$/.test(
      field,
    )
      ? [canary]
      : [],
  );
  for (const canary of [...folded, ...unkept]) measured.add(canary);
}, 60_000);

async function readSaid(): Promise<{ page: string }> {
  const reply = await asKey(team.keys.read, "/v1/events?agent=clusterfork:reflection&limit=1000");
  return { page: await reply.text() };
}

async function drain(): Promise<void> {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + DRAIN_DELAY_MS });
  await runDurableObjectAlarm(room);
  vi.useRealTimers();
}

async function share(views: ShareView[], redactions: Redaction[]): Promise<string> {
  const body = { project: team.project.id, name: "a link", views, redactions };
  const reply = await asPerson(team.cookie, "/api/shares", json("POST", body));
  expect(reply.status).toBe(201);
  const made = await reply.json<ShareCreatedResponse>();
  open_links.push(made.share.id);
  return made.token;
}

/** A project has room for a hundred at once. */
const open_links: string[] = [];
afterEach(async () => {
  for (const id of open_links.splice(0))
    expect((await asPerson(team.cookie, `/api/shares/${id}`, json("DELETE", {}))).status).toBe(204);
});

/** Every message until the head. */
async function watch(token: string, since: number | null, head: number): Promise<string[]> {
  const path = since === null ? "/v1/stream" : `/v1/stream?since=${since}`;
  const reply = await asKey(token, path, { headers: { upgrade: "websocket" } });
  const socket = reply.webSocket;
  if (socket === null) throw new Error(`upgrade answered ${reply.status}`);
  const seen: string[] = [];
  return new Promise((resolve) => {
    socket.addEventListener("message", ({ data }) => {
      seen.push(String(data));
      const message = JSON.parse(String(data)) as { to?: number; seq?: number };
      if ((message.to ?? message.seq) !== head) return;
      socket.close(1000);
      resolve(seen);
    });
    socket.accept();
  });
}

/** The first ids that a link shows, for the routes of one. */
async function addresses(token: string): Promise<string[]> {
  const { state } = await (await asKey(token, "/v1/state")).json<{ state: WireState }>();
  const ids = (entries: { id: string }[]) => entries.map(({ id }) => encodeURIComponent(id));
  return [
    "/v1/events?limit=1000",
    "/v1/state",
    "/v1/state?at=40",
    `/v1/state?at=${state.seq}`,
    "/v1/timeline",
    "/v1/tasks",
    "/v1/features",
    "/v1/agents",
    "/v1/history/tasks",
    "/v1/history/features",
    "/v1/history/agents",
    "/v1/history/hours",
    "/v1/export",
    "/v1/metrics",
    "/v1/metrics?by=agent&window=all",
    "/v1/metrics?by=model",
    "/v1/metrics?window=24h&points=4",
    "/v1/agents/performance?window=7d",
    "/v1/agents/performance?by=role",
    "/v1/forecast",
    "/v1/forecast/calibration",
    "/v1/alerts",
    "/v1/budgets",
    "/v1/query/fields",
    "/v1/query?group_by=agent_id&group_by=event_type&limit=1000",
    "/v1/query/compare?select=event_type%3Dtask_created",
    ...ids(state.open_tasks.slice(0, 3)).map((id) => `/v1/forecast?task=${id}`),
    ...ids(state.open_features.slice(0, 3)).map((id) => `/v1/forecast?feature=${id}`),
    ...ids(state.open_tasks.slice(0, 3)).map((id) => `/v1/tasks/${id}`),
    ...ids(state.open_features.slice(0, 3)).map((id) => `/v1/features/${id}`),
    ...ids(state.open_features.slice(0, 3)).map((id) => `/v1/features/${id}/report`),
    ...ids(state.agents.slice(0, 3)).map((id) => `/v1/agents/${id}`),
  ];
}

const OPENED_BY: Record<string, ShareView[]> = {
  "/v1/events": ["events", "history"],
  "/v1/state?at": ["history"],
  "/v1/timeline": ["history"],
  "/v1/history": ["history"],
  "/v1/export": [],
  "/v1/metrics": ["metrics"],
  "/v1/agents/performance": ["metrics"],
  "/v1/forecast": ["metrics"],
  "/v1/alerts": ["metrics"],
  "/v1/budgets": ["metrics"],
  "/v1/query": ["events"],
};
const showsLog = (views: ShareView[]) => views.includes("events") || views.includes("history");
const kept = (views: ShareView[]) => (views.includes("metrics") ? measured : folded);
function isOpen(path: string, views: ShareView[], redactions: Redaction[]): boolean {
  if (path === "/v1/history/agents" && redactions.includes("name")) return false;
  if (path === "/v1/budgets" && redactions.includes("cost")) return false;
  if (path.endsWith("/report")) return views.includes("metrics");
  const by = Object.entries(OPENED_BY).find(([prefix]) => path.startsWith(prefix))?.[1] ?? ["flow"];
  return views.some((view) => by.includes(view));
}

function outside(text: string, views: ShareView[], redactions: Redaction[]): [string, Sensitivity][] {
  return [...canariesIn(text)].flatMap((canary): [string, Sensitivity][] => {
    const sensitivity = log.canaries.get(canary);
    if (sensitivity === undefined) throw new Error(`${canary} is of no field`);
    const hidden =
      sensitivity === "secret" ||
      (sensitivity !== "structure" && redactions.includes(sensitivity)) ||
      // Ids of events are structure, and no part of the state.
      (sensitivity !== "structure" && !views.includes("events") && !kept(views).has(canary));
    return hidden ? [[canary, sensitivity]] : [];
  });
}

describe("[T2] a link", () => {
  it("control: the log has canaries of every sensitivity, and a member sees them all", async () => {
    const page = await (await asKey(team.keys.read, "/v1/events?limit=1000")).text();
    expect(canariesIn(page)).toEqual(new Set(log.canaries.keys()));
    expect(new Set(log.canaries.values()).size).toBe(6);
    expect(log.canaries.size).toBeGreaterThan(500);
    expect(folded.size).toBeGreaterThan(100);
    for (const sensitivity of ["name", "title", "text", "cost"] as const)
      expect([...folded].some((canary) => log.canaries.get(canary) === sensitivity)).toBe(true);
  });

  it.each(LINKS)("$title", async ({ views, redactions }) => {
    const token = await share(views, redactions);
    const paths = await addresses(token);
    for (const path of paths) {
      const reply = await asKey(token, path);
      const text = await reply.text();
      expect(reply.status, path).toBe(isOpen(path, views, redactions) ? 200 : 403);
      expect(outside(text, views, redactions), path).toEqual([]);
    }
    const snapshots = await watch(token, null, head);
    const frames = await watch(token, 0, head);
    for (const message of [...snapshots, ...frames]) expect(outside(message, views, redactions)).toEqual([]);
    if (!showsLog(views)) {
      // What was before the visit is the past, which this link does not show.
      expect(frames).toEqual(snapshots);
      return;
    }

    // [S2] The visitor's browser folds what it is sent into what it would be shown; [V1] each seq once.
    const state = createState();
    const events = frames.flatMap((text) => (JSON.parse(text) as { events: StoredEvent[] }).events);
    expect(events.map(({ seq }) => seq)).toEqual(Array.from({ length: head }, (_, i) => i + 1));
    for (const one of events) apply(state, one);
    const shown = await (await asKey(token, "/v1/state")).json<StateResponse>();
    expect(stateText(state)).toBe(JSON.stringify(shown.state));

    // The control: what is not taken away is there.
    const everything = [...snapshots, ...frames].join("");
    for (const [canary, sensitivity] of log.canaries) {
      const is_shown =
        sensitivity === "structure" || (sensitivity !== "secret" && !redactions.includes(sensitivity));
      if (is_shown && (views.includes("events") || (kept(views).has(canary) && sensitivity !== "structure")))
        expect(everything).toContain(canary);
    }
  });

  it("to how it goes shows figures, without those of costs, and agents by their alias", async () => {
    interface Measured {
      rows: { metric: string; group: string | null }[];
    }
    const rows = async (token: string, path: string) =>
      (await (await asKey(token, path)).json<Measured>()).rows;
    const path = "/v1/metrics?by=agent&window=all";
    const [all, hidden] = [
      await share(["flow", "metrics"], []),
      await share(["flow", "metrics"], ["cost", "name"]),
    ];
    const member = await rows(team.keys.read, path);
    const whose = (found: Measured["rows"]) => found.map(({ metric, group }) => [metric, group]);
    expect(whose(await rows(all, path))).toEqual(whose(member));
    const shown = await rows(hidden, path);
    expect(shown.length).toBeGreaterThan(0);
    expect(shown.some(({ metric }) => metric === "cost" || metric.startsWith("tokens_"))).toBe(false);
    const names = new Set(member.map(({ group }) => group).filter((group) => group !== null));
    for (const { group } of shown)
      expect(group !== null && names.has(group) && !group.startsWith("clusterfork:")).toBe(false);
    // It asks by the name that it is shown; by the real one nobody is found.
    const alias = shown.find(({ group }) => group?.startsWith("anon-"))?.group ?? "";
    const of = async (agent: string) =>
      JSON.stringify(await rows(hidden, `/v1/metrics?window=all&agent=${encodeURIComponent(agent)}`));
    const real = [...names].find((name) => !name.startsWith("clusterfork:")) ?? "";
    expect(await of(real)).toBe(await of("nobody-at-all"));
    expect(await of(alias)).not.toBe(await of("nobody-at-all"));
    expect((await asKey(hidden, "/v1/metrics?source=history")).status).toBe(403);
    expect((await asKey(all, "/v1/budgets")).status).toBe(200);
  });

  it("that shows every event answers questions of each field by what it shows of it, and of no other", async () => {
    /** As many as a question groups by at once. */
    const AT_ONCE = 3;
    const ask = async (token: string, fields: string[]) => {
      const query = fields.map((field) => `group_by=${encodeURIComponent(field)}`).join("&");
      const reply = await asKey(token, `/v1/query?${query}&limit=1000`);
      return { status: reply.status, text: await reply.text() };
    };
    const listed = async (token: string) =>
      (await (await asKey(token, "/v1/query/fields")).json<{ fields: string[] }>()).fields;
    const all = await listed(team.keys.read);
    expect(all.length).toBeGreaterThan(150);
    const views: ShareView[] = ["flow", "events"];
    for (const redactions of [["text"], ["cost", "name", "title"], [...REDACTIONS]] as Redaction[][]) {
      const token = await share(views, redactions);
      const shown = await listed(token);
      const hidden = all.filter((field) => !shown.includes(field));
      // The reference: the same fields of the events that the link is shown.
      const { events } = await (
        await asKey(token, "/v1/events?limit=1000")
      ).json<{ events: StoredEvent[] }>();
      const valuesOf = (field: string) =>
        new Set(events.map((one) => fieldOf(one, field)).filter((value) => value !== null));
      for (let at = 0; at < shown.length; at += AT_ONCE) {
        const fields = shown.slice(at, at + AT_ONCE);
        const { status, text } = await ask(token, fields);
        expect(status, fields.join()).toBe(200);
        expect(outside(text, views, redactions), fields.join()).toEqual([]);
        const { groups } = JSON.parse(text) as { groups: { key: unknown[] }[] };
        for (const [place, field] of fields.entries()) {
          const found = groups.map(({ key }) => key[place]).filter((value) => value !== null);
          expect(new Set(found), field).toEqual(valuesOf(field));
        }
      }
      for (const field of hidden) expect([...valuesOf(field)], field).toEqual([]);
      for (const field of hidden.filter((_, at) => at % 20 === 0))
        expect((await ask(token, [field])).status, field).toBe(400);
    }
    // A filter on what is hidden, and one on what is not there, are refused alike.
    const token = await share(views, ["text"]);
    const refused = async (field: string) => {
      const reply = await asKey(token, `/v1/query?where=${encodeURIComponent(`${field}~CANARY`)}`);
      const { error } = await reply.json<{ error: { message: string } }>();
      return [reply.status, error.message.replaceAll(field, "X").replace(/ Near it: .*(?= GET)/, "")];
    };
    expect(await refused("metadata.undeclared")).toEqual(await refused("metadata.qqqqqqqqqqqqqq"));
  });

  it("is no oracle: filters and ids compare with what it shows, and refusals say nothing back", async () => {
    const real = [...log.canaries].find(([, sensitivity]) => sensitivity === "name")?.[0] ?? "";
    const token = await share(["flow", "events", "history"], ["name"]);
    const nobody = "nobody-at-all";
    const routes = (name: string) => [
      `/v1/events?agent=${name}`,
      `/v1/tasks?assignee=${name}`,
      `/v1/agents/${name}`,
      `/v1/history/tasks?agent=${name}`,
      `/v1/history/agents?after=${name}`,
    ];
    for (const [i, path] of routes(real).entries()) {
      const [known, unknown] = [await asKey(token, path), await asKey(token, routes(nobody)[i] ?? "")];
      const blank = (text: string) => text.replace(/"request_id":"[^"]*"/, "");
      expect(known.status, path).toBe(unknown.status);
      expect(blank(await known.text()), path).toBe(blank(await unknown.text()));
    }
    // The control: an alias does find its agent.
    const { agents } = await (await asKey(token, "/v1/agents")).json<{ agents: { id: string }[] }>();
    const alias = agents[0]?.id ?? "";
    expect(alias).toMatch(/^anon-[a-z2-7]{16}$/);
    const page = await (await asKey(token, `/v1/events?agent=${alias}`)).json<{ events: StoredEvent[] }>();
    expect(page.events.map(({ agent_id }) => agent_id)).toEqual([alias]);
    expect((await asKey(token, `/v1/agents/${alias}`)).status).toBe(200);
    // Two links have different aliases for one agent.
    const other = await share(["flow"], ["name"]);
    expect(await (await asKey(other, "/v1/agents")).text()).not.toContain(alias);
  });

  it("that shows the past by what it is folded from tells by no filter what it takes from other events", async () => {
    const unknown = event(`odd-${crypto.randomUUID()}`, {
      event_type: "odd_event",
      task_id: "odd-task",
      feature_id: "odd-feature",
      agent_id: "odd-agent",
    });
    const known = event(`even-${crypto.randomUUID()}`, {
      task_id: "odd-task",
      feature_id: "odd-feature",
      agent_id: "odd-agent",
    });
    await room.append(own, packEvents([unknown, known, unknown]));
    const ids = async (token: string, filter: string) => {
      const since = `since=${head}`;
      const reply = await asKey(token, `/v1/events?${since}&${filter}`);
      const { events, next } = await reply.json<{ events: StoredEvent[]; next: number | null }>();
      return { types: events.map(({ event_type }) => event_type), next };
    };
    const [folding, all] = [await share(["flow", "history"], []), await share(["flow", "events"], [])];
    for (const filter of ["task=odd-task", "feature=odd-feature", "agent=odd-agent"]) {
      expect(await ids(all, filter), filter).toMatchObject({ types: ["odd_event", "task_started"] });
      expect(await ids(folding, filter), filter).toEqual({ types: ["task_started"], next: null });
      // Nor by where a page ends.
      const short = await ids(folding, `${filter}&limit=1`);
      expect(short, filter).toEqual({ types: ["task_started"], next: null });
    }
    expect((await ids(folding, "type=odd_event")).types).toEqual(["odd_event"]);
  });

  it("shows as little of what left the live state", async () => {
    const many = (count: number, fields: (i: number) => Parameters<typeof event>[1]) =>
      Array.from({ length: count }, (_, i) => event(`filler-${crypto.randomUUID()}`, fields(i)));
    const fillers = [
      ...many(MAX_OPEN_TASKS + 10, (i) => ({ task_id: `filler-${i}`, agent_id: "filler" })),
      ...many(MAX_OPEN_FEATURES + 10, (i) => ({
        event_type: "feature_requested",
        feature_id: `filler-${i}`,
        agent_id: "filler",
      })),
      ...many(MAX_AGENTS + 10, (i) => ({ event_type: "agent_heartbeat", agent_id: `filler-${i}` })),
    ];
    for (let at = 0; at < fillers.length; at += 1_000)
      await room.append(own, packEvents(fillers.slice(at, at + 1_000)));
    await drain();
    const member = async (path: string) => (await asKey(team.keys.read, path)).text();
    const { tasks } = JSON.parse(await member("/v1/history/tasks")) as {
      tasks: { id: string; title: string | null }[];
    };
    const task = tasks.find(({ title }) => title?.startsWith("CANARY"))?.id ?? "";
    const { features } = JSON.parse(await member("/v1/history/features")) as {
      features: { id: string; title: string | null }[];
    };
    const feature = features.find(({ title }) => title?.startsWith("CANARY"))?.id ?? "";
    const { agents } = JSON.parse(await member("/v1/history/agents")) as { agents: { id: string }[] };
    const agent = agents.find(({ id }) => id.startsWith("CANARY"))?.id ?? "";
    const token = await share(["flow", "events", "history"], [...REDACTIONS]);
    for (const path of [`/v1/tasks/${task}`, `/v1/features/${feature}`, `/v1/agents/${agent}`]) {
      // The control: a member reads it from the archive.
      expect(canariesIn(await member(path)).size, path).toBeGreaterThan(0);
      const shown = await (await asKey(token, path)).text();
      expect(outside(shown, [...SHARE_VIEWS], [...REDACTIONS]), path).toEqual([]);
      expect(shown.includes("not_found"), path).toBe(path.includes("agents"));
    }
    // Without the view `history` it is not shown at all.
    const present = await share(["flow", "events"], []);
    const past = await share(["flow", "history"], []);
    for (const path of [`/v1/tasks/${task}`, `/v1/features/${feature}`, `/v1/agents/${agent}`]) {
      expect((await asKey(past, path)).status, path).toBe(200);
      expect((await asKey(present, path)).status, path).toBe(404);
    }
  });
});
