import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { checkFormat, formatOf, type Format } from "./detect.ts";

const folder = mkdtempSync(join(tmpdir(), "clusterfork-detect-"));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string, ...records: (object | string)[]): string => {
  const path = join(folder, name);
  writeFileSync(
    path,
    records.map((record) => (typeof record === "string" ? record : JSON.stringify(record))).join("\n"),
  );
  return path;
};

const transcript = file(
  "t.jsonl",
  { type: "mode", mode: "normal" },
  { type: "user", sessionId: "s", message: {} },
);
const beads = file("b.jsonl", { id: "b-1", title: "x", issue_type: "task", status: "open" });
const ledger = file("l.jsonl", { event_type: "closed", issue_id: "b-1", actor: "mayor" });
const own = file("n.ndjson", { event_type: "note", agent_id: "a", timestamp: "2026-01-01T00:00:00Z" });
const codex = file("c.jsonl", { timestamp: "2026-01-01T00:00:00Z", type: "session_meta", payload: {} });
const foreign = file("f.jsonl", { anything: 1 }, "not JSON");

const OTHERS = {
  copilot: { type: "session.start", data: {}, id: "e1", timestamp: "2026-01-01T00:00:00Z", parentId: null },
  gemini: { sessionId: "s", projectHash: "h", messages: [] },
  opencode: { id: "ses_1", projectID: "global", directory: "/home/me/shop" },
  openhands: { id: "1", timestamp: "2026-01-01T00:00:00", source: "agent", kind: "MessageEvent" },
  pi: { type: "session", id: "s", cwd: "/home/me/shop", timestamp: "2026-01-01T00:00:00Z" },
  "swe-agent": { trajectory: [], info: {} },
};

describe("which format a file looks like", () => {
  it("lets right files pass, and those that nobody knows", async () => {
    await checkFormat("claude-code", [transcript]);
    await checkFormat("beads", [beads]);
    await checkFormat("gastown", [beads, ledger]);
    await checkFormat("ndjson", [own]);
    await checkFormat("beads", [foreign]);
    await checkFormat("beads", [ledger, beads]);
    await checkFormat("beads", ["-"]);
  });

  it("names the right format when a wrong one was asked for", async () => {
    await expect(checkFormat("beads", [transcript])).rejects.toThrow(
      /a transcript of Claude Code: try `clusterfork import claude-code/,
    );
    await expect(checkFormat("claude-code", [beads])).rejects.toThrow(/import beads/);
    await expect(checkFormat("ndjson", [ledger])).rejects.toThrow(/import gastown/);
    await expect(checkFormat("claude-code", [codex])).rejects.toThrow(
      /a rollout of Codex: try `clusterfork import codex/,
    );
    for (const [format, record] of Object.entries(OTHERS)) {
      const path = file(`${format}.json`, record);
      await checkFormat(format as Format, [path]);
      await expect(checkFormat("beads", [path])).rejects.toThrow(`import ${format}`);
      expect(await formatOf([path])).toBe(format);
    }
    expect(await formatOf([foreign])).toBeNull();
  });
});
