/** Red: what crafted issues hold that the server then refuses, so that the task or its review is missing, or the whole import ends. */
import { expect, it } from "vitest";
import { MAX_BODY_BYTES } from "../../schema/event/limits.ts";
import type { AppendResponse } from "../../schema/wire/http.ts";
import { parseEvent } from "../../schema/event/parse.ts";
import { mapBeads } from "./beads.ts";
import { deliver } from "./deliver.ts";
import { mapGastown } from "./gastown/gastown.ts";
import type { LineOutcome } from "./lines.ts";
import { Tally } from "./outgoing.ts";

async function* lines(...records: object[]): AsyncGenerator<LineOutcome> {
  for (const [index, record] of records.entries())
    yield { text: JSON.stringify(record), at: `file:${index + 1}` };
}
const issue = (id: string, more: object = {}): object => ({
  ...{ id, title: `Title of ${id}`, status: "open", priority: 2, issue_type: "task" },
  ...{ created_at: "2026-02-01T10:00:00Z", updated_at: "2026-02-01T12:00:00Z" },
  ...more,
});
const ids = (many: number, chars: number): string[] =>
  Array.from({ length: many }, (_, n) => String(n).padEnd(chars, "x"));

it.each([
  ["a label of 70,000 characters", { labels: ["x".repeat(70_000)] }],
  ["a type of 70,000 characters", { issue_type: "x".repeat(70_000) }],
  ["a parent of 70,000 characters", { parent: "x".repeat(70_000) }],
  ["a description of 4,000 characters of three bytes", { description: "語".repeat(4_000) }],
  ["notes of 4,000 characters of three bytes", { notes: "語".repeat(4_000) }],
  [
    "a close reason of 4,000 characters of three bytes",
    { status: "closed", close_reason: "語".repeat(4_000) },
  ],
  [
    "1,000 long dependencies",
    { dependencies: ids(1_000, 100).map((depends_on_id) => ({ depends_on_id, type: "blocks" })) },
  ],
  [
    "links of many kinds",
    {
      dependencies: ids(200, 100).flatMap((depends_on_id) =>
        ["a", "b", "c", "d"].map((type) => ({ depends_on_id, type })),
      ),
    },
  ],
])("sends nothing that is refused: %s", async (_, more) => {
  for (const map of [mapBeads, mapGastown])
    for (const event of await map(lines(issue("a", more)), new Tally()))
      expect([event.event_type, parseEvent(event)]).toMatchObject([event.event_type, { ok: true }]);
});

it.each([
  ["Clusterfork's own", "clusterfork:alerts"],
  ["a long one", "x".repeat(300)],
])("names the worker of a merge request as any other agent: %s", async (_, worker) => {
  const request = issue("mr", {
    ...{ issue_type: "merge-request", title: "Merge: a" },
    description: `source_issue: a\nbranch: b\nworker: ${worker}`,
  });
  for (const map of [mapBeads, mapGastown])
    for (const event of await map(lines(issue("a"), request), new Tally()))
      expect([event.event_type, parseEvent(event)]).toMatchObject([event.event_type, { ok: true }]);
});

it("ends no import for one issue that is larger than a request may be", async () => {
  const events = await mapBeads(
    lines(issue("a", { labels: ["x".repeat(2_000_000)] }), issue("b")),
    new Tally(),
  );
  const told: string[] = [];
  await deliver(events, {
    // As the server: 413 for the body as a whole, which the client throws (cli/client/transport.ts).
    post: (sent) => {
      if (Buffer.byteLength(sent.join("\n")) > MAX_BODY_BYTES) throw new Error("413 too_large");
      told.push(...sent);
      return Promise.resolve({ accepted: sent.length, duplicates: 0, first_seq: 1 } as AppendResponse);
    },
    ...{ batch_events: 1_000, skip: 0, onBatch: () => undefined },
  });
  expect(told.join("\n")).toContain('"task_id":"b"');
});
