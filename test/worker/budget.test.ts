/** Budgets through HTTP and in the room, in real workerd: who may, what is granted, and that nobody gets more than there is. */
import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it, vi } from "vitest";
import type { StoredEvent } from "../../schema/event/event.ts";
import type { BudgetResponse, BudgetsResponse, ReserveResponse } from "../../schema/wire/budget.ts";
import type { ErrorBody } from "../../schema/wire/error.ts";
import type { EventsPage, KeyCreatedResponse } from "../../schema/wire/http.ts";
import { strict } from "../../schema/state/testing.ts";
import { loadMemory } from "../../worker/room/memory.ts";
import { apply, createState, stateText } from "../../worker/room/fold.ts";
import { asKey, asPerson, event, json, migrate, signUp, type Account } from "./server.ts";

beforeAll(migrate);

type Fields = Record<string, unknown>;
const roomOf = (team: Account) => env.ROOM.get(env.ROOM.idFromName(team.project.id));
const budgets = (team: Account) => `/api/projects/${team.project.id}/budgets`;

async function setBudget(team: Account, fields: Fields): Promise<string> {
  const reply = await asPerson(
    team.cookie,
    budgets(team),
    json("POST", { scope: "project", hard: true, ...fields }),
  );
  expect(reply.status).toBe(201);
  return (await reply.json<BudgetResponse>()).budget.id;
}

async function standing(team: Account) {
  const reply = await asKey(team.keys.read, "/v1/budgets");
  expect(reply.status).toBe(200);
  return (await reply.json<BudgetsResponse>()).budgets;
}

const ask = (team: Account, fields: Fields) =>
  asKey(team.keys.ingest, "/v1/budgets/reserve", json("POST", { agent_id: "coder", ...fields }));
const reserve = async (team: Account, fields: Fields) => {
  const reply = await ask(team, fields);
  expect(reply.status, await reply.clone().text()).toBe(200);
  return reply.json<ReserveResponse>();
};
const refused = async (reply: Response) => {
  const { error } = await reply.json<ErrorBody>();
  return [reply.status, error.message] as const;
};

async function spent(team: Account, fields: Fields = {}): Promise<void> {
  const sent = event({ event_type: "tokens_used", ...fields });
  const reply = await asKey(team.keys.ingest, "/v1/events", json("POST", sent));
  expect(reply.status, await reply.clone().text()).toBe(200);
}

const logOf = async (team: Account) =>
  (await (await asKey(team.keys.read, "/v1/events?limit=1000")).json<EventsPage>()).events;

