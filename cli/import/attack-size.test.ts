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
