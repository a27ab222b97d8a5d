import { describe, expect, it } from "vitest";
import { DID_NOTHING } from "../../schema/metric/did.ts";
import type { AgentMetric, Performance } from "../../schema/metric/performance.ts";
import { performanceResponse } from "../../schema/wire/performance-body.ts";
import { readAgents } from "../command/agents.ts";
import type { Parameters } from "../command/measured.ts";
import { agentTable, type AgentsAtWork } from "./agent-table.ts";

const NOW_MS = Date.UTC(2026, 10, 22, 9);

const metric = (id: string, value: number | null, n = 10): AgentMetric => ({
  ...{ metric: id, value, n, excluded: 0, target: null, previous: null, change: null },
  ...{ status: "unknown", peers: null },
});
function performance(id: string | null, words: string, more: Partial<Performance> = {}): Performance {
  const verdict: Performance["verdict"] = { words, rule: "compared", reasons: [] };
  return { id, role: null, did: { ...DID_NOTHING, tasks: 10 }, metrics: [], verdict, pip: null, ...more };
}
function answer(performances: Performance[], omitted_groups = 0): AgentsAtWork {
  const window = { from: NOW_MS, to: null, previous: null };
  const response = { seq: 1, by: "agent", window, performances, omitted_groups } as const;
  return { ...performanceResponse.parse(response), rows: [] };
}

describe("the table of agents", () => {
  it("tells of each: tasks, figures with their samples, unknown where it is, and a verdict", () => {
    const metrics = [metric("reviewer_pass_rate", 0.9), metric("tokens_per_task", 12_300, 8)];
    const found = answer(
      [
        performance("coder-a", "high quality, slightly slower", { metrics }),
        performance("rev", "reviewer, 14 reviews; no task closed", { did: DID_NOTHING }),
        performance(null, "as usual"),
      ],
      1,
    );
    const text = agentTable(found, ["reviewer_pass_rate", "tokens_per_task"]);
    expect(text.split("\n")).toEqual([
      "agent       tasks  Reviewer pass rate      Tokens per task  verdict",
      "──────────  ─────  ──────────────────  ───────────────────  ────────────────────────────────────",
      "coder-a        10         90 % (n 10)  12.3 k tokens (n 8)  high quality, slightly slower",
      "rev             0             unknown              unknown  reviewer, 14 reviews; no task closed",
      "(no agent)     10             unknown              unknown  –",
      "",
      "… and 1 more agents who did less",
    ]);
    expect(agentTable(answer([]), [])).toBe("No agent did anything in this time.");
  });
  it("[P2] cleans ids, and roles in verdicts", () => {
    const hostile = "a\u001b[2J\u202e\nb";
    const text = agentTable(answer([performance(hostile, `${hostile}, 1 review`)]), ["throughput"]);
    expect(text.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(text).toMatch(/^a\[2J b /m);
  });
  it("names who needs a plan, and why", () => {
    const since_ms = Date.UTC(2026, 10, 19, 9);
    const text = agentTable(
      answer([
        performance("a", "", { pip: { metric: "failed_tasks", value: 3, target: 2, gap: 1, since_ms } }),
        performance("b", "", {
          pip: { metric: "escalation_rate", value: 0.15, target: 0.05, gap: 0.1, since_ms },
        }),
      ]),
      [],
    );
    expect(text.split("\n\n")[1]?.split("\n")).toEqual([
      "a: Performance Improvement Plan required: 3 failed tasks in a row since 2026-11-19 09:00 UTC",
      "b: Performance Improvement Plan required: Escalation rate 10 % above target since 2026-11-19 09:00 UTC",
    ]);
  });
  it("asks the server for the verdicts, and beside them only for metrics that they do not hold", async () => {
    const asked: [string, Parameters][] = [];
    const read = (metrics: string[]) =>
      readAgents(
        (path, parameters) => {
          asked.push([path, parameters]);
          return Promise.resolve(JSON.stringify({ ...answer([]), rows: ["of", path] }));
        },
        { role: "coder", window: "24h", asked: metrics },
      );
    expect(await read(["throughput"])).toMatchObject({ rows: [] });
    expect(await read(["efficiency_ratio"])).toMatchObject({ rows: ["of", "/v1/metrics"] });
    expect(asked.map(([path, { window, role, by, metric: of }]) => [path, window, role, by, of])).toEqual([
      ["/v1/agents/performance", "24h", "coder", undefined, undefined],
      ["/v1/agents/performance", "24h", "coder", undefined, undefined],
      ["/v1/metrics", "24h", "coder", "agent", "efficiency_ratio"],
    ]);
  });
});