describe("a budget", () => {
  it("is set, changed and taken away by people; the log and its reader see it", async () => {
    const team = await signUp("Set");
    const id = await setBudget(team, { title: "November", limit_usd: 10 });
    const changed = await asPerson(team.cookie, `${budgets(team)}/${id}`, json("PUT", { limit_usd: 20 }));
    expect(await changed.json()).toMatchObject({ budget: { id, title: "November", limit: 20, hard: true } });
    await spent(team, { metrics: { cost_usd: 5 } });
    await spent(team, { metadata: { model: "of-nobody" }, metrics: { input_tokens: 5 } });
    expect(await standing(team)).toMatchObject([
      {
        ...{
          scope: "project",
          period: "month",
          unit: "usd",
          used: 5,
          reserved: 0,
          remaining: 15,
          share: 0.25,
        },
        ...{
          threshold: 0,
          calls: { all: 2, reported: 1, priced: 0, unknown: 1 },
          exhaustion: { state: "unknown" },
        },
      },
    ]);
    expect((await asPerson(team.cookie, `${budgets(team)}/${id}`, { method: "DELETE" })).status).toBe(204);
    expect(await standing(team)).toEqual([]);
    const told = (await logOf(team)).filter(({ event_type }) => event_type === "budget_set");
    expect(told.map(({ agent_id, metadata }) => [agent_id, metadata?.removed ?? false])).toEqual([
      ["clusterfork:budget", false],
      ["clusterfork:budget", false],
      ["clusterfork:budget", true],
    ]);
  });

  it("is set by a key of scope admin, and by no other", async () => {
    const team = await signUp("Keys");
    const made = await asPerson(
      team.cookie,
      "/api/keys",
      json("POST", { project: team.project.id, name: "admin", scopes: ["admin"] }),
    );
    const { secret } = await made.json<KeyCreatedResponse>();
    const body = json("POST", { scope: "project", limit_tokens: 5 });
    expect((await asKey(secret, "/v1/budgets", body)).status).toBe(201);
    const [budget] = await standing(team);
    expect(budget?.set_by).toMatch(/^key [a-z0-9]{12}$/);
    expect((await asKey(secret, `/v1/budgets/${budget?.id}`, json("PUT", { limit_tokens: 9 }))).status).toBe(
      200,
    );
    expect((await asKey(secret, `/v1/budgets/${budget?.id}`, { method: "DELETE" })).status).toBe(204);
    for (const key of [team.keys.ingest, team.keys.read])
      expect((await asKey(key, "/v1/budgets", body)).status).toBe(403);
  });

  it("that counts what another one counts already is refused, and named", async () => {
    const team = await signUp("Twice");
    const id = await setBudget(team, { limit_usd: 10 });
    const again = await asPerson(
      team.cookie,
      budgets(team),
      json("POST", { scope: "project", limit_usd: 5 }),
    );
    const { error } = await again.json<ErrorBody>();
    expect([again.status, error.code, error.details]).toEqual([409, "already_exists", { budget_id: id }]);
    expect(error.message).toContain(`PUT …/budgets/${id}`);
    for (const other of [{ limit_tokens: 5 }, { limit_usd: 5, period: "lifetime" }])
      await setBudget(team, other);
    expect(await standing(team)).toHaveLength(3);
  });

  it.each([
    [{ limit_usd: -1 }, /zero or more/],
    [{ limit_usd: 1, currency: "EUR" }, /US dollars/],
    [{ limit_usd: 1, limit_tokens: 1 }, /one of them/],
    [{}, /one of them/],
    [{ limit_usd: 1, scope: "feature" }, /needs feature_id/],
    [{ limit_usd: 1, agent_id: "a" }, /goes with scope agent/],
    [{ limit_usd: 1, scope: "galaxy" }, /project, feature, agent, role/],
    [{ limit_tokens: 1.5 }, /whole number/],
    [{ limit_usd: "1" }, /number of US dollars/],
    [{ limit_eur: 1 }, /limit_eur/],
  ])("of %j is refused in words", async (fields, words) => {
    const team = await signUp("Bad");
    const [status, message] = await refused(
      await asPerson(team.cookie, budgets(team), json("POST", { scope: "project", ...fields })),
    );
    expect([status, message]).toEqual([422, expect.stringMatching(words)]);
  });

  it("keeps its unit, and is nobody else's", async () => {
    const [team, other] = [await signUp("Mine"), await signUp("Theirs")];
    const id = await setBudget(team, { limit_usd: 10 });
    const put = (cookie: string, path: string, body: Fields) =>
      asPerson(cookie, `${path}/${id}`, json("PUT", body));
    expect(await refused(await put(team.cookie, budgets(team), { limit_tokens: 5 }))).toEqual([
      422,
      expect.stringMatching(/is in usd/),
    ]);
    expect((await put(other.cookie, budgets(other), { limit_usd: 5 })).status).toBe(404);
    expect((await put(other.cookie, budgets(team), { limit_usd: 5 })).status).toBe(404);
    expect(await standing(other)).toEqual([]);
  });
});

