/**
 * The same work seen three times: by Claude Code's telemetry and its hooks while
 * it happened, and by its transcripts afterwards; each through the code that reads it. The provider's request id decides, so that whichever
 * comes first, and however they are mixed, every call counts once (M1).
 */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { readLines, readWhole } from "../../cli/import/lines.ts";
import { Tally } from "../../cli/import/outgoing.ts";
import type { OutgoingEvent } from "../../schema/event/outgoing.ts";
import { mapTranscripts, sourceFile } from "../../cli/import/transcripts.ts";
import { normalise } from "../../schema/event/normalise.ts";
import type { StoredEvent } from "../../schema/event/event.ts";
import { apply, createState } from "../../schema/state/apply.ts";
import { strict } from "../../schema/state/testing.ts";
import { allFeatures } from "../../schema/state/select.ts";
import type { ProjectState } from "../../schema/state/state.ts";
import { DEFAULT_INTAKE } from "../../schema/wire/intake.ts";
import type { IntakeContext } from "../../worker/intake/adapter.ts";
import { adaptClaudeCode } from "../../worker/intake/claude-code/hooks.ts";
import { logsAdapter } from "../../worker/intake/otlp/logs.ts";
import { adoptSessions } from "../../worker/room/adopt.ts";
import { createPrice } from "../../worker/intake/price.ts";
import { log, logs } from "../sample/otlp.ts";

const DATA = process.env["CLUSTERFORK_DATA"] ?? join(import.meta.dirname, "../../../shared/data");
const RECORDED = join(DATA, "entire-cli/raw");
const MOST_APART = 0.005;
const sha256Hex = (text: string): string => createHash("sha256").update(text).digest("hex");
const SOURCES = { lines: readLines, peek: readLines, whole: readWhole };
const price = createPrice();

interface Line {
  /** A subagent's line inside its parent's transcript. */
  data?: { message?: Line };
  requestId?: string;
  timestamp?: string;
  sessionId?: string;
  message?: { id?: string; model?: string; usage?: Record<string, number> };
}

/** A few lines were broken when names were masked. */
function lineOf(text: string): Line {
  try {
    const line = JSON.parse(text) as Line;
    return { ...line, ...line.data?.message };
  } catch {
    return {};
  }
}

/** Claude Code's account of itself, as it would have sent it while the recorded sessions ran. */
interface Told {
  /** One `api_request` for each request, with the usage that it came to; one `tool_result` for each call of a tool. */
  logs: OutgoingEvent[];
  /** PostToolUse of the same calls. */
  hooks: OutgoingEvent[];
}

interface Request {
  timestamp: string;
  session: string;
  model: string;
  usage: Record<string, number>;
}

const context: IntakeContext = {
  now_ms: Date.UTC(2026, 10, 22),
  settings: DEFAULT_INTAKE,
  sha256: sha256Hex,
};

function telemetryOf(files: readonly string[], tools: readonly OutgoingEvent[]): Told {
  const requests = new Map<string, Request>();
  for (const file of files) {
    for (const text of gunzipSync(readFileSync(file)).toString().split("\n")) {
      if (text === "") continue;
      const { requestId, timestamp, sessionId, message } = lineOf(text);
      if (requestId === undefined || message?.usage === undefined || message.model === "<synthetic>")
        continue;
      const { usage } = message;
      const before = requests.get(requestId);
      const most = (name: string): number => Math.max(before?.usage[name] ?? 0, usage[name] ?? 0);
      requests.set(requestId, {
        timestamp: timestamp ?? "",
        session: sessionId ?? "",
        model: message.model ?? "",
        usage: Object.fromEntries(
          Object.keys({ ...before?.usage, ...usage }).map((name) => [name, most(name)]),
        ),
      });
    }
  }
  const records = [
    ...Array.from(requests, ([request_id, { timestamp, session, model, usage }]) =>
      log("claude_code.api_request", {
        "event.name": "api_request",
        "event.timestamp": timestamp,
        "session.id": session,
        model,
        request_id,
        input_tokens: usage["input_tokens"] ?? 0,
        cache_read_tokens: usage["cache_read_input_tokens"] ?? 0,
        cache_creation_tokens: usage["cache_creation_input_tokens"] ?? 0,
        output_tokens: usage["output_tokens"] ?? 0,
      }),
    ),
    ...tools.map(({ id, timestamp, session_id, metadata }) =>
      log("claude_code.tool_result", {
        "event.name": "tool_result",
        "event.timestamp": timestamp,
        "session.id": session_id ?? "",
        tool_name: metadata?.["tool"] ?? "",
        tool_use_id: id,
        success: "true",
      }),
    ),
  ].map(({ timeUnixNano: _time, ...record }) => record);
  const hooks = tools.flatMap(
    ({ id, session_id, metadata }) =>
      adaptClaudeCode(
        {
          hook_event_name: "PostToolUse",
          session_id,
          cwd: "/home/me/shop",
          tool_name: metadata?.["tool"],
          tool_use_id: id,
          tool_input: {},
        },
        context,
      ).events,
  );
  return { logs: logsAdapter(logs(records, "claude-code"), context).events, hooks };
}

/** Session → the features that its events were stored under. */
type SessionFeatures = Map<string, Set<string>>;

