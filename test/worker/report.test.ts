/** Reports over their route: of what is live, of what only the archive knows, as data, as text, and through a link. */
import { runDurableObjectAlarm } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { MAX_CLOSED_FEATURES } from "../../schema/state/limits.ts";
import type { ShareView } from "../../schema/state/share-view.ts";
import { featureReport } from "../../schema/wire/report-body.ts";
import type { FeatureReport } from "../../schema/wire/report.ts";
import type { Redaction, ShareCreatedResponse } from "../../schema/wire/share.ts";
import { DRAIN_DELAY_MS } from "../../worker/room/limits.ts";
import { append, event, stateOf, type RoomStub } from "./prepared.ts";
import { asKey, asPerson, json, migrate, signUp, type Account } from "./server.ts";

const MINUTE_MS = 60_000;
const START_MS = Date.now() - 48 * 60 * MINUTE_MS;

let account: Account;
let room: RoomStub;

type Fields = Parameters<typeof event>[1];
const at = (minute: number, event_type: string, more: Fields = {}) =>
  event(`${event_type}-${minute}-${more?.task_id ?? ""}-${more?.feature_id ?? ""}`, {
    timestamp: new Date(START_MS + minute * MINUTE_MS).toISOString(),
    ...{ event_type, agent_id: "coder-a", feature_id: "auth", task_id: undefined, ...more },
  });

/** One task at the first try, one sent back; asked for at 0, merged at 40. */
function auth() {
  const one = { task_id: "T-1" };
  const two = { task_id: "T-2", agent_id: "coder-b" };
  const spent = { metadata: { model: "sonnet", cost_source: "reported" } };
  return [
    at(0, "feature_requested", { metadata: { title: "Add sign-in" } }),
    at(0, "task_created", { ...one, metadata: { title: "User model" } }),
    at(0, "task_created", { ...two, metadata: { title: "Routes" } }),
    at(2, "task_claimed", one),
    at(4, "task_claimed", two),
    at(6, "tokens_used", { ...one, ...spent, metrics: { input_tokens: 1_000, cost_usd: 1 } }),
    at(10, "test_passed", { ...one, metrics: { passed: 8, failed: 0 } }),
    at(11, "lint_passed", one),
    at(12, "agent_submitted", one),
    at(14, "reviewer_approved", { ...one, agent_id: "rev" }),
    at(15, "task_merged", one),
    at(16, "tokens_used", { ...two, ...spent, metrics: { input_tokens: 3_000, cost_usd: 3 } }),
    at(20, "agent_submitted", two),
    at(24, "reviewer_changes_requested", { ...two, agent_id: "rev" }),
    at(34, "agent_submitted", two),
    at(36, "reviewer_approved", { ...two, agent_id: "rev" }),
    at(37, "coverage_measured", { ...two, metrics: { coverage_percent: 94 } }),
    at(38, "task_merged", two),
    at(40, "feature_merged"),
    at(41, "lesson_learned", {
      metadata: { lesson_id: "L-1", headline: "Settle the schema first", category: "pitfall" },
    }),
  ];
}

async function get(path = "/v1/features/auth/report", key = account.keys.read): Promise<FeatureReport> {
  const reply = await asKey(key, path);
  const body = await reply.json();
  expect(reply.status, JSON.stringify(body)).toBe(200);
  return featureReport.strict().parse(body);
}

async function link(views: ShareView[], redactions: Redaction[]): Promise<string> {
  const body = { project: account.project.id, name: "a link", views, redactions };
  const reply = await asPerson(account.cookie, "/api/shares", json("POST", body));
  return (await reply.json<ShareCreatedResponse>()).token;
}

/** An alarm that runs by itself cannot be asked for: then the next one is. */
async function drain(): Promise<void> {
  await vi.waitFor(async () => {
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + DRAIN_DELAY_MS });
    const ran = await runDurableObjectAlarm(room);
    vi.useRealTimers();
    expect(ran).toBe(true);
  });
}

beforeAll(async () => {
  await migrate();
  account = await signUp("Reports");
  room = env.ROOM.get(env.ROOM.idFromName(account.project.id)) as unknown as RoomStub;
  await append(room, auth());
});

