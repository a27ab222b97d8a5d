/** `clusterfork agents`: how each agent works, in a few words and figures. */
import { AGENT_METRICS } from "../../schema/metric/definition.ts";
import { PIP_WINDOWS } from "../../schema/metric/pip.ts";
import type { TasksResponse } from "../../schema/wire/http.ts";
import type { MetricsResponse } from "../../schema/wire/metrics.ts";
import { agentTable, type AgentsAtWork } from "../print/agent-table.ts";
import { CONNECTION_OPTIONS, readFlags } from "./flags.ts";
import { asking, metricIds, type Ask } from "./measured.ts";
import { UserError } from "./user-error.ts";

const TEXT = { type: "string" } as const;
/** Shown where none is asked for: how fast, how well, how dear. */
const USUAL = ["throughput", "reviewer_pass_rate", "tokens_per_task"];
/** Time that can be held against the time before it, in ms; `all` has none. */
const LENGTH_MS: Readonly<Record<string, number>> = {
  "1h": 3_600_000,
  "24h": 86_400_000,
  "7d": 604_800_000,
  "30d": 2_592_000_000,
};

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
  const found = await readAgents(ask, { role, window, asked, now_ms: Date.now() });
  console.log(json ? JSON.stringify(found) : agentTable(found, asked.length === 0 ? USUAL : asked));
  return 0;
}

export interface AgentsAsked {
  role?: string | undefined;
  window: string;
  /** Beside AGENT_METRICS. */
  asked: readonly string[];
  now_ms: number;
}

export async function readAgents(
  ask: Ask,
  { role, window, asked, now_ms }: AgentsAsked,
): Promise<AgentsAtWork> {
  const same = { by: "agent", role, metric: [...new Set([...AGENT_METRICS, ...asked])].join(",") };
  const read = async (time: Record<string, string>) =>
    JSON.parse(await ask("/v1/metrics", { ...same, ...time })) as MetricsResponse;
  const newest = await read({ window });
  const length_ms = LENGTH_MS[window];
  // A plan follows from what an agent is told by, whatever else was asked for.
  const told = ({ rows }: MetricsResponse) => rows.filter(({ metric }) => AGENT_METRICS.includes(metric));
  const windows = [{ from_ms: newest.window.from ?? 0, rows: told(newest) }];
  for (let back = 1; length_ms !== undefined && back < PIP_WINDOWS; back += 1) {
    const [from_ms, to_ms] = [now_ms - (back + 1) * length_ms, now_ms - back * length_ms];
    windows.unshift({ from_ms, rows: told(await read({ from: String(from_ms), to: String(to_ms) })) });
  }
  const { tasks } = JSON.parse(await ask("/v1/tasks", { role })) as TasksResponse;
  return { rows: newest.rows, windows, tasks, omitted_groups: newest.omitted_groups };
}
