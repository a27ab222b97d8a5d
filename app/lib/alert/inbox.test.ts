import { expect, it } from "vitest";
import type { Alert } from "../../../schema/state/entity/alert.ts";
import { ageOf, countText, inboxOf, spokenCount } from "./inbox.ts";

const alert = (id: string, part: Partial<Alert> = {}): Alert => ({
  ...{ id, rule: "r", metric: null, severity: "warning", title: id, message: null, agent_id: null },
  ...{ task_id: null, feature_id: null, value: null, target: null, samples: null, times: 1 },
  ...{
    since: null,
    raised_at: 1,
    said_at: 1,
    updated_at: 1,
    cleared_at: null,
    acknowledged_at: null,
    acknowledged_by: null,
  },
  ...{ snoozed_until: null, assignee: null, first_seq: 1, last_seq: 1 },
  ...part,
});

it("is as old as what it tells of, also where an import brought that late", () => {
  const imported = alert("a", { since: 5, raised_at: 900 });
  expect(ageOf(imported, "open")).toEqual({ words: "began ", at: 5 });
  expect(ageOf(alert("b", { raised_at: 900 }), "open")).toEqual({ words: "raised ", at: 900 });
  expect(ageOf({ ...imported, cleared_at: 950 }, "cleared")).toEqual({ words: "over ", at: 950 });
});

it("what nobody has seen comes first, then what is worse, then what is newer", () => {
  const { entries, waiting } = inboxOf(
    [
      alert("seen", { severity: "critical", acknowledged_at: 5 }),
      alert("old"),
      alert("new", { raised_at: 9 }),
      alert("worse", { severity: "critical" }),
      alert("silent", { severity: "critical", snoozed_until: 101 }),
      alert("loud again", { severity: "info", snoozed_until: 100 }),
    ],
    100,
  );
  expect(entries.map(({ alert: { id }, status }) => [id, status])).toEqual([
    ["worse", "open"],
    ["new", "open"],
    ["old", "open"],
    ["loud again", "open"],
    ["seen", "acknowledged"],
    ["silent", "snoozed"],
  ]);
  expect(waiting).toBe(4);
});

it("a list that is drawn does not change under its reader", () => {
  const live = alert("a");
  const { entries } = inboxOf([live], 0);
  live.title = "changed";
  expect(entries[0]?.alert.title).toBe("a");
});

it("counts in words, and not beyond reason", () => {
  expect(spokenCount(0)).toBe("Alerts: none waits");
  expect(spokenCount(1)).toBe("Alerts: 1 waits for somebody");
  expect(spokenCount(2)).toBe("Alerts: 2 wait for somebody");
  expect([countText(99), countText(100)]).toEqual(["99", "99+"]);
});