describe("GET /v1/features/:id/report", () => {
  it("tells how a feature went, by a key and by membership alike", async () => {
    const report = await get();
    expect(report.feature).toMatchObject({ id: "auth", title: "Add sign-in", status: "merged" });
    expect(report.overview.cost).toMatchObject({ value: 4, reported_usd: 4, calls: 2, unpriced_calls: 0 });
    expect(report.tasks.map(({ id, cycles, tokens }) => [id, cycles, tokens])).toEqual([
      ["T-1", 0, 1_000],
      ["T-2", 1, 3_000],
    ]);
    const quality = new Map(report.quality.map((line) => [line.id, line]));
    expect(quality.get("test_coverage")).toMatchObject({ value: 0.94, status: "met" });
    expect(quality.get("reviewer_pass_rate")).toMatchObject({ value: 2 / 3, n: 3 });
    // (50 + 100 + 100 + 94) ÷ 4
    expect(report.grade).toMatchObject({ letter: "B", score: 86 });
    expect(report.lessons.map(({ headline }) => headline)).toEqual(["Settle the schema first"]);
    const own = await asPerson(account.cookie, `/api/projects/${account.project.id}/features/auth/report`);
    expect(featureReport.parse(await own.json()).tasks).toEqual(report.tasks);
  });

  it("is text where text is asked for", async () => {
    const headers = { accept: "text/markdown" };
    const reply = await asKey(account.keys.read, "/v1/features/auth/report", { headers });
    expect(reply.headers.get("content-type")).toBe("text/markdown; charset=utf-8");
    const text = await reply.text();
    expect(text).toMatch(/^# Feature: Add sign-in\n/);
    expect(text).toContain("- **Cost:** $4.00 (4.00 k tokens): $4.00 reported");
    const both = await asKey(account.keys.read, "/v1/features/auth/report", {
      headers: { accept: "application/json, text/markdown" },
    });
    expect(both.headers.get("content-type")).toContain("application/json");
  });

  it("is 404 for what is unknown, 400 for what nobody asked", async () => {
    for (const id of ["none", "__proto__", "auth%2Freport"])
      expect((await asKey(account.keys.read, `/v1/features/${id}/report`)).status).toBe(404);
    expect((await asKey(account.keys.read, "/v1/features/auth/report?format=md")).status).toBe(400);
  });

  it("[T2] shows a link what it shows: no costs, no titles, no lessons, an alias for a name", async () => {
    const hidden = await get(undefined, await link(["flow", "metrics"], ["cost", "title", "name", "text"]));
    expect(hidden.hides_cost).toBe(true);
    expect([hidden.overview.cost.value, hidden.overview.tokens.value, hidden.tasks[0]?.tokens]).toEqual([
      ...[null, null, null],
    ]);
    expect(JSON.stringify(hidden)).not.toMatch(/sign-in|User model|coder|schema first|sonnet-/i);
    expect(hidden.lessons_why).toContain("does not show");
    expect(hidden.grade.letter).toBe("B");
    const open = await get(undefined, await link(["flow", "metrics", "events"], []));
    expect(open.lessons.map(({ headline }) => headline)).toEqual(["Settle the schema first"]);
    expect(open.overview.cost.value).toBe(4);
    const flow = await asKey(await link(["flow"], []), "/v1/features/auth/report");
    expect(flow.status).toBe(403);
  });

  it("is whole of a feature that only the archive knows", async () => {
    const before = await get();
    const later = Array.from({ length: MAX_CLOSED_FEATURES + 1 }, (_, n) =>
      at(100 + n, "feature_completed", { feature_id: `later-${n}` }),
    );
    await append(room, later);
    // The control: it is forgotten.
    expect(await stateOf(room)).not.toContain('"id":"auth"');
    await drain();
    const after = await get();
    expect(after.feature).toEqual(before.feature);
    expect(after.tasks).toEqual(before.tasks);
    expect(after.overview.cost).toEqual(before.overview.cost);
    expect(after.quality).toEqual(before.quality);
    expect(after.grade).toEqual(before.grade);
    expect(after.lessons).toEqual(before.lessons);
  });
});