/** As the room takes them: priced, the first event under an id is stored, under its session's feature. */
function stateOf(
  events: readonly OutgoingEvent[],
  sourceOf: (event: OutgoingEvent) => string = () => "otlp",
): ProjectState & { features_of: SessionFeatures } {
  const state = createState();
  const features_of: SessionFeatures = new Map();
  const stored = new Set<string>();
  for (const event of events) {
    if (stored.has(event.id)) continue;
    stored.add(event.id);
    const options = {
      source: sourceOf(event),
      key_id: "k".repeat(12),
      mintId: () => "none",
      sha256Hex,
      pseudonym: () => "p",
    };
    const taken = normalise(event, options);
    if (!taken.ok) throw new Error(taken.message);
    const fresh = { events: [taken.event], texts: [JSON.stringify(taken.event)] };
    adoptSessions(fresh, state);
    const [adopted] = fresh.texts.map((text) => JSON.parse(text) as typeof taken.event);
    if (adopted === undefined) throw new Error("no event");
    const one: StoredEvent = { ...price(adopted), seq: stored.size, received_at: adopted.timestamp };
    apply(state, one, strict);
    if (one.session_id !== undefined && one.feature_id !== undefined)
      features_of.set(one.session_id, (features_of.get(one.session_id) ?? new Set()).add(one.feature_id));
  }
  return { ...state, features_of };
}

const only = (events: readonly OutgoingEvent[], type: string): OutgoingEvent[] =>
  events.filter(({ event_type }) => event_type === type);
const idsOf = (events: readonly OutgoingEvent[]): string[] => events.map(({ id }) => id).sort();

function alternating(...sources: readonly OutgoingEvent[][]): OutgoingEvent[] {
  const longest = Math.max(...sources.map(({ length }) => length));
  return Array.from({ length: longest }, (_, index) => sources.map((source) => source[index]))
    .flat()
    .filter((one) => one !== undefined);
}

describe.skipIf(!existsSync(RECORDED))("recorded sessions of Claude Code", () => {
  it(
    "[M1] [M2] come to the same work, tokens and cost through telemetry, hooks and transcripts, and all of them",
    { timeout: 60_000 },
    async () => {
      const files = readdirSync(RECORDED)
        .map((name) => join(RECORDED, name))
        .filter((path) => statSync(path).isFile());
      const transcripts = await mapTranscripts(
        "claude-code",
        files.map(sourceFile),
        SOURCES,
        new Tally(),
        Date.UTC(2027, 0, 1),
      );
      const tools = only(transcripts, "tool_called");
      const { logs: telemetry, hooks } = telemetryOf(files, tools);
      const calls = only(telemetry, "tokens_used");
      expect(calls.length).toBeGreaterThan(100);
      // Every call has a request id, every tool an id of its own: nothing is left to guess.
      expect(idsOf(only(transcripts, "tokens_used"))).toEqual(idsOf(calls));
      expect(idsOf(only(telemetry, "tool_called"))).toEqual(idsOf(tools));
      expect(idsOf(only(hooks, "tool_called"))).toEqual(idsOf(tools));

      const alone = stateOf(transcripts);
      expect(alone.usage.priced_usd).toBeGreaterThan(0);
      const orders = [
        telemetry,
        [...telemetry, ...hooks, ...transcripts],
        [...transcripts, ...hooks, ...telemetry],
        alternating(hooks, transcripts, telemetry),
      ];
      for (const events of orders) {
        const { usage, counters } = stateOf(events);
        expect({ ...usage, priced_usd: 0 }).toEqual({ ...alone.usage, priced_usd: 0 });
        expect(Math.abs(usage.priced_usd - alone.usage.priced_usd)).toBeLessThanOrEqual(
          alone.usage.priced_usd * MOST_APART,
        );
        expect(counters.by_type.get("tool_called")).toBe(tools.length);
      }

      // One session has the features that were stored first: those of its transcript, or one of its own.
      const telling = new Set(transcripts);
      const sourceOf = (event: OutgoingEvent) => (telling.has(event) ? "claude-code" : "otlp");
      const hooked = new Set(hooks.map(({ session_id }) => session_id ?? ""));
      const transcripts_first = stateOf([...transcripts, ...hooks, ...telemetry], sourceOf).features_of;
      expect(transcripts_first).toEqual(stateOf(transcripts, () => "claude-code").features_of);
      expect([...transcripts_first.values()].some((ids) => [...ids].some((id) => id.includes("/")))).toBe(
        true,
      );
      for (const live_first of [
        [...telemetry, ...transcripts, ...hooks],
        [...hooks, ...telemetry, ...transcripts],
      ]) {
        const { features_of } = stateOf(live_first, sourceOf);
        for (const session of hooked)
          expect([...(features_of.get(session) ?? [])]).toEqual([`session-${session}`]);
      }

      // One session is one task, and one feature where no branch names another.
      const all = stateOf(orders.flat());
      const sessions = (state: ProjectState): string[] =>
        [...state.open_tasks.keys(), ...state.closed_tasks.keys()].filter((id) => /^session-[^/]*$/.test(id));
      expect(sessions(all).sort()).toEqual(sessions(alone).sort());
      const named = new Set(sessions(all));
      for (const { id } of allFeatures(all)) if (id.startsWith("session-")) expect(named.has(id)).toBe(true);
    },
  );
});
