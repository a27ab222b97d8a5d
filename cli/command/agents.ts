/** `clusterfork agents`: how each agent works, in a few words and figures. */
import { AGENT_METRICS } from "../../schema/metric/definition.ts";
import type { MetricsResponse } from "../../schema/wire/metrics.ts";
import type { PerformanceResponse } from "../../schema/wire/performance.ts";
import { agentTable, type AgentsAtWork } from "../print/agent-table.ts";
import { CONNECTION_OPTIONS, readFlags } from "./flags.ts";
import { asking, metricIds, type Ask } from "./measured.ts";
import { UserError } from "./user-error.ts";

const TEXT = { type: "string" } as const;
/** Shown where none is asked for: how fast, how well, how dear. */
const USUAL = ["throughput", "reviewer_pass_rate", "tokens_per_task"];

export async function agents(args: string[]): Promise<number> {
  const { values, positionals } = readFlags("agents", args, {
    ...CONNECTION_OPTIONS,
    ...{ role: TEXT, window: { type: "string", default: "24h" } },
    metric: { type: "string", multiple: true },
    json: { type: "boolean", default: false },
  });
  if (positionals.length > 0)
    throw new UserError(
      `agents takes options only; "${positionals[0]}" is too much. Try --role or --metric.`,
      2,
    );
  const { url, key, role, window, metric, json } = values;
  const asked = metric === undefined ? [] : metricIds(metric);
  const ask = asking({ url, key });
  const found = await readAgents(ask, { role, window, asked });
  console.log(json ? JSON.stringify(found) : agentTable(found, asked.length === 0 ? USUAL : asked));
  return 0;
}

export interface AgentsAsked {
  role?: string | undefined;
  window: string;
  /** Beside AGENT_METRICS. */
  asked: readonly string[];
}

export async function readAgents(ask: Ask, { role, window, asked }: AgentsAsked): Promise<AgentsAtWork> {
  const answer = JSON.parse(await ask("/v1/agents/performance", { window, role })) as PerformanceResponse;
  const others = asked.filter((metric) => !AGENT_METRICS.includes(metric));
  if (others.length === 0) return { ...answer, rows: [] };
  const text = await ask("/v1/metrics", { window, role, by: "agent", metric: others.join(",") });
  return { ...answer, rows: (JSON.parse(text) as MetricsResponse).rows };
}
