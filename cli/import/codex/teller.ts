/** The lines of one rollout as records of its session. */
import { object, text } from "../json-field.ts";
import type { Tally } from "../outgoing.ts";
import { answered, interrupted, lineId, prompted, record, resulted, wordsOf } from "../session/reading.ts";
import { toolUse } from "../session/tool-use.ts";
import type { Said, ToolUse } from "../session/record.ts";
import type { Session } from "../session/session.ts";
import type { Head, RolloutLine } from "./rollout.ts";
import { reasonFor, SILENT } from "./silent.ts";
import { readEnd, readResult, readUse, type ToolEnd } from "./tool.ts";
import { callId, hasCounts, TokenCounts, type CallCounted } from "./usage.ts";

/** A fork's copy of its parent is written at once; a model takes longer for its first answer, ms. */
const COPYING_MS = 5_000;

/** Context that Codex writes in the name of the user. */
const OWN_PROMPT = /^(?:<|# AGENTS\.md)/;

export class RolloutTeller {
  readonly #head: Head;
  readonly #ancestors: readonly string[];
  /** Session → the sums of its calls. */
  readonly #counted: Map<string, Set<string>>;
  readonly #session: Session;
  readonly #tally: Tally;
  readonly #counts = new TokenCounts();
  readonly #ends = new Map<string, ToolEnd>();
  readonly #called = new Set<string>();
  /** Calls of early versions, which name the tool alone: the oldest unanswered first. */
  readonly #unanswered: ToolUse[] = [];
  #model: string | null = null;
  #asked_ms: number | null = null;
  #counting = false;

  constructor(
    head: Head,
    ancestors: readonly string[],
    counted: Map<string, Set<string>>,
    session: Session,
    tally: Tally,
  ) {
    this.#head = head;
    this.#ancestors = ancestors;
    this.#counted = counted;
    this.#session = session;
    this.#tally = tally;
    if (!counted.has(head.id)) counted.set(head.id, new Set());
  }

  tell(lines: readonly RolloutLine[]): void {
    for (const { payload } of lines) {
      const read = readEnd(payload);
      if (read !== null) this.#ends.set(read.id, read.end);
      if (readUse(payload, "") !== null) this.#called.add(text(payload["call_id"]) ?? "");
      this.#counting ||= hasCounts(payload);
    }
    for (const line of lines) {
      const said = this.#read(line);
      if (typeof said === "string") this.#tally.skip(said, line.at);
      else if (said.length === 0) this.#tally.mapped += 1;
      for (const [index, one] of (typeof said === "string" ? [] : said).entries())
        this.#push(line, one, index);
    }
  }

  #push(line: RolloutLine, said: Said, index: number): void {
    const head = this.#head;
    const sub = head.parent !== null;
    this.#session.records.push(
      record(
        {
          at: line.at,
          ms: line.ms,
          uuid: `${lineId(head.id, line.raw)}${index === 0 ? "" : `-${index}`}`,
          sidechain: sub,
          agent: sub ? head.id.slice(-12) : null,
          agent_type: sub ? (head.role ?? "subagent") : null,
          branch: head.branch,
          cwd: head.cwd,
          version: head.version,
          aside: index > 0,
        },
        said,
      ),
    );
  }

  /** Records, none where the line only says what the next ones stand in, or why it gives nothing. */
  #read(line: RolloutLine): Said[] | string {
    const { type, payload } = line;
    const inner = text(payload["type"]);
    switch (type) {
      case "session_meta":
        return [];
      case "turn_context":
        this.#model = text(payload["model"]) ?? this.#model;
        return [];
      case "compacted":
        if (this.#isCopied(line)) return COPIED;
        return [{ kind: "compacted", action: "compacted", used_tokens: null, trigger: null }];
      case "event_msg":
        return this.#event(line, inner ?? "none");
      case "response_item":
        return this.#item(line, inner ?? "none");
      default:
        return reasonFor(type);
    }
  }

  #event(line: RolloutLine, type: string): Said[] | string {
    const { payload } = line;
    if (type === "token_count") return this.#call(line, this.#counts.count(payload));
    const end = readEnd(payload);
    if (end !== null) {
      if (this.#called.has(end.id)) return [];
      return this.#ended(end.id, end.end);
    }
    if (type === "thread_name_updated") {
      const title = text(payload["thread_name"]);
      if (title === null) return "a name of a session without words";
      this.#session.titles.push({ source: "custom", title, leaf: null });
      return [];
    }
    if (SILENT.has(`event_msg/${type}`)) return reasonFor(`event_msg/${type}`);
    if (this.#isCopied(line)) return COPIED;
    switch (type) {
      case "user_message":
        this.#asked_ms = line.ms;
        return [prompted(text(payload["message"]))];
      case "task_complete":
      case "turn_complete":
        return [{ kind: "turn ended" }];
      case "turn.completed": {
        const used = this.#counting || payload["usage"] === undefined ? null : this.#counts.turn(payload);
        const said = used === null || typeof used === "string" ? [] : this.#call(line, used);
        return [...(typeof said === "string" ? [] : said), { kind: "turn ended" }];
      }
      case "turn_aborted":
        return [text(payload["reason"]) === "interrupted" ? interrupted : { kind: "turn ended" }];
      case "error":
      case "stream_error": {
        const info = payload["codex_error_info"];
        const kind = text(info) ?? Object.keys(object(info))[0] ?? text(object(payload["error"])["kind"]);
        return [{ kind: "api error", error: { status: null, type: kind, attempt: null } }];
      }
      default:
        return reasonFor(`event_msg/${type}`);
    }
  }

  #item(line: RolloutLine, type: string): Said[] | string {
    const { payload } = line;
    if (type === "message") return this.#message(line);
    const use = readUse(payload, lineId(this.#head.id, line.raw));
    if (use !== null) return this.#used(use, type);
    if (/_(?:output|result)$/.test(type)) {
      this.#asked_ms = line.ms;
      const id = text(payload["call_id"]) ?? this.#answer(text(payload["name"]));
      return id === null
        ? "a result that names no call"
        : [resulted(readResult(id, payload, this.#ends.get(id)))];
    }
    if (type === "error") return [{ kind: "api error", error: { status: null, type: null, attempt: null } }];
    return reasonFor(`response_item/${type}`);
  }

  #message(line: RolloutLine): Said[] | string {
    const role = text(line.payload["role"]);
    this.#model ??= text(line.payload["model"]);
    if (this.#isCopied(line)) return COPIED;
    if (role === "assistant") return [answered(null)];
    if (role !== "user") return 'nothing to tell in "response_item/message" of the system';
    const words = wordsOf(line.payload["content"] ?? line.payload["message"]).trim();
    this.#asked_ms = line.ms;
    return OWN_PROMPT.test(words)
      ? 'nothing to tell in "response_item/message" of Codex itself'
      : [prompted(words)];
  }

  #used(use: ToolUse, type: string): Said[] {
    const end = this.#ends.get(use.id);
    const more = {
      ...use,
      paths: end !== undefined && end.paths.length > 0 ? end.paths : use.paths,
      input: end === undefined || end.server === null ? use.input : { ...use.input, server: end.server },
    };
    // These have no line for their result: that they are written says that they are over.
    if (/^(?:web_search|image_generation)_call$/.test(type)) return this.#ended(use.id, end ?? null, more);
    this.#unanswered.push(more);
    return [answered(null, [more])];
  }

  /** A call and its end in one line. */
  #ended(id: string, end: ToolEnd | null, use?: ToolUse): Said[] {
    const own = use ?? {
      ...toolUse(id, end?.name ?? "tool", end?.input ?? {}, end?.server ?? null),
      paths: end?.paths ?? [],
    };
    return [answered(null, [own]), resulted(readResult(id, { output: end?.output ?? "" }, end ?? undefined))];
  }

  #answer(name: string | null): string | null {
    const place = this.#unanswered.findIndex((use) => use.name === name);
    return place === -1 ? null : (this.#unanswered.splice(place, 1)[0]?.id ?? null);
  }

  #call(line: RolloutLine, counted: CallCounted | string): Said[] | string {
    if (typeof counted === "string") return counted;
    const { key, usage } = counted;
    const head = this.#head;
    const copied = this.#isCopied(line);
    if (copied && this.#ancestors.some((id) => this.#counted.get(id)?.has(key) === true)) return COPIED;
    // Of a parent that is not here: under the name that its own import gives.
    const owner = copied ? (this.#ancestors[0] ?? head.id) : head.id;
    this.#counted.get(head.id)?.add(key);
    const asked_ms = this.#asked_ms;
    this.#asked_ms = null;
    const took_ms = asked_ms === null ? null : line.ms - asked_ms;
    return [
      {
        kind: "usage",
        call: {
          message_id: callId(owner, key),
          request_id: null,
          model: this.#model,
          provider: head.provider,
          stop_reason: null,
          complete: true,
          usage,
          ...(took_ms === null || took_ms <= 0 ? {} : { duration_ms: took_ms }),
        },
      },
    ];
  }

  #isCopied(line: RolloutLine): boolean {
    return this.#ancestors.length > 0 && line.ms - this.#head.start_ms < COPYING_MS;
  }
}

const COPIED = "history of the session that this one was forked from";
