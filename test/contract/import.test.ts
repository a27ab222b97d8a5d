/** What every reader of transcripts holds to, whichever tool wrote them. */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { readLines, readWhole } from "../../cli/import/lines.ts";
import { Tally } from "../../cli/import/outgoing.ts";
import type { OutgoingEvent } from "../../schema/event/outgoing.ts";
import {
  mapTranscripts,
  sourceFile,
  TRANSCRIPT_TOOLS,
  type TranscriptFormat,
} from "../../cli/import/transcripts.ts";
import { findFiles } from "../../cli/import/walk.ts";
import { normalise } from "../../schema/event/normalise.ts";
import { CANARY, MINIATURES, type Miniature } from "../sample/transcripts.ts";

const scratch = mkdtempSync(join(tmpdir(), "clusterfork-contract-"));
afterAll(() => rmSync(scratch, { recursive: true }));
const LONG_AFTER = Date.UTC(2027, 0, 1);
const sha256Hex = (text: string): string => createHash("sha256").update(text).digest("hex");
const SOURCES = { lines: readLines, peek: readLines, whole: readWhole };
const KINDS = [
  "input_tokens",
  "cache_read_tokens",
  "cache_write_tokens",
  "output_tokens",
  "reasoning_tokens",
];

function lay(files: Record<string, string>, written_ms = Date.UTC(2026, 3, 2)): string {
  const home = mkdtempSync(join(scratch, "home-"));
  for (const [name, content] of Object.entries(files)) {
    const path = join(home, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
    utimesSync(path, written_ms / 1000, written_ms / 1000);
  }
  return home;
}

async function read(
  format: TranscriptFormat,
  paths: string[],
  order: (files: string[]) => string[] = (files) => files,
): Promise<{ events: OutgoingEvent[]; tally: Tally }> {
  const tally = new Tally();
  const files = order(findFiles(paths, TRANSCRIPT_TOOLS[format].isTranscript, tally));
  const events = await mapTranscripts(format, files.map(sourceFile), SOURCES, tally, LONG_AFTER);
  const skipped = [...tally.skipped.values()].reduce((sum, n) => sum + n, 0);
  expect([format, tally.records]).toEqual([format, tally.mapped + skipped]);
  return { events, tally };
}

const idsOf = (events: OutgoingEvent[]): string[] => events.map(({ id }) => id).sort();
const callsOf = (events: OutgoingEvent[]): OutgoingEvent[] =>
  events.filter((one) => one.event_type === "tokens_used");
const sumOf = (events: OutgoingEvent[], name: string): number =>
  callsOf(events).reduce((sum, { metrics }) => sum + (metrics?.[name] ?? 0), 0);

function shuffled<T>(items: readonly T[]): T[] {
  // Every third first, then backwards: no luck, and no line stays where it was.
  return [0, 1, 2].flatMap((rest) => items.filter((_, index) => index % 3 === rest)).reverse();
}

/** The lines of the files in another order; a document has none. */
function linesShuffled({ files }: Miniature): Record<string, string> {
  return Object.fromEntries(
    Object.entries(files).map(([name, content]) =>
      name.endsWith(".jsonl") ? [name, shuffled(content.split("\n")).join("\n")] : [name, content],
    ),
  );
}

describe.each(MINIATURES)("$format", (miniature) => {
  const { format, files, tokens, cost_usd, calls, tools } = miniature;

  it("[M1] tells every call once, with the tokens and the cost that a count of its own finds", async () => {
    const { events } = await read(format, [lay(files)]);
    expect(KINDS.map((kind) => sumOf(events, kind))).toEqual(tokens);
    expect(sumOf(events, "cost_usd")).toBeCloseTo(cost_usd, 10);
    expect(callsOf(events)).toHaveLength(calls);
    expect(events.filter(({ event_type }) => event_type === "tool_called")).toHaveLength(tools);
    for (const { metadata, metrics } of callsOf(events))
      expect(metadata?.["cost_source"]).toBe(metrics?.["cost_usd"] === undefined ? undefined : "reported");
  });

  it("gives events that may enter, in order, under ids of their own", async () => {
    const { events } = await read(format, [lay(files)]);
    for (const event of events) {
      const options = {
        source: format,
        key_id: "k".repeat(12),
        mintId: () => "none",
        sha256Hex,
        pseudonym: () => "p",
      };
      expect(normalise(event, options)).toMatchObject({ ok: true, event: { id: event.id } });
    }
    expect(new Set(idsOf(events)).size).toBe(events.length);
    const times = events.map(({ timestamp }) => Date.parse(timestamp));
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(events.map(({ event_type }) => event_type)).toEqual(
      expect.arrayContaining(["feature_requested", "task_created", "agent_initialized", "tool_called"]),
    );
  });

  it("[L2] gives the same ids again, from another folder, and from copies beside each other", async () => {
    const { events } = await read(format, [lay(files)]);
    expect(idsOf((await read(format, [lay(files)])).events)).toEqual(idsOf(events));
    if (format === "opencode" || format === "openhands") return; // Names of folders are part of what they store.
    const twice = await read(format, [lay(files), lay(files)]);
    expect(KINDS.map((kind) => sumOf(twice.events, kind))).toEqual(tokens);
  });

  it("tells the same whatever the order of files and lines", async () => {
    const { events } = await read(format, [lay(files)]);
    expect(idsOf((await read(format, [lay(files)], shuffled)).events)).toEqual(idsOf(events));
    const mixed = await read(format, [lay(linesShuffled(miniature))]);
    // Where a message is written twice the later one counts, and in Gemini's files nothing else says which that is.
    if (format !== "gemini") expect(idsOf(mixed.events)).toEqual(idsOf(events));
  });

  it("leaves what it understands of files that are cut anywhere", async () => {
    const whole = new Set(idsOf(callsOf((await read(format, [lay(files)])).events)));
    for (const share of [0.15, 0.4, 0.65, 0.9]) {
      const cut = Object.entries(files).map(([name, content]) => [
        name,
        content.slice(0, content.length * share),
      ]);
      const { events } = await read(format, [lay(Object.fromEntries(cut))]);
      // Totals that were not written yet are no calls; those that were keep their names.
      const strange = callsOf(events).filter(({ id }) => !whole.has(id));
      expect(strange.map(({ id }) => id)).toEqual([]);
      for (const kind of KINDS)
        expect(sumOf(events, kind)).toBeLessThanOrEqual(tokens[KINDS.indexOf(kind)] ?? 0);
    }
  });

  it("[P1] sends no text of prompts, answers, commands or outputs", async () => {
    const { events } = await read(format, [lay(files)]);
    expect(Object.values(files).join("")).toContain(CANARY);
    expect(JSON.stringify(events)).not.toContain(CANARY);
  });
});

describe("codex", () => {
  it("[M1] counts a fork's copy of its parent once, also where they are imported one by one", async () => {
    const { files, tokens } = MINIATURES.find(({ format }) => format === "codex") ?? {
      files: {},
      tokens: [],
    };
    const alone: OutgoingEvent[] = [];
    for (const [name, content] of Object.entries(files).reverse())
      alone.push(...callsOf((await read("codex", [lay({ [name]: content })])).events));
    // The server keeps the first event under an id.
    const stored = [...new Map(alone.toReversed().map((event) => [event.id, event])).values()];
    expect(alone.length).toBeGreaterThan(stored.length);
    expect(KINDS.map((kind) => sumOf(stored, kind))).toEqual(tokens);
  });
});

const DATA = process.env["CLUSTERFORK_DATA"] ?? join(import.meta.dirname, "../../../shared/data");
const AGENTS = join(DATA, "agent-sessions-fixtures/stage0/agents");

describe.skipIf(!existsSync(AGENTS))("recorded sessions", () => {
  it.each([
    ["codex", ["codex/schema_drift.jsonl"], { tools: 1, calls: 0 }],
    ["copilot", ["copilot/schema_drift.jsonl"], { tools: 1, calls: 1 }],
    ["gemini", ["gemini/schema_drift.json"], { tools: 0, calls: 0 }],
    ["opencode", ["opencode/storage_legacy"], { tools: 1, calls: 0 }],
    ["claude-code", ["claude/schema_drift.jsonl"], { tools: 1, calls: 0 }],
  ] as const)("%s: what drifted is counted, what is understood is told", async (format, paths, expected) => {
    const { events } = await read(
      format,
      paths.map((path) => join(AGENTS, path)),
    );
    expect(events.filter(({ event_type }) => event_type === "tool_called")).toHaveLength(expected.tools);
    expect(callsOf(events)).toHaveLength(expected.calls);
    expect(events.some(({ event_type }) => event_type === "task_created")).toBe(true);
  });

  it("[M1] pi: every call and its cost as a recount of the lines finds them", async () => {
    const path = join(DATA, "pi-session/large-session.jsonl.gz");
    const { events } = await read("pi", [path]);
    const { gunzipSync } = await import("node:zlib");
    const sums = { input: 0, cacheRead: 0, cacheWrite: 0, output: 0, cost: 0 };
    for (const line of gunzipSync(readFileSync(path))
      .toString()
      .split("\n")
      .filter((one) => one !== "")) {
      const { message } = JSON.parse(line) as {
        message?: { usage?: Record<string, number> & { cost: { total: number } } };
      };
      if (message?.usage === undefined) continue;
      for (const kind of ["input", "cacheRead", "cacheWrite", "output"] as const)
        sums[kind] += message.usage[kind] ?? 0;
      sums.cost += message.usage.cost.total;
    }
    expect(KINDS.slice(0, 4).map((kind) => sumOf(events, kind))).toEqual([
      sums.input,
      sums.cacheRead,
      sums.cacheWrite,
      sums.output,
    ]);
    expect(sumOf(events, "cost_usd")).toBeCloseTo(sums.cost, 6);
  });
});
