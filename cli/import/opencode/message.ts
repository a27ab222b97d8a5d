/** One message of opencode, with its parts, as records of its session. */
import { count, object, text, type JsonObject } from "../json-field.ts";
import type { Tally } from "../outgoing.ts";
import {
  answered,
  given,
  interrupted,
  prompted,
  record,
  resulted,
  usedAnything,
} from "../session/reading.ts";
import { toolResult, toolUse } from "../session/tool-use.ts";
import type { Said } from "../session/record.ts";
import type { Session } from "../session/session.ts";

export interface Stored {
  raw: JsonObject;
  at: string;
  id: string;
}

export interface Home {
  id: string;
  /** Whether it is the session of a subagent. */
  sub: boolean;
  info: JsonObject;
  session: Session;
}

const DONE = new Set(["completed", "error", "success"]);

export function tellMessage(message: Stored, parts: readonly Stored[], home: Home, tally: Tally): void {
  const { raw, at, id } = message;
  const time = object(raw["time"]);
  const ms = count(time["created"]);
  if (ms === null) {
    for (const one of [message, ...parts]) tally.skip("a message without a readable time", one.at);
    return;
  }
  const done_ms = count(time["completed"]);
  const role = text(raw["role"]);
  const push = (said: Said, at_ms: number, uuid: string, where: string, aside: boolean): void => {
    home.session.records.push(
      record(
        {
          at: where,
          ms: at_ms,
          uuid,
          aside,
          cwd: text(home.info["directory"]),
          version: text(home.info["version"]),
          sidechain: home.sub,
          agent: home.sub ? home.id.slice(-12) : null,
          agent_type: home.sub ? (text(raw["agent"]) ?? text(raw["mode"])) : null,
        },
        said,
      ),
    );
  };
  if (role === "user") {
    const words = parts.filter(({ raw: part }) => part["type"] === "text" && part["synthetic"] !== true);
    push(prompted(words.map(({ raw: part }) => text(part["text"]) ?? "").join("\n")), ms, id, at, false);
    for (const part of parts)
      if (words.includes(part)) tally.mapped += 1;
      else silent(part, tally);
    return;
  }
  push(answered(null), ms, id, at, false);
  const steps = parts.filter(
    ({ raw: part }) => part["type"] === "step-finish" && usageOf({ raw: part }) !== null,
  );
  let last_ms = done_ms ?? ms;
  for (const part of parts) {
    const state = object(part.raw["state"]);
    const start = count(object(state["time"])["start"]) ?? ms;
    const end = count(object(state["time"])["end"]) ?? start;
    last_ms = Math.max(last_ms, part.raw["type"] === "tool" ? end : ms);
    switch (part.raw["type"]) {
      case "tool": {
        const name = text(part.raw["tool"]) ?? "tool";
        const call = text(part.raw["callID"]) ?? part.id;
        push(answered(null, [toolUse(call, name, state["input"])]), start, part.id, part.at, false);
        if (!DONE.has(text(state["status"]) ?? "")) break;
        const exit = object(state["metadata"])["exit"];
        const failed = state["status"] === "error" || (typeof exit === "number" && exit !== 0);
        const output = text(state["output"]) ?? text(state["error"]) ?? "";
        const rejected = /rejected permission|user rejected/i.test(text(state["error"]) ?? "");
        const result = toolResult(call, output, failed, { duration_ms: end - start, rejected });
        push(resulted(result), end, `${part.id}-1`, part.at, true);
        break;
      }
      case "step-finish":
        if (!steps.includes(part)) tally.skip("a step without numbers", part.at);
        else tellCall(part, { ...raw, ...part.raw }, done_ms ?? last_ms, null, push);
        break;
      case "compaction":
        push(
          {
            kind: "compacted",
            action: "compacted",
            used_tokens: null,
            trigger: part.raw["auto"] === true ? "auto" : null,
          },
          start,
          part.id,
          part.at,
          false,
        );
        break;
      default:
        silent(part, tally);
    }
  }
  if (steps.length === 0)
    tellCall(
      { ...message, id: `${id}` },
      raw,
      done_ms ?? last_ms,
      done_ms === null ? null : done_ms - ms,
      (said, at_ms, uuid, where) => push(said, at_ms, `${uuid}-usage`, where, true),
    );
  const error = object(raw["error"]);
  const kind = text(error["name"]);
  if (kind === "MessageAbortedError") push(interrupted, last_ms, `${id}-aborted`, at, true);
  else if (kind !== null)
    push(
      {
        kind: "api error",
        error: { status: count(object(error["data"])["statusCode"]), type: kind, attempt: null },
      },
      last_ms,
      `${id}-error`,
      at,
      true,
    );
  if (done_ms !== null && raw["finish"] === "stop")
    push({ kind: "turn ended" }, done_ms, `${id}-end`, at, true);
}

function silent({ raw, at }: Stored, tally: Tally): void {
  tally.skip(`nothing to tell in a part of type "${(text(raw["type"]) ?? "none").slice(0, 40)}"`, at);
}

/** Cached input is counted apart, and reasoning apart from the output. */
function usageOf({ raw }: Pick<Stored, "raw">): Record<string, number> | null {
  const tokens = object(raw["tokens"]);
  const cache = object(tokens["cache"]);
  const reasoning = count(tokens["reasoning"]);
  const output = count(tokens["output"]);
  const sum =
    (count(tokens["input"]) ?? 0) +
    (output ?? 0) +
    (count(cache["read"]) ?? 0) +
    (count(cache["write"]) ?? 0);
  // Where the recorded total says so, the output holds the reasoning already.
  const within = reasoning === null || count(tokens["total"]) === sum;
  const usage = given({
    input_tokens: count(tokens["input"]),
    cache_read_tokens: count(cache["read"]),
    cache_write_tokens: count(cache["write"]),
    output_tokens: output === null ? null : output + (within ? 0 : reasoning),
    reasoning_tokens: reasoning,
  });
  if (!usedAnything(usage)) return null;
  const cost = typeof raw["cost"] === "number" ? raw["cost"] : object(raw["cost"])["usd"];
  if (typeof cost === "number" && Number.isFinite(cost) && cost > 0) usage["cost_usd"] = cost;
  return usage;
}

function tellCall(
  { id, at, raw: own }: Stored,
  raw: JsonObject,
  ms: number,
  duration_ms: number | null,
  push: (said: Said, ms: number, uuid: string, at: string, aside: boolean) => void,
): void {
  const usage = usageOf({ raw: own });
  if (usage === null) return;
  const model = object(raw["model"]);
  const call = {
    message_id: `opencode-${id}`,
    request_id: null,
    model: text(raw["modelID"]) ?? text(model["modelID"]),
    provider: text(raw["providerID"]) ?? text(model["providerID"]),
    stop_reason: text(raw["finish"]) ?? text(raw["reason"]),
    complete: true,
    usage,
    ...(duration_ms === null || duration_ms <= 0 ? {} : { duration_ms }),
  };
  push({ kind: "usage", call }, ms, id, at, false);
}
