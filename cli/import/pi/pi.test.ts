import { expect, it } from "vitest";
import type { LineOutcome } from "../lines.ts";
import { Tally } from "../outgoing.ts";
import { mapTranscripts } from "../transcripts.ts";

/** A session of one answer. */
function session(id: string, responseId: string): string[] {
  const at = (second: number) => `2026-02-01T10:00:0${second}.000Z`;
  const usage = { input: 10, output: 5, cacheRead: 0, cacheWrite: 0 };
  return [
    { type: "session", version: 3, id, timestamp: at(0), cwd: "/home/a" },
    { type: "message", id: `${id}-1`, timestamp: at(1), message: { role: "user", content: "x" } },
    {
      type: "message",
      id: `${id}-2`,
      parentId: `${id}-1`,
      timestamp: at(2),
      message: { role: "assistant", content: [], model: "llama", responseId, usage, stopReason: "stop" },
    },
  ].map((line) => JSON.stringify(line));
}

async function idOf(name: string, responseId: string): Promise<string | undefined> {
  const lines = async function* (path: string): AsyncGenerator<LineOutcome> {
    for (const [index, text] of session(name, responseId).entries())
      yield { text, at: `${path}:${index + 1}` };
  };
  const whole = () => Promise.resolve({ skipped: "not read", at: "" });
  const files = [{ path: `${name}.jsonl`, modified_ms: 0 }];
  const sources = { lines, peek: lines, whole };
  const events = await mapTranscripts("pi", files, sources, new Tally(), Date.UTC(2026, 5, 1));
  return events.find(({ event_type }) => event_type === "tokens_used")?.id;
}

it("[M1] names a call by the provider's id, and not by one that a local server gives to many", async () => {
  expect(await idOf("s1", "msg_0123456789abcdef")).toBe("msg_0123456789abcdef");
  const [one, other] = [await idOf("s1", "chatcmpl-123"), await idOf("s2", "chatcmpl-123")];
  expect(one).toBeDefined();
  expect(one).not.toBe(other);
});