describe("a reservation", () => {
  it("is granted while there is room, settled by the call, and given back", async () => {
    const team = await signUp("Reserve");
    const id = await setBudget(team, { limit_usd: 1 });
    const first = await reserve(team, { amount_usd: 0.6 });
    expect(first).toMatchObject({ granted: true, remaining_usd: 0.4, repeated: false });
    const no = await reserve(team, { amount_usd: 0.6, ttl_s: 60 });
    expect(no).toMatchObject({ granted: false, reason: "budget", budget_id: id, used: 0, reserved: 0.6 });
    expect(!no.granted && no.retry_after_s).toBeGreaterThan(290);
    const reservation_id = first.granted ? first.reservation_id : null;
    await spent(team, { metadata: { reservation_id }, metrics: { cost_usd: 0.1 } });
    const second = await reserve(team, { amount_usd: 0.9 });
    expect(second).toMatchObject({ granted: true, remaining_usd: 0 });
    const release = () =>
      asKey(
        team.keys.ingest,
        "/v1/budgets/release",
        json("POST", { reservation_id: second.granted && second.reservation_id }),
      );
    // It is this key's and this agent's to give back, also after an eviction.
    const made = await asPerson(
      team.cookie,
      "/api/keys",
      json("POST", { project: team.project.id, name: "other", scopes: ["ingest"] }),
    );
    const { secret } = await made.json<KeyCreatedResponse>();
    await evictDurableObject(roomOf(team));
    const held = second.granted ? second.reservation_id : null;
    const released = (key: string, more: Fields = {}) =>
      asKey(key, "/v1/budgets/release", json("POST", { reservation_id: held, ...more }));
    expect(await refused(await released(secret))).toEqual([
      403,
      expect.stringMatching(/Another key or agent/),
    ]);
    expect((await released(team.keys.ingest, { agent_id: "other" })).status).toBe(403);
    expect(await standing(team)).toMatchObject([{ reserved: 0.9 }]);
    expect(await (await release()).json()).toEqual({ released: true });
    expect(await (await release()).json()).toEqual({ released: true });
    expect(await standing(team)).toMatchObject([{ used: 0.1, reserved: 0, remaining: 0.9 }]);
    expect(await reserve(team, { amount_usd: 2 })).toMatchObject({ granted: false, retry_after_s: null });
  });

  it("is priced by its model; without a price a hard budget of money refuses it in words, a soft one takes it", async () => {
    const team = await signUp("Price");
    const call = {
      model: "claude-sonnet-4-5",
      provider: "anthropic",
      input_tokens: 1_000_000,
      max_output_tokens: 1_000,
    };
    expect(await reserve(team, call)).toMatchObject({ granted: true, reservation_id: null });
    const soft = await setBudget(team, { limit_usd: 100, hard: false });
    expect(await reserve(team, { tokens: 5, model: "of-nobody" })).toMatchObject({
      granted: true,
      amount_usd: null,
    });
    await asPerson(team.cookie, `${budgets(team)}/${soft}`, json("PUT", { hard: true }));
    const priced = await reserve(team, call);
    expect(priced.granted && priced.amount_usd).toBeCloseTo(6.0225, 9);
    expect(await refused(await ask(team, { tokens: 5, model: "of-nobody" }))).toEqual([
      422,
      expect.stringMatching(/not known. Give amount_usd/),
    ]);
    await setBudget(team, { limit_tokens: 100 });
    expect(await refused(await ask(team, { amount_usd: 1 }))).toEqual([
      422,
      expect.stringMatching(/is in tokens/),
    ]);
  });

  it.each([
    [{ amount_usd: 0 }, /more than zero/],
    [{ amount_usd: -1 }, /more than zero/],
    [{}, /Say how much/],
    [{ tokens: 5, input_tokens: 5 }, /sum or the parts/],
    [{ amount_usd: 1, currency: "EUR" }, /US dollars/],
    [{ amount_usd: 1, ttl_s: 3_601 }, /at most 3600/],
    [{ amount_usd: 1, agent_id: "" }, /agent_id is empty/],
  ])("of %j is refused in words", async (fields, words) => {
    const team = await signUp("Odd");
    expect(await refused(await ask(team, fields))).toEqual([422, expect.stringMatching(words)]);
  });

  it("asked again with its key is the same one, also after an eviction; with another amount it is a conflict", async () => {
    const team = await signUp("Again");
    await setBudget(team, { limit_usd: 1 });
    const asked = { amount_usd: 0.7, idempotency_key: "call-1" };
    const [first, beside] = await Promise.all([reserve(team, asked), reserve(team, asked)]);
    await evictDurableObject(roomOf(team));
    const again = await reserve(team, asked);
    const ids = [first, beside, again].map((one) => one.granted && one.reservation_id);
    expect(new Set(ids).size).toBe(1);
    expect(await standing(team)).toMatchObject([{ reserved: 0.7 }]);
    expect((await ask(team, { ...asked, amount_usd: 0.1 })).status).toBe(409);
    await spent(team, { metadata: { reservation_id: ids[0] }, metrics: { cost_usd: 0.1 } });
    expect((await ask(team, asked)).status).toBe(409);
    expect((await logOf(team)).filter(({ event_type }) => event_type === "budget_reserved")).toHaveLength(1);
  });
});

