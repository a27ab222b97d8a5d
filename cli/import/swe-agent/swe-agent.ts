/**
 * Trajectories of SWE-agent (`<instance>.traj`) and of mini-swe-agent (`.traj.json`).
 *
 *   trajectory[]   {action, observation, execution_time}: one step, one command
 *   messages[]     mini-swe-agent: the conversation; `extra` holds the provider's answer with its usage
 *   info           exit_status, model_stats {instance_cost, tokens_sent, tokens_received, api_calls}
 *
 * SWE-agent records no clock: the file was written at the end of the run, and
 * the steps stand before it by the time that they took. Tokens are the sum of
 * the run, in one `tokens_used`, where they are not recorded call by call.
 */
import { createHash } from "node:crypto";
import { basename } from "node:path";
import { count, object, objects, text, type JsonObject } from "../json-field.ts";
import type { Tally } from "../outgoing.ts";
import type { Call } from "../session/call.ts";
import { readDocument } from "../session/line-file.ts";
import {
  answered,
  emptySession,
  given,
  inOrder,
  prompted,
  record,
  resulted,
  usedAnything,
  type ReadSessions,
} from "../session/reading.ts";
import { toolResult, toolUse } from "../session/tool-use.ts";
import type { Said } from "../session/record.ts";
import type { Session } from "../session/session.ts";
import { plainId } from "../session/tell.ts";
import { readMessages } from "./mini.ts";

/** Time between two steps where none is recorded, ms: what keeps them apart, no more. */
const STEP_MS = 1;

export const readSweAgent: ReadSessions = async (files, sources, tally) => {
  const sessions: Session[] = [];
  for (const { path, modified_ms } of files) {
    const raw = await readDocument(path, sources, tally);
    if (raw === null) continue;
    tally.records += 1;
    if (!Array.isArray(raw["trajectory"]) && !Array.isArray(raw["messages"])) {
      tally.skip("no trajectory", path);
      continue;
    }
    tally.mapped += 1;
    sessions.push(tellRun(raw, path, modified_ms, tally));
  }
  return inOrder(sessions);
};

function tellRun(raw: JsonObject, path: string, modified_ms: number, tally: Tally): Session {
  const instance = basename(path).replace(/\.(?:traj\.json|traj|json)(?:\.gz)?$/, "");
  const steps = objects(raw["trajectory"]);
  const messages = steps.length === 0 ? objects(raw["messages"]) : [];
  // One instance is run many times: what its first answer said tells the runs apart.
  const first = steps.slice(0, 3).map(({ response, action }) => [response, action]);
  const digest = createHash("sha256")
    .update(JSON.stringify([instance, raw["environment"], first, messages.slice(0, 4)]))
    .digest("hex")
    .slice(0, 12);
  const session = emptySession("swe-agent", plainId(`${instance.slice(0, 80)}-${digest}`));
  session.titles.push({ source: "custom", title: instance, leaf: null });
  const push = (said: Said, ms: number, key: string, at: string, aside: boolean): void => {
    session.records.push(record({ at, ms: Math.round(ms), uuid: `${session.id}/${key}`, aside }, said));
  };
  let ms = modified_ms;
  if (messages.length > 0) ms = readMessages(messages, path, modified_ms, push, tally);
  else {
    const took = steps.map((step) => Math.max(STEP_MS, seconds(step["execution_time"]) * 1000));
    ms -= took.reduce((sum, one) => sum + one, 0);
    push(prompted(null), ms, "start", path, true);
    for (const [index, step] of steps.entries()) {
      const at = `${path}#${index + 1}`;
      tally.records += 1;
      const action = text(step["action"]);
      const id = `${session.id}/${index + 1}`;
      if (action === null) {
        push(answered(null), ms, String(index + 1), at, false);
        continue;
      }
      push(answered(null, [useOf(id, action)]), ms, String(index + 1), at, false);
      ms += took[index] ?? STEP_MS;
      const result = toolResult(id, text(step["observation"]) ?? "", false, {
        duration_ms: seconds(step["execution_time"]) * 1000,
      });
      push(resulted(result), ms, `${index + 1}-result`, at, true);
    }
  }
  const told = session.records.some(({ said }) => said.kind === "assistant" && said.call !== null);
  const call = told ? null : totalsOf(object(raw["info"]), raw, session.id);
  if (call !== null) push({ kind: "usage", call }, ms, "usage", path, true);
  const exit = text(object(raw["info"])["exit_status"]);
  if (exit !== null)
    push(/submitted/i.test(exit) ? { kind: "turn ended" } : ended(exit), ms, "end", path, true);
  return session;
}

const ended = (exit: string): Said => ({
  kind: "api error",
  error: { status: null, type: exit, attempt: null },
});

function useOf(id: string, action: string): ReturnType<typeof toolUse> {
  const [name = "", verb = "", path = ""] = action.trim().split(/\s+/);
  return name === "str_replace_editor"
    ? toolUse(id, name, { command: verb, path })
    : toolUse(id, name === "submit" ? name : "bash", { command: action });
}

function totalsOf(info: JsonObject, raw: JsonObject, session: string): Call | null {
  const stats = object(info["model_stats"]);
  const usage = given({
    input_tokens: count(stats["tokens_sent"]),
    output_tokens: count(stats["tokens_received"]),
  });
  const cost = stats["instance_cost"] ?? stats["total_cost"];
  if (typeof cost === "number" && Number.isFinite(cost) && cost > 0) usage["cost_usd"] = cost;
  if (!usedAnything(usage)) return null;
  return {
    message_id: `swe-agent-${session}`.slice(0, 120),
    request_id: null,
    model: modelIn(raw),
    provider: null,
    stop_reason: text(info["exit_status"]),
    complete: true,
    usage,
  };
}

function modelIn(raw: JsonObject): string | null {
  let config = object(raw["replay_config"]);
  try {
    config = object(JSON.parse(text(raw["replay_config"]) ?? "{}"));
  } catch {
    // Versions without it name the model nowhere.
  }
  const model = object(object(config["agent"])["model"])["name"];
  const mini = object(object(object(raw["info"])["config"])["model"])["model_name"];
  return (text(model) ?? text(mini))?.split("/").at(-1) ?? null;
}

function seconds(value: unknown): number {
  return typeof value === "number" && Number.isFinite(value) && value > 0 ? value : 0;
}
