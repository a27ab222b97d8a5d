import { describe, expect, it } from "vitest";
import { apply, createState } from "../../../schema/state/apply.ts";
import type { StoredEvent } from "../../../schema/event/event.ts";
import { headlineOf, textOf } from "../headline/headline.ts";
import { readPlace, withPlace } from "./address.ts";
import { FEATURES_TABLE, type FeaturesNumbers } from "./headline.ts";
import { costOf, countOf, isStuck, linesOf, listed } from "./lines.ts";

const HOUR_MS = 3_600_000;
const NOW = 10 * HOUR_MS;

function stateOf(...events: Partial<StoredEvent>[]) {
  const state = createState();
  events.forEach((given, i) => {
    const time = new Date(i * HOUR_MS).toISOString();
    const event = { id: `e${i}`, seq: i + 1, timestamp: time, received_at: time, agent_id: "ana" };
    apply(state, { ...event, source: "api", key_id: "k", v: 2, ...given } as StoredEvent);
  });
  return state;
}
const place = (text: string) => readPlace(new URLSearchParams(text));

const lines = linesOf(
  stateOf(
    { event_type: "feature_requested", feature_id: "login", metadata: { title: "Sign in" } },
    { event_type: "feature_started", feature_id: "login" },
    { event_type: "task_created", feature_id: "login", task_id: "t-1" },
    { event_type: "task_blocked", task_id: "t-1", metadata: { reason: "no key" } },
    { event_type: "feature_started", feature_id: "shop" },
    {
      event_type: "tokens_used",
      feature_id: "shop",
      metadata: { model: "m" },
      metrics: { input_tokens: 1, output_tokens: 1, cost_usd: 2 },
    },
    { event_type: "feature_merged", feature_id: "shop" },
    { event_type: "feature_requested", feature_id: "later" },
  ),
  [
    {
      ...{
        feature_id: "later",
        title: null,
        open_tasks: 1,
        words: "",
        samples: 9,
        calibrated_by: 0,
        beyond_sample: 0,
        why: null,
      },
      ...{ p50_at: new Date(11 * HOUR_MS).toISOString(), p80_at: new Date(12 * HOUR_MS).toISOString() },
    },
  ],
  NOW,
);
const ids = (text: string) => listed(lines, place(text)).map(({ id }) => id);

describe("the list", () => {
  it("knows how long a feature took, or takes, and nothing of one that nobody saw begin", () => {
    const duration = new Map(lines.map(({ id, duration_ms }) => [id, duration_ms]));
    expect(Object.fromEntries(duration)).toEqual({ login: 9 * HOUR_MS, shop: 2 * HOUR_MS, later: null });
  });
  it("shows what was asked for, the touched last first", () => {
    expect(ids("")).toEqual(["later", "shop", "login"]);
    expect(ids("show=open")).toEqual(["later", "login"]);
    expect(ids("show=stuck")).toEqual(["login"]);
    expect(ids("show=shipped")).toEqual(["shop"]);
    expect(ids("q=SIGN")).toEqual(["login"]);
    expect(ids("show=nonsense")).toHaveLength(3);
    expect(countOf(lines, "abandoned")).toBe(0);
  });
  it("puts what is unknown last, however it is ordered", () => {
    expect(ids("order=duration")).toEqual(["login", "shop", "later"]);
    expect(ids("order=cost")[0]).toBe("shop");
    expect(ids("order=lands")[0]).toBe("later");
  });
  it("calls only that stuck in which nothing moves", () => {
    const [login] = lines.filter(({ id }) => id === "login");
    if (login === undefined) throw new Error("no line");
    expect(isStuck(login)).toBe(true);
    expect(isStuck({ ...login, counts: { ...login.counts, total: 2, pending: 1 } })).toBe(false);
  });
  it("[M2] makes no cost of calls whose price nobody knows", () => {
    const usage = lines[0]?.usage;
    if (usage === undefined) throw new Error("no line");
    expect(costOf({ ...usage, calls: 0 })).toBe(0);
    expect(costOf({ ...usage, calls: 3, reported_calls: 0, priced_calls: 0 })).toBeNull();
  });
});

it("keeps what is usual out of the address, and what is not its own in it", () => {
  expect(withPlace(new URLSearchParams("at=4&show=open"), { show: "all", order: "cost" })).toBe(
    "?at=4&order=cost",
  );
});

describe("the sentence", () => {
  const numbers: FeaturesNumbers = {
    ...{ total: 3, open: 2, shipped: 1, abandoned: 0, stuck: [], foretold: 1, answered: true, silent: null },
    next: { text: "later", href: "/l", by: "12:00" },
  };
  const say = (more: Partial<FeaturesNumbers>) => textOf(headlineOf(FEATURES_TABLE, { ...numbers, ...more }));
  it("says how they stand, what is stuck, and what lands next by which percentile", () => {
    expect(say({ total: 0, open: 0, next: null })).toBe("No feature is known yet.");
    expect(say({})).toBe(
      "Two of three features are open, 1 shipped. later lands next, four times in five by 12:00.",
    );
    expect(say({ next: null, abandoned: 2 })).toBe(
      "Two of three features are open, 1 shipped, 2 abandoned. When they land cannot be foretold yet.",
    );
    // That nobody answered is no sign that nothing can be foretold.
    expect(say({ next: null, answered: false })).toBe("Two of three features are open, 1 shipped.");
    expect(say({ stuck: [{ text: "login", href: "/x" }] })).toContain("login is stuck: nothing of it moves.");
    const many = ["a", "b", "c", "d"].map((text) => ({ text }));
    expect(say({ stuck: many })).toContain("a, b and 2 more are stuck");
  });
});

describe("why a feature has no grade", () => {
  const feature = "login";
  const task = { feature_id: feature, task_id: "t-1" };
  const begun: Partial<StoredEvent>[] = [
    { event_type: "feature_started", feature_id: feature },
    { event_type: "task_created", ...task },
    { event_type: "task_claimed", ...task },
  ];
  const merged = { event_type: "feature_merged", feature_id: feature };
  const why = (...events: Partial<StoredEvent>[]) =>
    linesOf(stateOf(...begun, ...events), [], NOW).find(({ id }) => id === feature)?.ungraded;
  it.each<[string, Partial<StoredEvent>[], string | null]>([
    ["is open", [{ event_type: "test_passed", ...task }], "when it is finished"],
    ["was given up", [{ event_type: "feature_abandoned", feature_id: feature }], "nothing was delivered"],
    ["is of a tracker", [merged], "no quality is told"],
    ["has refusals alone", [{ event_type: "reviewer_rejected", ...task }, merged], "no quality is told"],
    [
      "was not tested, as others were",
      [{ event_type: "test_passed", task_id: "other" }, merged],
      "no quality is told",
    ],
    ["was tested", [{ event_type: "test_passed", ...task }, merged], null],
    ["was approved", [{ event_type: "reviewer_approved", ...task }, merged], null],
    ["may be covered", [{ event_type: "coverage_measured", agent_id: "ci" }, merged], null],
    ["is where bugs are told", [{ event_type: "bug_reported", agent_id: "ci" }, merged], null],
  ])("that %s", (_, events, expected) => {
    expect(why(...events)).toBe(expected);
  });
});