/** Mulberry32. */
function seeded(seed: number): () => number {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/**
 * Reads the log without the fold: at each grant, what was used and what is held then, this grant among it, is within
 * the limits. Only what settles late, in the very commit of a grant, may come on top: it was decided on before.
 */
function judge(log: readonly StoredEvent[], limits: { usd: number; coder_tokens: number }) {
  const held = new Map<string, { usd: number; tokens: number; coder: boolean; expires: number }>();
  const found = {
    usd: 0,
    coder_tokens: 0,
    late: 0,
    late_usd: 0,
    late_tokens: 0,
    settled: 0,
    beyond: [] as number[],
  };
  let same_commit = { at: "", usd: 0, tokens: 0 };
  for (const { event_type, agent_role, metadata = {}, metrics = {}, received_at, seq, timestamp } of log) {
    if (same_commit.at !== received_at) same_commit = { at: received_at, usd: 0, tokens: 0 };
    const id = textOf(metadata.reservation_id);
    if (event_type === "budget_released") held.delete(id);
    if (event_type === "tokens_used") {
      const [usd, tokens] = [metrics.cost_usd ?? 0, metrics.input_tokens ?? 0];
      const coder_tokens = agent_role === "coder" ? tokens : 0;
      found.usd += usd;
      found.coder_tokens += coder_tokens;
      found.settled += 1;
      if (Date.parse(received_at) > (held.get(id)?.expires ?? 0)) {
        found.late += 1;
        found.late_usd += usd;
        found.late_tokens += coder_tokens;
        same_commit.usd += usd;
        same_commit.tokens += coder_tokens;
      }
      held.delete(id);
    }
    if (event_type !== "budget_reserved") continue;
    held.set(id, {
      usd: metrics.amount_usd ?? 0,
      tokens: metrics.amount_tokens ?? 0,
      coder: metadata.role === "coder",
      expires: Date.parse(textOf(metadata.expires_at)),
    });
    let [usd, tokens] = [found.usd - same_commit.usd, found.coder_tokens - same_commit.tokens];
    for (const one of held.values()) {
      if (Date.parse(timestamp) >= one.expires) continue;
      usd += one.usd;
      if (one.coder) tokens += one.tokens;
    }
    if (usd > limits.usd + 1e-9 || tokens > limits.coder_tokens) found.beyond.push(seq);
  }
  return found;
}

const textOf = (value: unknown): string => (typeof value === "string" ? value : "");

describe("100 agents at once", () => {
  it.each([1, 2, 3])(
    "never get more than the hard budget, over expiries, late and missing settlements and evictions (seed %i)",
    { timeout: 120_000 },
    async (seed) => {
      const random = seeded(seed);
      const team = await signUp(`Crowd ${seed}`);
      const limit = 5;
      await setBudget(team, { limit_usd: limit });
      const tokens_limit = 40_000;
      await setBudget(team, { limit_tokens: tokens_limit, scope: "role", role: "coder" });
      let granted = 0;
      const agent = async (n: number) => {
        for (let round = 0; round < 4; round += 1) {
          const amount_usd = 0.01 + Math.round(random() * 20) / 100;
          const tokens = 1 + Math.floor(random() * 2_000);
          const asked = {
            agent_id: `a${n}`,
            agent_role: random() < 0.5 ? "coder" : "reviewer",
            amount_usd,
            tokens,
          };
          const reply = await reserve(team, { ...asked, ttl_s: random() < 0.3 ? 1 : 300 });
          if (!reply.granted) continue;
          granted += 1;
          const { reservation_id } = reply;
          const fate = random();
          if (fate < 0.2) continue;
          if (fate < 0.3) {
            await asKey(team.keys.ingest, "/v1/budgets/release", json("POST", { reservation_id }));
            continue;
          }
          // Some settle after a second, when what they had reserved may have expired.
          if (fate < 0.4) await scheduler.wait(1_050);
          await spent(team, {
            ...{ agent_id: `a${n}`, agent_role: asked.agent_role, metadata: { reservation_id } },
            metrics: {
              cost_usd: amount_usd * (0.5 + random() / 2),
              input_tokens: Math.floor(tokens * random()),
            },
          });
        }
      };
      const all = Promise.all(Array.from({ length: 100 }, (_, n) => agent(n)));
      const evictions = (async () => {
        for (let n = 0; n < 3; n += 1) {
          await scheduler.wait(150 + random() * 300);
          await evictDurableObject(roomOf(team)).catch(() => undefined);
        }
      })();
      await Promise.all([all, evictions]);
      expect(granted).toBeGreaterThan(20);

      const stored = await runInDurableObject(roomOf(team), (_room, { storage }) => {
        const { state, seq } = loadMemory(storage.sql, strict);
        return { text: stateText(state), seq };
      });
      const log = (await logOf(team)).filter(({ seq }) => seq <= stored.seq);
      const found = judge(log, { usd: limit, coder_tokens: tokens_limit });
      expect(found.beyond).toEqual([]);
      expect(found.settled).toBeGreaterThan(10);
      // [S1] What the room knows after all that is the fold of its log.
      const state = createState();
      for (const one of log) apply(state, one);
      expect(stateText(state)).toBe(stored.text);
      const [usd, coder] = await standing(team);
      expect(usd?.used).toBeCloseTo(found.usd, 9);
      expect(coder?.used).toBe(found.coder_tokens);
      expect(usd?.used).toBeLessThanOrEqual(limit + found.late_usd + 1e-9);
      expect(coder?.used).toBeLessThanOrEqual(tokens_limit + found.late_tokens);
      expect(usd?.late_calls).toBe(found.late);
    },
  );

  it("cost one row in the log and one in the ids for each group of them, not for each", async () => {
    const team = await signUp("Rows");
    await setBudget(team, { limit_usd: 100 });
    const rows = () =>
      runInDurableObject(roomOf(team), (_room, { storage }) => ({
        log: storage.sql.exec<{ n: number }>("SELECT count(*) AS n FROM log").one().n,
        head: loadMemory(storage.sql, strict).seq,
      }));
    const before = await rows();
    await Promise.all(
      Array.from({ length: 100 }, (_, n) => reserve(team, { agent_id: `a${n}`, amount_usd: 0.5 })),
    );
    const after = await rows();
    expect(after.head - before.head).toBe(100);
    expect(after.log - before.log).toBeLessThan(100);
  });
});

describe("a threshold", () => {
  it("is told of once for each limit and period, the last one to the Board, and again when the limit changed", async () => {
    const team = await signUp("Thresholds");
    const id = await setBudget(team, { limit_usd: 10 });
    const told = async () =>
      (await logOf(team))
        .filter(({ event_type }) =>
          ["budget_warned", "budget_exceeded", "escalated_to_board"].includes(event_type),
        )
        .map(({ agent_id, event_type, metrics }) => [
          agent_id,
          event_type,
          metrics?.threshold_percent,
          metrics?.used_usd,
        ]);
    /** The room's alarm tells, as soon as it comes. */
    const tell = async (expected: unknown[]) => {
      await vi.waitFor(async () => expect(await told()).toEqual(expected), { timeout: 5_000 });
      await runDurableObjectAlarm(roomOf(team));
      expect(await told()).toEqual(expected);
    };
    await spent(team, { metrics: { cost_usd: 6 } });
    const half = [["clusterfork:budget", "budget_warned", 50, 6]];
    await tell(half);
    await evictDurableObject(roomOf(team));
    await tell(half);
    await spent(team, { metrics: { cost_usd: 5 } });
    const all = [
      ...half,
      ["clusterfork:budget", "budget_warned", 80, 11],
      ["clusterfork:budget", "budget_exceeded", 100, 11],
      ["clusterfork:penny-pincher", "escalated_to_board", undefined, 11],
    ];
    await tell(all);
    const escalated = (await logOf(team)).find(({ event_type }) => event_type === "escalated_to_board");
    expect(escalated?.metadata?.reason).toMatch(
      /^The hard budget b[a-z0-9]{11} \(whole project, by month\) is used up/,
    );
    expect(JSON.stringify(escalated?.metadata)).not.toMatch(/\$|11/);
    await asPerson(team.cookie, `${budgets(team)}/${id}`, json("PUT", { limit_usd: 20 }));
    await tell([...all, ["clusterfork:budget", "budget_warned", 50, 11]]);
  });
});
