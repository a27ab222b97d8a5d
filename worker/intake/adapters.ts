/**
 * Every format but the native one, by name: the table that the contract suite
 * runs over (test/contract/intake.test.ts). A new format joins by one line.
 */
import type { Adapter } from "./adapter.ts";
import { adaptClaudeCode } from "./claude-code/hooks.ts";
import { adaptGitHub } from "./github/github.ts";
import { logsAdapter } from "./otlp/logs.ts";
import { metricsAdapter } from "./otlp/metrics.ts";
import type { Signal } from "./otlp/signal.ts";
import { tracesAdapter } from "./otlp/traces.ts";

export const ADAPTERS = {
  "otlp traces": tracesAdapter,
  "otlp logs": logsAdapter,
  "otlp metrics": metricsAdapter,
  github: adaptGitHub,
  "claude-code hooks": adaptClaudeCode,
} as const satisfies Readonly<Record<string, Adapter<never>>>;

export type AdapterName = keyof typeof ADAPTERS;

export function otlpAdapter(signal: Signal): Adapter<unknown> {
  return ADAPTERS[`otlp ${signal}`];
}
