import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import type { AppendResponse } from "../../schema/wire/http.ts";
import { UserError } from "../command/user-error.ts";
import { openCheckpoint } from "./checkpoint.ts";
import { deliver } from "./deliver.ts";
import { expandPaths, readLines, type LineOutcome } from "./lines.ts";
import { mapNdjson } from "./ndjson.ts";
import { Tally } from "./outgoing.ts";
import type { OutgoingEvent } from "../../schema/event/outgoing.ts";

const folder = mkdtempSync(join(tmpdir(), "clusterfork-import-"));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string, content: string | Buffer): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};
async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const out: T[] = [];
  for await (const item of items) out.push(item);
  return out;
}
const texts = (outcomes: LineOutcome[]): string[] =>
  outcomes.map((line) => ("text" in line ? line.text : line.skipped));

describe("lines", () => {
  it("reads plain and gzipped files alike, whatever their names", async () => {
    const content = "one\n\ntwo\r\nthree";
    expect(texts(await collect(readLines(file("a.jsonl", content))))).toEqual(["one", "two", "three"]);
    expect(texts(await collect(readLines(file("b.jsonl", gzipSync(content)))))).toEqual([
      "one",
      "two",
      "three",
    ]);
    expect(await collect(readLines(file("empty.jsonl", "")))).toEqual([]);
  });

  it("keeps characters whole that lie across chunks", async () => {
    const line = "🙂".repeat(50_000);
    expect(texts(await collect(readLines(file("long.jsonl", `${line}\nend`))))).toEqual([line, "end"]);
  });

  it("says what is wrong with a gzip that is cut, a missing file, an empty folder", async () => {
    const cut = file("cut.gz", gzipSync("x".repeat(10_000)).subarray(0, 30));
    await expect(collect(readLines(cut))).rejects.toThrow(/damaged or cut gzip/);
    expect(() => expandPaths([join(folder, "none")])).toThrow(UserError);
    const empty = mkdtempSync(join(folder, "empty-"));
    expect(() => expandPaths([empty])).toThrow(/holds no \.jsonl/);
  });
});

describe("ndjson", () => {
  const event = (more: object): string =>
    JSON.stringify({ timestamp: "2026-01-01T00:00:00Z", event_type: "note", agent_id: "a", ...more });
  const read = async (...contents: string[]): Promise<[OutgoingEvent[], Tally]> => {
    const tally = new Tally();
    const files = contents.map((content, index) => readLines(file(`n${index}.jsonl`, content)));
    return [await collect(mapNdjson(files, tally)), tally];
  };

  it("gives equal lines without ids separate ids, the same on every import", async () => {
    const content = [event({}), event({}), event({ agent_id: "b" })].join("\n");
    const [first] = await read(content);
    const [second] = await read(content);
    expect(new Set(first.map(({ id }) => id)).size).toBe(3);
    expect(second.map(({ id }) => id)).toEqual(first.map(({ id }) => id));
  });

  it("takes an export back: the server's own fields come off", async () => {
    const stored = { id: "x", seq: 4, received_at: "2026-01-01T00:00:01Z", source: "api", key_id: "k", v: 1 };
    const chain = ['{"clusterfork":"export","v":1}', '{"clusterfork":"end","seq":1}'];
    const [[only, ...more], tally] = await read([chain[0], event(stored), chain[1]].join("\n"));
    expect(more).toEqual([]);
    expect([...tally.skipped.values()]).toEqual([2]);
    expect(Object.keys(only ?? {}).sort()).toEqual(["agent_id", "event_type", "id", "timestamp"]);
  });

  it("merges files by time and counts what is no event", async () => {
    const at = (second: number): string =>
      event({ id: `t${second}`, timestamp: `2026-01-01T00:00:0${second}Z` });
    const [events, tally] = await read([at(1), at(4)].join("\n"), [at(2), "{cut", "7", at(3)].join("\n"));
    expect(events.map(({ id }) => id)).toEqual(["t1", "t2", "t3", "t4"]);
    expect(tally.skipped.size).toBe(2);
  });
});

describe("delivery", () => {
  const events = (count: number, size = 10): OutgoingEvent[] =>
    Array.from({ length: count }, (_, index) => ({
      id: `e${index}`,
      timestamp: "2026-01-01T00:00:00Z",
      event_type: "note",
      agent_id: "a",
      metadata: { text: "x".repeat(size) },
    }));
  const answer = (lines: string[]): AppendResponse => ({
    accepted: lines.length,
    duplicates: 0,
    first_seq: 1,
    last_seq: lines.length,
  });

  it("keeps batches below both limits and in order", async () => {
    const batches: string[][] = [];
    const total = await deliver(events(40, 50_000), {
      batch_events: 30,
      skip: 0,
      onBatch: () => undefined,
      post: (lines) => {
        batches.push(lines);
        return Promise.resolve(answer(lines));
      },
    });
    expect(total.accepted).toBe(40);
    expect(batches.flat().map((line) => (JSON.parse(line) as OutgoingEvent).id)).toEqual(
      events(40).map(({ id }) => id),
    );
    for (const lines of batches) expect(Buffer.byteLength(lines.join("\n"))).toBeLessThan(1024 * 1024);
  });

  it("goes on where an interrupted run stopped", async () => {
    const source = file("resume.jsonl", "x");
    const connection = { url: "http://localhost:1", key: "cfk_p1_k_s_t" };
    const env = { XDG_STATE_HOME: folder };
    const run = async (fail_after: number): Promise<string[]> => {
      const checkpoint = openCheckpoint("ndjson", [source], connection, env);
      const seen: string[] = [];
      await deliver(events(10), {
        batch_events: 2,
        skip: checkpoint.sent,
        onBatch: (total) => checkpoint.save(total.sent),
        post: (lines) => {
          if (seen.length >= fail_after) return Promise.reject(new Error("cut off"));
          seen.push(...lines.map((line) => (JSON.parse(line) as OutgoingEvent).id));
          return Promise.resolve(answer(lines));
        },
      }).catch(() => undefined);
      return seen;
    };
    expect(await run(4)).toEqual(["e0", "e1", "e2", "e3"]);
    expect(await run(100)).toEqual(["e4", "e5", "e6", "e7", "e8", "e9"]);
    const other = openCheckpoint("ndjson", [source], { ...connection, key: "cfk_p2_k_s_t" }, env);
    expect(other.sent).toBe(0);
  });
});
