/**
 * The same work seen twice: by Claude Code's telemetry while it happened, and by
 * its transcripts afterwards. The provider's request id decides, so that whichever
 * comes first, and however they are mixed, every call counts once (M1).
 */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { readLines, readWhole } from "../../cli/import/lines.ts";
import { Tally, type OutgoingEvent } from "../../cli/import/outgoing.ts";
import { mapTranscripts, sourceFile } from "../../cli/import/transcripts.ts";
import { normalise } from "../../schema/event/normalise.ts";
import type { StoredEvent } from "../../schema/event/event.ts";
import { addCall, createUsage } from "../../schema/state/usage.ts";
import type { Usage } from "../../schema/state/state.ts";
import { createPrice } from "../../worker/intake/price.ts";

const DATA = process.env["CLUSTERFORK_DATA"] ?? join(import.meta.dirname, "../../../shared/data");
const RECORDED = join(DATA, "entire-cli/raw");
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

/**
 * What `claude_code.api_request` says of the recorded calls: one record for each
 * request, with the usage that it came to, and the names of that telemetry.
 */
function telemetryOf(files: readonly string[]): OutgoingEvent[] {
  const requests = new Map<string, OutgoingEvent>();
  for (const file of files) {
    for (const text of gunzipSync(readFileSync(file)).toString().split("\n")) {
      if (text === "") continue;
      const { requestId, timestamp, sessionId, message } = lineOf(text);
      if (requestId === undefined || message?.usage === undefined || message.model === "<synthetic>")
        continue;
      const { usage } = message;
      const before = requests.get(requestId)?.metrics ?? {};
      const most = (name: string, theirs: string): number => Math.max(before[name] ?? 0, usage[theirs] ?? 0);
      requests.set(requestId, {
        id: requestId,
        timestamp: timestamp ?? "",
        event_type: "tokens_used",
        agent_id: "claude-code",
        session_id: sessionId ?? "",
        metadata: { model: message.model ?? "", provider: "anthropic", operation: "chat" },
        metrics: {
          input_tokens: most("input_tokens", "input_tokens"),
          cache_read_tokens: most("cache_read_tokens", "cache_read_input_tokens"),
          cache_write_tokens: most("cache_write_tokens", "cache_creation_input_tokens"),
          output_tokens: most("output_tokens", "output_tokens"),
        },
      });
    }
  }
  return [...requests.values()];
}

/** As the room takes them: priced, the first event under an id is the one that is stored. */
function usageOf(events: readonly OutgoingEvent[]): Usage {
  const usage = createUsage();
  const stored = new Set<string>();
  for (const event of events) {
    if (event.event_type !== "tokens_used" || stored.has(event.id)) continue;
    stored.add(event.id);
    const options = {
      source: "otlp",
      key_id: "k".repeat(12),
      mintId: () => "none",
      sha256Hex,
      pseudonym: () => "p",
    };
    const taken = normalise(event, options);
    if (!taken.ok) throw new Error(taken.message);
    const one: StoredEvent = { ...price(taken.event), seq: stored.size, received_at: taken.event.timestamp };
    addCall(usage, one);
  }
  return usage;
}

describe.skipIf(!existsSync(RECORDED))("recorded sessions of Claude Code", () => {
  it("[M1] [M2] come to the same tokens and cost through either source, and through both", async () => {
    const files = readdirSync(RECORDED)
      .map((name) => join(RECORDED, name))
      .filter((path) => statSync(path).isFile());
    const told = await mapTranscripts(
      "claude-code",
      files.map(sourceFile),
      SOURCES,
      new Tally(),
      Date.UTC(2027, 0, 1),
    );
    const transcripts = told.filter(({ event_type }) => event_type === "tokens_used");
    const telemetry = telemetryOf(files);
    expect(telemetry.length).toBeGreaterThan(100);
    // Every call of the transcripts has a request id there: nothing is left to guess.
    expect(transcripts.map(({ id }) => id).sort()).toEqual(telemetry.map(({ id }) => id).sort());

    const alone = usageOf(transcripts);
    const mixed = transcripts
      .flatMap((event, index) => [telemetry[index], event])
      .filter((one) => one !== undefined);
    for (const both of [[...telemetry, ...transcripts], [...transcripts, ...telemetry], mixed, telemetry]) {
      const usage = usageOf(both);
      expect({ ...usage, priced_usd: 0 }).toEqual({ ...alone, priced_usd: 0 });
      expect(Math.abs(usage.priced_usd - alone.priced_usd)).toBeLessThanOrEqual(alone.priced_usd * 1e-9);
    }
    expect(alone.priced_usd).toBeGreaterThan(0);
  });
});
