/** Log records → events: each by the file of its sender. */
import type { Adapter } from "../adapter.ts";
import { isClaudeCode, tellClaudeCode } from "./claude-code.ts";
import { isCodex, tellCodex } from "./codex.ts";
import { isCopilotLog } from "./copilot.ts";
import { EVALUATION } from "./evaluation.ts";
import { isGemini, tellGemini } from "./gemini.ts";
import { readLogs, type LogRecord } from "./log-record.ts";
import { createTold, type Told } from "./told.ts";

export const logsAdapter: Adapter<unknown> = (payload, context) => {
  const told = createTold(context);
  const { logs, refused } = readLogs(payload, context.now_ms);
  for (const one of refused) told.refuse(one);
  for (const log of logs) tellLog(told, log);
  return told.finish();
};

function tellLog(told: Told, log: LogRecord): void {
  if (isClaudeCode(log)) return tellClaudeCode(told, log);
  if (isCodex(log)) return tellCodex(told, log);
  if (isGemini(log)) return tellGemini(told, log);
  // The GenAI conventions tell a call by its span; their log records repeat it.
  if (isCopilotLog(log.name) || (log.name.startsWith("gen_ai.") && log.name !== EVALUATION)) {
    return told.ignore("a record that repeats a span's");
  }
  return told.ignore("a log record of no agent");
}
