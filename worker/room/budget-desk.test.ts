import { describe, expect, it } from "vitest";
import { createState } from "../../schema/state/apply.ts";
import { MAX_HELD_RESERVATIONS_PER_KEY } from "../../schema/state/limits.ts";
import { NOON_MS, play } from "../../test/replay/play.ts";
import { BudgetDesk } from "./budget-desk.ts";
import type { Principal } from "./contract.ts";
import { newReservation } from "./reservation.ts";

const key = (key_id: string): Principal => ({ kind: "key", key_id, secret_sha256: "" });
const SESSION: Principal = { kind: "session", user_id: "u" };
const ask = { key: null, agent: "ada", role: null, feature_id: null, task_id: null, usd: 0.01, tokens: null };

/** A project of one hard budget, in which a key holds so many reservations. What is written is taken. */
function deskWith(held: number, limit_usd = 1_000_000) {
  const state = play(
    [
      {
        type: "budget_set",
        agent: "clusterfork:budget",
        metadata: { budget_id: "b", scope: "project", period: "month", unit: "usd", hard: true },
        metrics: { limit_usd },
      },
    ],
    createState(),
  );
  const ends_ms = Date.now() + 3_600_000;
  for (let n = 0; n < held; n++) {
    const made = newReservation(`r${String(n)}`, { ...ask, ttl_ms: 1 }, "hog", NOON_MS);
    state.spending.held.set(made.id, { ...made, expires_at: ends_ms });
  }
  const writer = { append: () => Promise.resolve({ ok: true, accepted: 1 } as never) };
  return new BudgetDesk({ get: () => ({ state, received_ms: 0 }) as never }, writer, {
    admitEvents: () => null,
  });
}
const reserve = (desk: BudgetDesk, who: Principal) =>
  desk.answer(who, { kind: "reserve", ask: { ...ask, ttl_ms: 60_000 } });

describe("reservations of one key", () => {
  it("leave room for the others', however many it never settles", async () => {
    const desk = deskWith(MAX_HELD_RESERVATIONS_PER_KEY);
    expect(await reserve(desk, key("hog"))).toMatchObject({ kind: "denied", over: null });
    expect(await reserve(desk, key("other"))).toMatchObject({ kind: "granted" });
    expect(await reserve(desk, SESSION)).toMatchObject({ kind: "granted" });
    expect(await reserve(deskWith(MAX_HELD_RESERVATIONS_PER_KEY - 1), key("hog"))).toMatchObject({
      kind: "granted",
    });
  });

  it("are given back by it, for the agent that holds, or by a person", async () => {
    const release = (who: Principal, agent_id?: string) =>
      deskWith(1).answer(who, { kind: "release", reservation_id: "r0", agent_id });
    expect(await release(key("other"))).toMatchObject({ kind: "not_yours" });
    expect(await release(key("hog"), "bob")).toMatchObject({ kind: "not_yours" });
    expect(await release(key("hog"))).toMatchObject({ kind: "done" });
    expect(await release(key("hog"), "ada")).toMatchObject({ kind: "done" });
    expect(await release(SESSION)).toMatchObject({ kind: "done" });
  });
});

it("of a budget of nothing there is no billionth, however often it is asked", async () => {
  const desk = deskWith(0, 0);
  const answer = await desk.answer(key("k"), {
    kind: "reserve",
    ask: { ...ask, usd: 1e-10, ttl_ms: 60_000 },
  });
  expect(answer).toMatchObject({ kind: "denied", over: { budget: { id: "b" } } });
});

it("a second budget that counts the same is refused, also while the first is on its way", async () => {
  const desk = deskWith(0);
  const create = (id: string, more: object = {}) =>
    desk.answer(SESSION, {
      ...{ kind: "create" as const, id, by: "ann", request_id: id },
      is: {
        scope: "project",
        feature_id: null,
        agent: null,
        role: null,
        period: "month",
        unit: "usd",
        ...more,
      },
      terms: { title: null, limit: 5, hard: false },
    });
  expect(await create("c")).toMatchObject({ kind: "budget_stands", id: "b" });
  const both = await Promise.all([create("d", { unit: "tokens" }), create("e", { unit: "tokens" })]);
  expect(both[1]).toMatchObject({ kind: "budget_stands", id: "d" });
  expect(await create("f", { period: "lifetime" })).not.toMatchObject({ kind: "budget_stands" });
});
