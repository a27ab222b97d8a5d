import { describe, expect, it } from "vitest";
import type { Row } from "../../schema/metric/measure.ts";
import { at, countLines } from "../../schema/metric/testing.ts";
import { allTasks } from "../../schema/state/select.ts";
import { readAgents } from "../command/agents.ts";
import type { Parameters } from "../command/measured.ts";
import { agentTable } from "./agent-table.ts";

const NOW_MS = Date.UTC(2026, 10, 22, 9);
const DAY_MS = 86_400_000;

function row(
  group: string | null,
  metric: string,
  value: number | null,
  n = 10,
  more: Partial<Row> = {},
): Row {
  const none = { excluded: 0, target: null, previous: null, change: null, status: "unknown" } as const;
  return { group, metric, value, n, ...none, ...more };
}
const slow = (group: string | null) => [
  row(group, "throughput", 2),
  row(group, "reviewer_pass_rate", 0.9),
  row(group, "tokens_per_task", 12_300, 8),
];
const none = { windows: [], tasks: [], omitted_groups: 0 };

describe("the table of agents", () => {
  it("tells of each: tasks, figures with their samples, unknown where it is, and a verdict", () => {
    const rows = [
      ...slow("coder-a"),
      ...[row("coder-b", "throughput", 3, 20), row("coder-b", "reviewer_pass_rate", null, 0)],
      ...[row("coder-c", "throughput", 4, 3), row(null, "throughput", 1, 2)],
    ];
    const text = agentTable({ ...none, rows, omitted_groups: 1 }, ["reviewer_pass_rate", "tokens_per_task"]);
    expect(text.split("\n")).toEqual([
      "agent       tasks  Reviewer pass rate      Tokens per task  verdict",
      "──────────  ─────  ──────────────────  ───────────────────  ─────────────────────────────",
      "coder-a        10         90 % (n 10)  12.3 k tokens (n 8)  high quality, slightly slower",
      "coder-b        20             unknown              unknown  as usual",
      "coder-c         3             unknown              unknown  new, ramping up",
      "(no agent)      2             unknown              unknown  –",
      "",
      "… and 1 more agents who did less",
    ]);
    expect(agentTable({ ...none, rows: [] }, [])).toBe("No agent did anything in this time.");
  });
  it("[P2] cleans ids", () => {
    const text = agentTable({ ...none, rows: slow("a\u001b[2J\u202e\nb") }, ["throughput"]);
    expect(text.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(text).toMatch(/^a\[2J b /m);
  });
  it("names who needs a plan: for failures of his own tasks, or for targets missed on end", () => {
    const failed = [
      ...allTasks(
        countLines([0, 1, 2].map((n) => [n, "task_failed", { task: `t${n}`, agent: "coder" }])).state,
      ),
    ].map((task) => ({ ...task, assignee: "coder-a" }));
    const missed = (value: number) =>
      row("coder-b", "escalation_rate", value, 6, { target: { bound: "<", value: 0.05 }, status: "missed" });
    const windows = [0.1, 0.2, 0.15].map((value, i) => ({
      from_ms: NOW_MS - (3 - i) * DAY_MS,
      rows: [missed(value), ...slow("coder-c")],
    }));
    const rows = [...slow("coder-a"), ...slow("coder-b"), ...slow("coder-c")];
    const since = new Date(at(0)).toISOString().slice(0, 16).replace("T", " ");
    const text = agentTable({ rows, windows, tasks: failed, omitted_groups: 0 }, ["throughput"]);
    expect(text.split("\n\n")[1]?.split("\n")).toEqual([
      `coder-a: Performance Improvement Plan required: 3 failed tasks in a row since ${since} UTC`,
      "coder-b: Performance Improvement Plan required: Escalation rate 10 % above target since 2026-11-19 09:00 UTC",
    ]);
  });
  it("asks for this window and the two before it, and keeps what was asked for beside out of the plan", async () => {
    const asked: [string, Parameters][] = [];
    const found = await readAgents(
      (path, parameters) => {
        asked.push([path, parameters]);
        const window = { from: NOW_MS - DAY_MS, to: null, previous: null };
        const rows = [...slow("a"), row("a", "efficiency_ratio", 0.2)];
        return Promise.resolve(
          JSON.stringify(path === "/v1/tasks" ? { tasks: [] } : { window, rows, omitted_groups: 0 }),
        );
      },
      { role: "coder", window: "24h", asked: ["efficiency_ratio"], now_ms: NOW_MS },
    );
    expect(asked.map(([path, { window, from, to, role }]) => [path, window, from, to, role])).toEqual([
      ["/v1/metrics", "24h", undefined, undefined, "coder"],
      ["/v1/metrics", undefined, String(NOW_MS - 2 * DAY_MS), String(NOW_MS - DAY_MS), "coder"],
      ["/v1/metrics", undefined, String(NOW_MS - 3 * DAY_MS), String(NOW_MS - 2 * DAY_MS), "coder"],
      ["/v1/tasks", undefined, undefined, undefined, "coder"],
    ]);
    expect(found.rows).toHaveLength(4);
    expect(found.windows.map(({ from_ms, rows }) => [from_ms, rows.length])).toEqual(
      [3, 2, 1].map((back) => [NOW_MS - back * DAY_MS, 3]),
    );
  });
});
