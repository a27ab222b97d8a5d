import { describe, expect, it } from "vitest";
import { Clusterfork, type Options, type Trouble } from "./node.ts";

const DENIED = { granted: false, message: "no room", retry_after_s: 7 };
const GRANTED = { granted: true, reservation_id: "r1" };

/** A sender whose server answers in turn: a body for 200, else what is given. */
function sender(answers: (object | Error)[], options: Options = {}) {
  const asked: [path: string, body: unknown][] = [];
  const told: Trouble[] = [];
  const made = new Clusterfork({
    ...{ url: "http://server", key: "k", spool: false, flush_on_exit: false },
    defaults: { agent_id: "coder" },
    onError: (trouble) => told.push(trouble),
    fetch: (async (input: string, init: RequestInit) => {
      asked.push([new URL(input).pathname, JSON.parse(init.body as string)]);
      const answer = answers.shift() ?? new TypeError("fetch failed");
      if (answer instanceof Error) throw answer;
      return answer instanceof Response ? answer : Response.json(answer);
    }) as typeof fetch,
    ...options,
  });
  return { budget: made.budget, asked, told };
}

describe("a budget asked before a call", () => {
  it("says what the server decided", async () => {
    const { budget, asked, told } = sender([GRANTED, DENIED]);
    expect(await budget.reserve({ amount_usd: 0.1 })).toEqual({
      ...{ granted: true, decided_by: "server", reservation_id: "r1", message: null },
    });
    expect(await budget.reserve({ agent_id: "other", tokens: 5 })).toEqual({
      ...{ granted: false, decided_by: "server", message: "no room", retry_after_s: 7 },
    });
    expect(asked).toEqual([
      ["/v1/budgets/reserve", { agent_id: "coder", amount_usd: 0.1 }],
      ["/v1/budgets/reserve", { agent_id: "other", tokens: 5 }],
    ]);
    expect(told).toEqual([]);
  });

  const refusal = (status: number) =>
    Response.json({ error: { code: "invalid", message: "Say how much.", request_id: "q" } }, { status });
  it.each([
    ["is away", () => new TypeError("fetch failed"), "unavailable"],
    ["is overloaded", () => refusal(503), "unavailable"],
    ["knows no such key", () => refusal(401), "refused"],
    ["does not understand", () => refusal(422), "invalid"],
    ["is another one", () => ({ hello: 1 }), "unavailable"],
  ])("goes on where the server %s, and says so; or stops, where that is wanted", async (_, answer, kind) => {
    const open = sender([answer()]);
    expect(await open.budget.reserve({ tokens: 5 })).toMatchObject({
      ...{ granted: true, decided_by: "absence", reservation_id: null },
      message: expect.stringMatching(/the call goes on/) as string,
    });
    expect(open.told).toMatchObject([{ kind, dropped: 0 }]);
    const closed = sender([answer()], { budget: { when_away: "closed" } });
    expect(await closed.budget.reserve({ tokens: 5 })).toMatchObject({
      granted: false,
      decided_by: "absence",
    });
  });

  it("does not wait longer than it may", async () => {
    const never = ((_: string, init: RequestInit) =>
      new Promise((_resolve, reject) => {
        init.signal?.addEventListener("abort", () => reject(new Error("aborted")));
      })) as unknown as typeof fetch;
    const { budget } = sender([], { fetch: never, budget: { timeout_ms: 20 } });
    const before = Date.now();
    expect(await budget.reserve({ tokens: 5 })).toMatchObject({ granted: true, decided_by: "absence" });
    expect(Date.now() - before).toBeLessThan(2_000);
  });

  it("guards a call: reserved, run, given back where it throws, not run where it is denied", async () => {
    const { budget, asked } = sender([GRANTED, GRANTED, { released: true }, DENIED]);
    const seen: (string | null)[] = [];
    expect(
      await budget.guard({ tokens: 5 }, async (id) => {
        seen.push(id);
        return 42;
      }),
    ).toEqual({ granted: true, value: 42, reservation_id: "r1" });
    await expect(
      budget.guard({ tokens: 5 }, () => Promise.reject(new Error("the model broke"))),
    ).rejects.toThrow("the model broke");
    expect(asked.at(-1)).toEqual(["/v1/budgets/release", { reservation_id: "r1" }]);
    expect(await budget.guard({ tokens: 5 }, async (id) => seen.push(id))).toMatchObject({ granted: false });
    expect(seen).toEqual(["r1"]);
  });
});
