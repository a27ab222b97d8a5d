/** The pure parts of the alerts page: its address, filters, groups, evidence and sentence. */
import { describe, expect, it } from "vitest";
import type { Alert } from "../../../schema/state/entity/alert.ts";
import { headlineOf, textOf } from "../headline/headline.ts";
import { readAlertPlace, withAlertPlace } from "./address.ts";
import { waysOf } from "../share/way.ts";
import { evidenceOf } from "./evidence.ts";
import { countStatuses, filterAlerts, groupAlerts } from "./group.ts";
import { ALERT_TABLE, type AlertNumbers } from "./headline.ts";
import { inboxOf } from "./inbox.ts";

const NOW = Date.UTC(2026, 10, 23, 12);
const alert = (id: string, more: Partial<Alert> = {}): Alert => ({
  ...{ id, rule: "blocked_task", metric: null, severity: "warning", title: id, message: null },
  ...{
    agent_id: null,
    task_id: null,
    feature_id: null,
    times: 1,
    since: null,
    raised_at: NOW - 60_000,
    said_at: NOW,
  },
  ...{ updated_at: NOW, cleared_at: null, acknowledged_at: null, acknowledged_by: null },
  ...{
    snoozed_until: null,
    assignee: null,
    first_seq: 1,
    last_seq: 1,
    value: null,
    target: null,
    samples: null,
  },
  ...more,
});

describe("the address of the alerts", () => {
  it("holds all that is shown, and nothing else is an error", () => {
    const query = new URLSearchParams("status=snoozed&severity=critical&rule=budget&by=agent&alert=x&at=9");
    expect(readAlertPlace(query)).toEqual({
      ...{ status: "snoozed", severity: "critical", rule: "budget", by: "agent", alert: "x" },
    });
    expect(readAlertPlace(new URLSearchParams("status=<b>&severity=&by=__proto__"))).toEqual({
      ...{ status: "open", severity: "info", rule: null, by: "none", alert: null },
    });
  });
  it("changes in parts, keeps the moment, and does not say what goes without saying", () => {
    const query = new URLSearchParams("at=9&status=cleared");
    expect(withAlertPlace(query, { status: "open", alert: "a&b" })).toBe("?at=9&alert=a%26b");
    expect(withAlertPlace(query, { rule: "", by: "none" })).toBe("?at=9&status=cleared");
  });
});

describe("the list", () => {
  const { entries } = inboxOf(
    [
      alert("seen", { acknowledged_at: NOW }),
      alert("silent", { snoozed_until: NOW + 1 }),
      alert("awake", { snoozed_until: NOW, agent_id: "a" }),
      alert("worst", { severity: "critical", rule: "failed_agent" }),
      alert("over", { cleared_at: NOW }),
    ],
    NOW,
  );
  it("counts each alert once, by what it is now", () => {
    expect(countStatuses(entries)).toEqual({ open: 2, acknowledged: 1, snoozed: 1, cleared: 1 });
  });
  it("filters by status, least severity and rule", () => {
    const ids = (given: Partial<Parameters<typeof filterAlerts>[1]>) =>
      filterAlerts(entries, { status: "open", severity: "info", rule: null, ...given }).map(
        (entry) => entry.alert.id,
      );
    expect(ids({})).toEqual(["worst", "awake"]);
    expect(ids({ severity: "critical" })).toEqual(["worst"]);
    expect(ids({ rule: "blocked_task" })).toEqual(["awake"]);
    expect(ids({ status: "cleared" })).toEqual(["over"]);
  });
  it("puts the group of the worst first, and what names none last", () => {
    const open = filterAlerts(entries, { status: "open", severity: "info", rule: null });
    expect(groupAlerts(open, "rule").map(({ name }) => name)).toEqual(["failed agent", "blocked task"]);
    expect(groupAlerts(open, "agent").map(({ name }) => name)).toEqual(["a", null]);
    expect(groupAlerts(open, "none")).toHaveLength(1);
    expect(groupAlerts([], "none")).toEqual([]);
  });
});

describe("evidence", () => {
  const ways = waysOf({ team: { slug: "t" }, project: { slug: "p" } });
  it("leads to the task, the agent, the metric and their events, by encoded names", () => {
    const about = { ...alert("x"), task_id: "a/b?", feature_id: "f", agent_id: "c&d", metric: "cost" };
    expect(evidenceOf(about, ways)).toEqual([
      { text: "task", href: "/t/p/flow/f?task=a%2Fb%3F" },
      { text: "agent", href: "/t/p/agents?agent=c%26d" },
      { text: "metric", href: "/t/p/metrics?metric=cost" },
      { text: "events", href: "/t/p/events?task=a%2Fb%3F" },
    ]);
  });
  it("is nothing where an alert names nothing", () => {
    expect(evidenceOf(alert("x", { metric: "no_such" }), ways)).toEqual([]);
    expect(evidenceOf(alert("x", { rule: "budget_reached" }), ways)).toEqual([
      { text: "budgets", href: "/t/p/budgets" },
    ]);
  });
});

describe("the sentence of the alerts", () => {
  const say = (part: Partial<AlertNumbers>) =>
    textOf(
      headlineOf(ALERT_TABLE, {
        ...{ waiting: 0, critical: 0, first: null, seen: 0, silent: 0, unowned: 0 },
        ...part,
      }),
    );
  const first = { text: "TASK-1 is blocked", href: "?alert=1" };
  it.each<[Partial<AlertNumbers>, string]>([
    [{}, "No alert is open."],
    [{ silent: 2 }, "Nothing waits for anybody. Two are silent for a while."],
    [{ waiting: 1, first }, "One alert waits for somebody: TASK-1 is blocked."],
    [{ waiting: 1, critical: 1, first }, "One critical alert waits for somebody: TASK-1 is blocked."],
    [
      { waiting: 3, critical: 1, first },
      "Three alerts wait for somebody, one of them critical; first: TASK-1 is blocked.",
    ],
    [
      { waiting: 2, critical: 2, first },
      "Two alerts wait for somebody, all critical; first: TASK-1 is blocked.",
    ],
    [{ seen: 1, unowned: 1 }, "Nothing waits for anybody. One is seen and still open, nobody's."],
    [
      { seen: 3, unowned: 1 },
      "Nothing waits for anybody. Three are seen and still open, one of them nobody's.",
    ],
    [{ seen: 1 }, "Nothing waits for anybody. One is seen and in somebody's hands."],
  ])("of %j is %s", (numbers, text) => {
    expect(say(numbers)).toBe(text);
  });
});
