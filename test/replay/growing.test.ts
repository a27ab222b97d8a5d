/**
 * A transcript is imported while it is being written, cut anywhere: what was
 * sent of it must stand when the whole is imported. The same id with another
 * body would be a conflict (L2), and a stored event never changes.
 */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import { mapClaudeCode } from "../../cli/import/claude-code/claude-code.ts";
import { findTranscripts } from "../../cli/import/claude-code/files.ts";
import { readLines } from "../../cli/import/lines.ts";
import { Tally } from "../../cli/import/outgoing.ts";
import type { OutgoingEvent } from "../../schema/event/outgoing.ts";
import { SOURCES } from "../sample/formats.ts";
import { foldWhole } from "../sample/whole-fold.ts";

const scratch = mkdtempSync(join(tmpdir(), "clusterfork-growing-"));
afterAll(() => rmSync(scratch, { recursive: true }));

const DATA = process.env["CLUSTERFORK_DATA"] ?? join(import.meta.dirname, "../../../shared/data");
const RECORDED = join(DATA, "entire-cli/raw");
const DAY_MS = 86_400_000;

async function mapped(path: string, now_ms: number): Promise<{ events: OutgoingEvent[]; tally: Tally }> {
  const tally = new Tally();
  const files = findTranscripts([path], tally);
  return { events: await mapClaudeCode(files, { open: readLines, peek: readLines }, tally, now_ms), tally };
}

/** The newest clock in the text, ms. */
const newest = (text: string) =>
  Math.max(0, ...Array.from(text.matchAll(/"timestamp":"([^"]+)"/g), ([, at]) => Date.parse(at ?? "")));

interface Transcript {
  name: string;
  text: string;
}
const miniatures: Transcript[] = SOURCES.filter(({ format }) => format === "claude-code").flatMap(
  ({ files }) =>
    Object.entries(files)
      .filter(([name]) => !name.includes("subagents"))
      .slice(0, 2)
      .map(([name, text]) => ({ name: basename(name), text })),
);
const recorded: Transcript[] = existsSync(RECORDED)
  ? readdirSync(RECORDED).map((name) => ({
      name: name.replace(".gz", ""),
      text: gunzipSync(readFileSync(join(RECORDED, name))).toString(),
    }))
  : [];

/** What became of the work, whatever the order in which the log heard of it. */
function outcomeOf(events: readonly OutgoingEvent[]): unknown {
  const received_at = new Date().toISOString();
  const { tasks, features, agents, state } = foldWhole(
    events.map((event, index) => ({
      ...event,
      received_at,
      source: "claude-code",
      key_id: "k",
      v: 1,
      seq: index + 1,
    })),
  );
  const byId = <T extends { id: string }>(entities: Map<string, T>, pick: (entity: T) => unknown) =>
    Object.fromEntries(Array.from(entities.values(), (entity) => [entity.id, pick(entity)]));
  return {
    usage: state.usage,
    tasks: byId(
      tasks,
      ({ title, status, assignee, dependencies, files, tests_passed, tests_failed, usage }) => [
        [title, status, assignee, dependencies, files.toSorted()],
        [tests_passed, tests_failed, usage],
      ],
    ),
    features: byId(features, ({ title, status, usage }) => [title, status, usage]),
    agents: byId(agents, ({ role, model, tasks_completed, usage }) => [role, model, tasks_completed, usage]),
  };
}

/** Where the file ends at some moment: at each line's end and in its middle, for long ones at some of them. */
function cutsOf(text: string): number[] {
  const cuts: number[] = [];
  for (let end = text.indexOf("\n"), start = 0; end !== -1; start = end, end = text.indexOf("\n", end + 1))
    cuts.push(Math.floor((start + end) / 2), end);
  const step = Math.max(1, Math.floor(cuts.length / 40));
  return cuts.filter((_, index) => index % step === 0);
}

describe.each([...miniatures, ...recorded])("[L2] $name, imported while it is written", ({ name, text }) => {
  it("sends nothing that the whole of it takes back", { timeout: 120_000 }, async () => {
    const path = join(scratch, name, "p", name);
    mkdirSync(dirname(path), { recursive: true });
    const sent = new Map<string, string>();
    const changed = new Set<string>();
    const take = async (content: string, now_ms: number) => {
      writeFileSync(path, content);
      const { events, tally } = await mapped(path, now_ms);
      for (const event of events) {
        const body = JSON.stringify(event);
        const before = sent.get(event.id);
        if (before !== undefined && before !== body) changed.add(`${before}\n${body}`);
        sent.set(event.id, body);
      }
      return { events, tally };
    };
    let cut_lines = 0;
    for (const cut of cutsOf(text)) {
      const part = text.slice(0, cut);
      // Somebody imports a second after the last line that stands there.
      const { tally } = await take(part, newest(part) + 1_000);
      cut_lines += tally.skipped.get("not JSON (a line cut off, or a merge conflict)") ?? 0;
    }
    const { events } = await take(text, newest(text) + 2 * DAY_MS);
    expect(cut_lines).toBeGreaterThan(0);
    expect([...changed].slice(0, 3)).toEqual([]);
    // And nothing more: an agent met before its first answer is told again, with its model.
    const whole = new Set(events.map(({ id }) => id));
    const only_early = [...sent]
      .filter(([id]) => !whole.has(id))
      .map(([, body]) => JSON.parse(body) as OutgoingEvent);
    expect(
      only_early.filter((event) => event.event_type !== "agent_initialized" || event.metadata?.["model"]),
    ).toEqual([]);
    expect(outcomeOf([...sent.values()].map((body) => JSON.parse(body) as OutgoingEvent))).toEqual(
      outcomeOf(events),
    );
  });
});
