import { describe, expect, it } from "vitest";
import { acknowledgeRequest, assignRequest, snoozeRequest } from "../../schema/wire/alert-body.ts";
import type { AlertInfo } from "../../schema/wire/alert.ts";
import { alertLine, alertTable } from "../print/alert-table.ts";
import { askedOf } from "./alerts.ts";

const alert: AlertInfo = {
  ...{ id: "task_blocked-7-1", rule: "task_blocked", metric: "blocked_ms", severity: "critical" as const },
  ...{ title: "Task \u001b[31mT\u202e is blocked", message: "No work for 2 h.\nAnswer it.", agent_id: null },
  ...{ task_id: "T", feature_id: null, value: 7_200_000, target: 600_000, samples: null, times: 2 },
  ...{
    since: null,
    raised_at: 0,
    said_at: 0,
    updated_at: 0,
    cleared_at: null,
    acknowledged_at: null,
    acknowledged_by: null,
  },
  ...{ snoozed_until: null, assignee: null, first_seq: 1, last_seq: 2, status: "open" as const },
};

describe("clusterfork alerts", () => {
  it("asks what was typed, in a form that the server takes", () => {
    expect(askedOf([], {})).toEqual({
      path: "/v1/alerts?status=open%2Cacknowledged%2Csnoozed",
      init: { method: "GET" },
    });
    expect(askedOf([], { status: "cleared" }).path).toBe("/v1/alerts?status=cleared");
    const ack = askedOf(["ack", "a/1"], {});
    expect(ack.path).toBe("/v1/alerts/a%2F1/acknowledge");
    const bodyOf = ({ init }: ReturnType<typeof askedOf>): unknown => JSON.parse(init.body ?? "");
    expect(acknowledgeRequest.safeParse(bodyOf(ack)).success).toBe(true);
    const snoozed = bodyOf(askedOf(["snooze", "a"], { minutes: "90" }));
    expect(snoozeRequest.parse(snoozed)).toEqual({ minutes: 90 });
    const assigned = bodyOf(askedOf(["assign", "a", "Ada", "Lovelace"], {}));
    expect(assignRequest.parse(assigned)).toEqual({ assignee: "Ada Lovelace" });
    expect(assignRequest.parse(bodyOf(askedOf(["assign", "a"], {})))).toEqual({ assignee: null });
  });

  it.each([
    [["ack"], {}, /takes the id/],
    [["ack", "a", "b"], {}, /"b" is too much/],
    [["mute", "a"], {}, /not "mute"/],
    [["snooze", "a"], { minutes: "1.5" }, /whole number/],
    [["ack", "a"], { minutes: "5" }, /snooze/],
    [["ack", "a"], { status: "open" }, /list/],
  ])("%j is refused", (words, flags, message) => {
    expect(() => askedOf(words, flags)).toThrow(message);
  });

  it("[P2] prints what an alert says without what steers a terminal", () => {
    const text = alertTable({ time: 7_200_000, alerts: [alert] });
    expect(text).toContain("task_blocked-7-1  critical  open    Task [31mT is blocked");
    expect(text).toContain("task_blocked-7-1: No work for 2 h. Answer it.");
    expect(text).not.toMatch(/\p{Cf}/u);
    expect(text.replaceAll("\n", "")).not.toMatch(/\p{Cc}/u);
    expect(text).toMatch(/ 2 h/);
    const imported = { ...alert, raised_at: 7_190_000, since: 0 };
    expect(alertTable({ time: 7_200_000, alerts: [imported] })).toBe(text);
    expect(alertTable({ time: 0, alerts: [] })).toBe("No alerts.");
    expect(alertLine({ ...alert, assignee: "Ada\u0007", status: "snoozed" })).toBe(
      "task_blocked-7-1 is snoozed, and Ada's.",
    );
  });
});
