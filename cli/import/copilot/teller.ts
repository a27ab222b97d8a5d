/** The events of one session of Copilot CLI as its records. */
import { count, object, objects, text, type JsonObject } from "../json-field.ts";
import type { Tally } from "../outgoing.ts";
import type { Call } from "../session/call.ts";
import { answered, includingCache, interrupted, prompted, record, resulted } from "../session/reading.ts";
import { toolResult, toolUse } from "../session/tool-use.ts";
import type { Said } from "../session/record.ts";
import type { Session } from "../session/session.ts";
import { ShutdownTotals } from "./totals.ts";

export interface CopilotEvent {
  type: string;
  data: JsonObject;
  ms: number;
  at: string;
  /** Of the line's content: event ids are unique in a session only. */
  id: string;
  /** The tool call of the subagent that it belongs to. */
  agent: string | null;
}

const SILENT = new Set([
  "assistant.intent",
  "assistant.reasoning",
  "assistant.turn_end",
  "assistant.turn_start",
  "hook.end",
  "hook.start",
  "info",
  "session.auto_mode_resolved",
  "session.compaction_start",
  "session.context_changed",
  "session.info",
  "session.mode_changed",
  "session.plan_changed",
  "session.task_complete",
  "session.usage_checkpoint",
  "session.usage_info",
  "session.warning",
  "session.workspace_file_changed",
  "skill.invoked",
  "subagent.deselected",
  "subagent.selected",
  "system.message",
  "system.notification",
  "tool.user_requested",
]);

export class CopilotTeller {
  readonly #session: Session;
  readonly #tally: Tally;
  readonly #whole: boolean;
  readonly #totals = new ShutdownTotals();
  #model: string | null = null;
  #cwd: string | null = null;
  #branch: string | null = null;
  #version: string | null = null;

  /** `whole`: every call is recorded with all its tokens, and nothing else counts. */
  constructor(session: Session, whole: boolean, tally: Tally) {
    this.#session = session;
    this.#whole = whole;
    this.#tally = tally;
  }

