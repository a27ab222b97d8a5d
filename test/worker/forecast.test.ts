/** Forecasts over their route: learned from the live state of a project that worked a while. */
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { featureForecast, forecastOverview, taskForecast } from "../../schema/wire/forecast-body.ts";
import { append, event, type RoomStub } from "./prepared.ts";
import { asKey, asPerson, migrate, signUp, type Account } from "./server.ts";

const MINUTE_MS = 60_000;
const START_MS = Date.now() - 24 * 60 * MINUTE_MS;

let account: Account;
let other: Account;

/** Forty finished tasks of 5 to 15 minutes, one running since a minute, and one that waits for it. */
async function fill(room: RoomStub): Promise<void> {
  const at = (time_ms: number, event_type: string, task_id: string, more: object = {}) =>
    event(`${task_id}-${event_type}`, {
      ...{ event_type, task_id, agent_id: "coder-1", feature_id: "past" },
      timestamp: new Date(time_ms).toISOString(),
      ...more,
    });
  const finished = Array.from({ length: 40 }, (_, n) => {
    const begin_ms = START_MS + n * 20 * MINUTE_MS;
    const end_ms = begin_ms + (5 + ((n * 7) % 11)) * MINUTE_MS;
    return [
      at(begin_ms, "task_claimed", `T-${n}`),
      at(end_ms - 1, "tokens_used", `T-${n}`, {
        metadata: { model: "sonnet" },
        metrics: { input_tokens: 100, cost_usd: 0.5 },
      }),
      at(end_ms, "task_completed", `T-${n}`),
    ];
  }).flat();
  const next = { feature_id: "next" };
  const planned = { ...next, metadata: { dependencies: ["A"] } };
  await append(room, [
    ...finished,
    at(Date.now() - MINUTE_MS, "task_created", "A", next),
    at(Date.now() - MINUTE_MS, "task_claimed", "A", next),
    at(Date.now() - MINUTE_MS, "task_created", "B", planned),
  ]);
}

async function get(query: string, status = 200): Promise<unknown> {
  const reply = await asKey(account.keys.read, `/v1/forecast${query}`);
  const body = await reply.json();
  expect(reply.status, JSON.stringify(body)).toBe(status);
  return body;
}

beforeAll(async () => {
  await migrate();
  account = await signUp("Forecast");
  other = await signUp("Empty");
  await fill(env.ROOM.get(env.ROOM.idFromName(account.project.id)) as unknown as RoomStub);
});

describe("GET /v1/forecast", () => {
  it("says what a task will take, and how likely it breaches its target", async () => {
    const found = taskForecast.strict().parse(await get("?task=A"));
    const [work, tokens, cost] = found.measures;
    expect(work?.predicted).toBeGreaterThanOrEqual(5 * MINUTE_MS);
    expect(work?.predicted).toBeLessThanOrEqual(15 * MINUTE_MS);
    expect([tokens?.predicted, cost?.predicted, cost?.samples]).toEqual([100, 0.5, 40]);
    expect(found.breach.samples).toBe(40);
    expect(found.breach.probability).toBeLessThan(0.5);
  });

  it("says when a feature will be done, by which path, and how likely after a moment", async () => {
    const found = featureForecast.strict().parse(await get(`?feature=next&by=${Date.now() + 1_000}`));
    expect(found.critical_path).toEqual(["A", "B"]);
    expect(found.open_tasks).toBe(2);
    expect(Date.parse(found.p50_at ?? "")).toBeGreaterThan(Date.now() + 5 * MINUTE_MS);
    expect(Date.parse(found.p80_at ?? "")).toBeLessThan(Date.now() + 45 * MINUTE_MS);
    expect(found.cost).toEqual({ spent: 0, unpriced_calls: 0, predicted: 1, why: null });
    expect(found.late).toMatchObject({ probability: 1, word: "high" });
  });

  it("lists the open features, by a key and by membership alike, also where its learning was kept", async () => {
    const found = forecastOverview.strict().parse(await get(""));
    expect(found.features.map(({ feature_id }) => feature_id)).toEqual(["next"]);
    expect(found.calibration.map(({ metric }) => metric)).toEqual(["work", "tokens", "cost"]);
    const reply = await asPerson(account.cookie, `/api/projects/${account.project.id}/forecast`);
    expect(reply.status).toBe(200);
    const again = forecastOverview.parse(await reply.json());
    expect(again.features[0]?.samples).toBe(found.features[0]?.samples);
  });

  it("has the current sprint, each feature of it with its risk to be late", async () => {
    expect(forecastOverview.parse(await get("")).sprint).toBeNull();
    const room = env.ROOM.get(env.ROOM.idFromName(account.project.id)) as unknown as RoomStub;
    const ends_at = new Date(Date.now() + 24 * 60 * MINUTE_MS).toISOString();
    const metadata = { title: "Sprint 7", features: ["next", "unheard-of"], ends_at };
    await append(room, [event("sprint", { event_type: "sprint_started", agent_id: "lead", metadata })]);
    const { sprint } = forecastOverview.strict().parse(await get(""));
    expect(sprint).toMatchObject({ title: "Sprint 7", ends_at, p50_at: null, late: { word: "unknown" } });
    expect(sprint?.features.map(({ feature_id, late }) => [feature_id, late.word])).toEqual([
      ["next", "negligible"],
      ["unheard-of", "unknown"],
    ]);
    await append(room, [event("sprint-over", { event_type: "sprint_ended", agent_id: "lead" })]);
    expect(forecastOverview.parse(await get("")).sprint).toBeNull();
  });

  it("is 404 for what is unknown, 400 for what does not go together", async () => {
    for (const query of ["?task=none", "?feature=none", "?task=__proto__"]) await get(query, 404);
    for (const query of [
      "?task=A&feature=next",
      "?by=2026-01-01T00:00:00Z",
      "?sprint=1",
      "?feature=next&by=x",
    ])
      await get(query, 400);
  });

  it("[T1] knows nothing of another project, and of an empty one says nothing", async () => {
    const reply = await asKey(other.keys.read, "/v1/forecast");
    expect(await reply.json()).toMatchObject({ features: [], omitted_features: 0 });
    expect((await asKey(other.keys.read, "/v1/forecast?task=A")).status).toBe(404);
  });
});
