import { describe, expect, it } from "vitest";
import { NOON_MS, play } from "../../test/replay/play.ts";
import { MAX_CLOSED_ALERTS, MAX_OPEN_ALERTS } from "./limits.ts";

const agent = "clusterfork:alerts";
const raised = (alert_id: string, more: Record<string, string> = {}) => ({
  type: "alert_raised",
  agent,
  metadata: { alert_id, rule: "task_blocked", severity: "warning", title: "T waits", ...more },
});
const about = (type: string, alert_id: string, more: Record<string, string> = {}) => ({
  type,
  agent,
  metadata: { alert_id, ...more },
});

describe("alerts", () => {
  it("one raised again while it is open is one alert, with the newest words and figures", () => {
    const { open_alerts } = play([
      { ...raised("a"), task: "T", metrics: { value: 20, target: 15, samples: 30 } },
      {
        ...raised("a", { title: "T still waits", severity: "critical" }),
        metrics: { value: 40, target: 15 },
      },
    ]);
    expect([...open_alerts.values()]).toMatchObject([
      {
        id: "a",
        rule: "task_blocked",
        severity: "critical",
        title: "T still waits",
        task_id: "T",
        value: 40,
        target: 15,
        samples: null,
        times: 2,
        raised_at: NOON_MS + 1_000,
        updated_at: NOON_MS + 2_000,
        first_seq: 1,
        last_seq: 2,
      },
    ]);
  });

  it("is as old as what it tells of, never younger than its telling, and nothing where nobody says", () => {
    const of = (since?: string) =>
      play([raised("a", since === undefined ? {} : { since })]).open_alerts.get("a")?.since;
    expect(of("2026-11-18T09:00:00.000Z")).toBe(Date.UTC(2026, 10, 18, 9));
    expect(of("2099-01-01T00:00:00.000Z")).toBe(NOON_MS + 1_000);
    expect([of(), of("soon")]).toEqual([null, null]);
    // Told again, it began when it began.
    const again = play([raised("a", { since: "2026-11-18T09:00:00.000Z" }), raised("a")]);
    expect(again.open_alerts.get("a")?.since).toBe(Date.UTC(2026, 10, 18, 9));
  });

  it("keeps who saw it first, whose it is, and until when it is silent", () => {
    const { open_alerts } = play([
      raised("a"),
      about("alert_acknowledged", "a", { by: "ann" }),
      about("alert_acknowledged", "a", { by: "ben" }),
      about("alert_assigned", "a", { assignee: "ben" }),
      about("alert_snoozed", "a", { until: "2026-11-22T18:00:00.000Z" }),
      about("alert_snoozed", "b", { until: "2026-11-22T18:00:00.000Z" }),
    ]);
    expect(open_alerts.size).toBe(1);
    expect(open_alerts.get("a")).toMatchObject({
      acknowledged_by: "ann",
      acknowledged_at: NOON_MS + 2_000,
      assignee: "ben",
      snoozed_until: Date.UTC(2026, 10, 22, 18),
    });
  });

  it("a cleared one is closed, and raised again it is news", () => {
    const cleared = play([raised("a"), about("alert_acknowledged", "a"), about("alert_cleared", "a")]);
    expect(cleared.open_alerts.size).toBe(0);
    expect(cleared.closed_alerts.get("a")).toMatchObject({ cleared_at: NOON_MS + 3_000, times: 1 });
    const again = play([
      raised("a"),
      about("alert_acknowledged", "a"),
      about("alert_cleared", "a"),
      raised("a"),
    ]);
    expect(again.closed_alerts.size).toBe(0);
    expect(again.open_alerts.get("a")).toMatchObject({
      acknowledged_at: null,
      cleared_at: null,
      first_seq: 4,
    });
  });

  it("[S3] odd ones change nothing, and a severity of nobody's is a warning", () => {
    const { open_alerts } = play([
      { type: "alert_raised", agent },
      { type: "alert_cleared", agent, metadata: { alert_id: "none" } },
      raised("a", { severity: "apocalyptic" }),
      about("alert_snoozed", "a", { until: "tomorrow" }),
    ]);
    expect([...open_alerts.values()]).toMatchObject([{ id: "a", severity: "warning", snoozed_until: null }]);
  });

  it("[S5] forgets the oldest of too many, open and closed apart", () => {
    const { open_alerts, closed_alerts } = play([
      ...Array.from({ length: MAX_CLOSED_ALERTS + 1 }, (_, n) => [
        raised(`c${String(n)}`),
        about("alert_cleared", `c${String(n)}`),
      ]).flat(),
      ...Array.from({ length: MAX_OPEN_ALERTS + 1 }, (_, n) => raised(`o${String(n)}`)),
    ]);
    expect(closed_alerts.size).toBe(MAX_CLOSED_ALERTS);
    expect(closed_alerts.has("c0")).toBe(false);
    expect(open_alerts.size).toBe(MAX_OPEN_ALERTS);
    expect(open_alerts.has("o0")).toBe(false);
  });
});