  tell(event: CopilotEvent): void {
    const said = this.#read(event);
    if (typeof said === "string") return this.#tally.skip(said, event.at);
    if (said.length === 0) this.#tally.mapped += 1;
    for (const [index, one] of said.entries()) {
      const { agent } = event;
      this.#session.records.push(
        record(
          {
            at: event.at,
            ms: event.ms,
            uuid: `${this.#session.id}-${event.id}${index === 0 ? "" : `-${index}`}`,
            aside: index > 0,
            branch: this.#branch,
            cwd: this.#cwd,
            version: this.#version,
            sidechain: agent !== null,
            agent,
            spawned_by: agent,
          },
          one,
        ),
      );
    }
  }

  /** Records, none where it only says what the next ones stand in, or why it gives nothing. */
  #read(event: CopilotEvent): Said[] | string {
    const { type, data } = event;
    switch (type) {
      case "session.start":
      case "session.resume": {
        const context = object(data["context"]);
        this.#model = text(data["selectedModel"]) ?? this.#model;
        this.#version = text(data["copilotVersion"]) ?? this.#version;
        this.#cwd = text(context["cwd"]) ?? this.#cwd;
        this.#branch = text(context["branch"]) ?? this.#branch;
        return [];
      }
      case "session.model_change":
        this.#model = text(data["newModel"]) ?? this.#model;
        return [];
      case "session.title_changed": {
        const title = text(data["title"]);
        if (title !== null) this.#session.titles.push({ source: "ai", title, leaf: null });
        return [];
      }
      case "user.message":
        return [prompted(text(data["content"]))];
      case "assistant.message":
        return [answered(this.#answer(event), toolRequests(data))];
      case "assistant.usage":
        return [{ kind: "usage", call: this.#usage(event) }];
      case "tool.execution_start":
        return toolRequests({ toolRequests: [{ ...data, name: data["toolName"] }] }).map((use) =>
          answered(null, [use]),
        );
      case "tool.execution_complete":
        return finished(data);
      case "subagent.started":
      case "subagent.completed":
      case "subagent.failed":
        return this.#subagent(event);
      case "abort":
        return [interrupted];
      case "session.error": {
        const error = { status: count(data["statusCode"]), type: text(data["errorType"]), attempt: null };
        return [{ kind: "api error", error }];
      }
      case "session.truncation":
      case "session.compaction_complete": {
        const used_tokens =
          count(data["preTruncationTokensInMessages"]) ?? count(data["preCompactionTokens"]);
        const action = type === "session.truncation" ? "truncated" : "compacted";
        return [{ kind: "compacted", action, used_tokens, trigger: null }];
      }
      case "session.idle":
        return [{ kind: "turn ended" }];
      case "session.shutdown":
        if (this.#whole) return [];
        return this.#totals.shutDown(data).map(({ model, usage }) => ({
          kind: "usage",
          call: {
            ...NOTHING,
            message_id: `copilot-${this.#session.id}-${event.id.slice(0, 12)}-${model}`.slice(0, 120),
            model,
            stop_reason: null,
            usage,
          },
        }));
      default:
        return SILENT.has(type) ? `nothing to tell in "${type}"` : `type "${type.slice(0, 40)}" is not known`;
    }
  }

  #answer({ data, id }: CopilotEvent): Call | null {
    const output = count(data["outputTokens"]);
    this.#model = text(data["model"]) ?? this.#model;
    if (this.#whole || output === null || output === 0) return null;
    const message_id =
      text(data["apiCallId"]) ??
      `copilot-${text(data["messageId"]) ?? ""}-${this.#session.id}-${id.slice(0, 12)}`;
    this.#totals.answered(this.#model, message_id, output);
    return { ...NOTHING, message_id, model: this.#model, usage: { output_tokens: output } };
  }

  #usage({ data, id }: CopilotEvent): Call {
    const duration_ms = count(data["duration"]);
    return {
      ...NOTHING,
      message_id:
        text(data["apiCallId"]) ?? text(data["providerCallId"]) ?? `copilot-${this.#session.id}-${id}`,
      model: text(data["model"]) ?? this.#model,
      usage: includingCache({
        input: data["inputTokens"],
        cache_read: data["cacheReadTokens"],
        cache_write: data["cacheWriteTokens"],
        output: data["outputTokens"],
        reasoning: data["reasoningTokens"],
      }),
      ...(duration_ms === null ? {} : { duration_ms }),
    };
  }

  #subagent(event: CopilotEvent): Said[] | string {
    const key = text(event.data["toolCallId"]);
    if (key === null) return "a subagent without a tool call";
    event.agent = key;
    const role = text(event.data["agentName"]);
    if (role !== null) this.#session.agent_types = new Map([...this.#session.agent_types, [key, role]]);
    return [event.type === "subagent.started" ? answered(null) : { kind: "turn ended" }];
  }
}

const NOTHING = { request_id: null, provider: null, stop_reason: null, complete: true } as const;

function toolRequests(data: JsonObject): ReturnType<typeof toolUse>[] {
  return objects(data["toolRequests"]).flatMap((request) => {
    const id = text(request["toolCallId"]);
    const name = text(request["name"]);
    return id === null || name === null
      ? []
      : [toolUse(id, name, request["arguments"], text(request["mcpServerName"]))];
  });
}

function finished(data: JsonObject): Said[] | string {
  const id = text(data["toolCallId"]);
  if (id === null) return "a result that names no call";
  const output = text(object(data["result"])["content"]) ?? text(object(data["error"])["message"]) ?? "";
  const exit = /<exited with exit code (-?\d+)>|^exit code: (-?\d+)/im.exec(output);
  const code = exit?.[1] ?? exit?.[2];
  const duration_ms = count(object(object(data["toolTelemetry"])["metrics"])["durationMs"]);
  const rejected = text(object(data["error"])["code"]) === "rejected";
  const failed = data["success"] === false || (code !== undefined && code !== "0");
  return [resulted(toolResult(id, output, failed, { duration_ms, rejected }))];
}
