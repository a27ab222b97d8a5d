/** The readers of foreign JSON over arbitrary lines: each gives an answer for every line, and none throws. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readRecord } from "./claude-code/record.ts";
import { cut, parseObject, type JsonObject } from "./json-field.ts";
import type { LineOutcome } from "./lines.ts";
import { mapNdjson } from "./ndjson.ts";
import { Tally } from "./outgoing.ts";

async function* linesOf(texts: readonly string[]): AsyncGenerator<LineOutcome> {
  for (const [index, text] of texts.entries()) yield { text, at: `file:${index + 1}` };
}

async function mapped(texts: readonly string[]) {
  const tally = new Tally();
  const events = [];
  for await (const event of mapNdjson([linesOf(texts)], tally)) events.push(event);
  const skipped = [...tally.skipped.values()].reduce((sum, count) => sum + count, 0);
  return { events, tally, skipped };
}

const line = fc.oneof(
  fc.json(),
  fc.string({ unit: "binary" }),
  fc.json().map((text) => text.slice(0, -1)),
  fc
    .record({ timestamp: fc.jsonValue(), event_type: fc.jsonValue(), agent_id: fc.jsonValue() })
    .map((event) => JSON.stringify(event)),
);

describe("ndjson", () => {
  it("gives each line a fate: an event, or why it is none", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(line), async (texts) => {
        const { events, tally, skipped } = await mapped(texts);
        expect(tally.records).toBe(texts.length);
        expect(events.length + skipped).toBe(texts.length);
        expect(tally.mapped).toBe(events.length);
      }),
    );
  });

  it.each(['{"toString":1,"valueOf":1}', '[{"toString":"","valueOf":""}]'])(
    "hands on a timestamp that no text can be made of (%s), for the server to refuse",
    async (timestamp) => {
      const other = '{"id":"b","timestamp":"2026-11-20T09:00:00Z"}';
      const { events } = await mapped([`{"id":"a","timestamp":${timestamp}}`, other]);
      expect(events.map(({ id }) => id)).toEqual(["a", "b"]);
    },
  );

  it("skips a line that is nested deeper than anybody's stack, and goes on", async () => {
    const deep = `{"metadata":${"[".repeat(200_000)}${"]".repeat(200_000)}}`;
    const { events, tally } = await mapped([deep, '{"id":"a"}']);
    expect(events).toEqual([{ id: "a" }]);
    expect([...tally.skipped.keys()]).toEqual(["nested deeper than 32 levels"]);
  });
});

it("reads an object, or says that it is none; and cuts no character in half", () => {
  fc.assert(
    fc.property(line, fc.nat(20), (text, limit) => {
      const read = parseObject(text);
      if (typeof read !== "string") expect(read).toEqual(JSON.parse(text));
      expect(cut(text.toWellFormed(), limit + 1).isWellFormed()).toBe(true);
      expect(cut(text, limit + 1).length).toBeLessThanOrEqual(limit + 1);
    }),
  );
});

describe("a line of a transcript", () => {
  const type = fc.constantFrom(
    "user",
    "assistant",
    "system",
    "progress",
    "summary",
    "custom-title",
    "mode",
    "__proto__",
    "new-type",
  );
  const block = fc.record(
    {
      type: fc.constantFrom("text", "tool_use", "tool_result", "thinking", "image", "odd"),
      text: fc.jsonValue(),
      id: fc.jsonValue(),
      tool_use_id: fc.jsonValue(),
      name: fc.jsonValue(),
      input: fc.jsonValue(),
      content: fc.jsonValue(),
      is_error: fc.jsonValue(),
    },
    { requiredKeys: ["type"] },
  );
  const message = fc.oneof(
    fc.jsonValue(),
    fc.record(
      {
        id: fc.jsonValue(),
        role: fc.jsonValue(),
        model: fc.jsonValue(),
        content: fc.oneof(fc.jsonValue(), fc.array(block, { maxLength: 4 })),
        usage: fc.oneof(
          fc.jsonValue(),
          fc.dictionary(fc.constantFrom("input_tokens", "output_tokens"), fc.jsonValue()),
        ),
      },
      { requiredKeys: [] },
    ),
  );
  const raw = fc.record(
    {
      type,
      timestamp: fc.oneof(fc.constant("2026-11-22T12:00:00Z"), fc.jsonValue()),
      uuid: fc.jsonValue(),
      message,
      toolUseResult: fc.jsonValue(),
      subtype: fc.jsonValue(),
      content: fc.jsonValue(),
      customTitle: fc.jsonValue(),
      data: fc.oneof(
        fc.jsonValue(),
        fc.record({
          type: fc.constant("agent_progress"),
          agentId: fc.jsonValue(),
          message: fc.record({ type, message, timestamp: fc.jsonValue() }),
        }),
      ),
    },
    { requiredKeys: ["type"] },
  );

  it("is a record, a title or skipped with a reason, whatever its fields hold", () => {
    const kinds = new Set<string>();
    fc.assert(
      fc.property(raw, (fields) => {
        // Through JSON, as it comes.
        const read = readRecord(JSON.parse(JSON.stringify(fields)) as JsonObject, "file:1");
        kinds.add(Object.keys(read).join());
        if ("skipped" in read) expect(read.skipped).not.toBe("");
      }),
      { numRuns: 2_000 },
    );
    expect([...kinds].sort()).toEqual(["record", "skipped", "title"]);
  });

  it("does not follow progress that wraps itself", () => {
    const wraps = 50_000;
    const text = `${'{"type":"progress","data":{"type":"agent_progress","message":'.repeat(wraps)}{}${"}}".repeat(wraps)}`;
    expect(readRecord(JSON.parse(text) as JsonObject, "file:1")).toEqual({
      skipped: 'nothing to tell in "progress"',
    });
  });
});
