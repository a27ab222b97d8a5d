/** What a project holds its metrics against: set over its route, and in what the metrics then say. */
import { runDurableObjectAlarm } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it, vi } from "vitest";
import type { MetricsResponse } from "../../schema/wire/metrics.ts";
import { settingsResponse } from "../../schema/wire/setting.ts";
import { DRAIN_DELAY_MS } from "../../worker/room/limits.ts";
import { asKey, asPerson, event, json, migrate, signUp, type Account } from "./server.ts";

beforeAll(migrate);

const pathOf = (account: Account) => `/api/projects/${account.project.id}/settings`;
const change = (account: Account, body: unknown) =>
  asPerson(account.cookie, pathOf(account), json("PATCH", body));

async function settingsOf(account: Account) {
  const reply = await asPerson(account.cookie, pathOf(account));
  return settingsResponse.strict().parse(await reply.json()).settings;
}

async function rowOf(account: Account, metric: string, query = "") {
  const reply = await asKey(account.keys.read, `/v1/metrics?window=all&metric=${metric}${query}`);
  expect(reply.status).toBe(200);
  return (await reply.json<MetricsResponse>()).rows[0];
}

/** One hour with work that costs $2, by a task of three files. */
async function work(account: Account): Promise<void> {
  const told = { agent_id: "coder", task_id: "T-1", feature_id: "f" };
  const files = ["a.ts", "b.ts", "c.ts"];
  const reply = await asKey(
    account.keys.ingest,
    "/v1/events",
    json("POST", [
      event({ ...told, event_type: "task_created", metadata: { title: "T", files } }),
      event({ ...told, event_type: "tokens_used", metrics: { input_tokens: 10, cost_usd: 2 } }),
      event({ ...told, event_type: "task_completed" }),
    ]),
  );
  expect(reply.status, await reply.clone().text()).toBe(200);
}

describe("what metrics are held against", () => {
  it("is no cap and the usual bounds until somebody sets them; each is changed without the others", async () => {
    const account = await signUp("measuring");
    const usual = { simple_below: 5, complex_above: 20 };
    expect(await settingsOf(account)).toMatchObject({ cost_per_hour_cap_usd: null, complexity: usual });
    expect((await change(account, { cost_per_hour_cap_usd: 2.5 })).status).toBe(200);
    expect((await change(account, { delivery: "live" })).status).toBe(200);
    expect(await settingsOf(account)).toMatchObject({ cost_per_hour_cap_usd: 2.5, complexity: usual });
    const complexity = { simple_below: 2, complex_above: 2 };
    expect((await change(account, { complexity })).status).toBe(200);
    expect(await settingsOf(account)).toMatchObject({ cost_per_hour_cap_usd: 2.5, complexity });
    expect((await change(account, { cost_per_hour_cap_usd: null })).status).toBe(200);
    expect(await settingsOf(account)).toMatchObject({ cost_per_hour_cap_usd: null, complexity });
  });

  it("refuses what is no cap and no bounds, and says which", async () => {
    const account = await signUp("measuring wrong");
    const wrong: [unknown, string][] = [
      [{ cost_per_hour_cap_usd: 0 }, "cost_per_hour_cap_usd"],
      [{ cost_per_hour_cap_usd: -1 }, "cost_per_hour_cap_usd"],
      [{ cost_per_hour_cap_usd: "5" }, "cost_per_hour_cap_usd"],
      [{ complexity: { simple_below: 0, complex_above: 20 } }, "complexity.simple_below"],
      [{ complexity: { simple_below: 5, complex_above: 20.5 } }, "complexity.complex_above"],
      [{ complexity: { simple_below: 6, complex_above: 5 } }, "complexity.complex_above"],
      [{ complexity: { simple_below: 6 } }, "complexity.complex_above"],
    ];
    for (const [body, field] of wrong) {
      const reply = await change(account, body);
      expect(reply.status, JSON.stringify(body)).toBe(422);
      expect(await reply.text()).toContain(`"field":"${field}"`);
    }
    expect(await settingsOf(account)).toMatchObject({ cost_per_hour_cap_usd: null });
  });

  it("is what cost per hour says it is met or missed by: of the live state, of history, and of each group", async () => {
    const account = await signUp("capped");
    await work(account);
    const room = env.ROOM.get(env.ROOM.idFromName(account.project.id));
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + DRAIN_DELAY_MS });
    await runDurableObjectAlarm(room);
    vi.useRealTimers();
    expect(await rowOf(account, "cost_per_hour")).toMatchObject({
      value: 2,
      target: null,
      status: "unknown",
    });
    for (const [cap, status] of [
      [1.5, "missed"],
      [2, "missed"],
      [2.01, "met"],
    ] as const) {
      await change(account, { cost_per_hour_cap_usd: cap });
      const held = { value: 2, target: { bound: "<", value: cap }, status };
      for (const query of ["", "&source=history", "&by=agent"])
        expect(await rowOf(account, "cost_per_hour", query), query).toMatchObject(held);
    }
    // The cap is on an hour, not on all.
    expect(await rowOf(account, "cost")).toMatchObject({ value: 2, target: null });
  });

  it("sorts tasks by their files", async () => {
    const account = await signUp("bounded");
    await work(account);
    const tasks = async (size: string) => (await rowOf(account, "throughput", `&complexity=${size}`))?.n;
    expect([await tasks("simple"), await tasks("medium"), await tasks("complex")]).toEqual([1, 0, 0]);
    await change(account, { complexity: { simple_below: 3, complex_above: 3 } });
    expect([await tasks("simple"), await tasks("medium"), await tasks("complex")]).toEqual([0, 1, 0]);
    await change(account, { complexity: { simple_below: 1, complex_above: 2 } });
    expect([await tasks("simple"), await tasks("medium"), await tasks("complex")]).toEqual([0, 0, 1]);
  });
});
