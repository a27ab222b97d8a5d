/** Whatever an issue's record holds, each event of it fits: the server refuses one that is too large, and the task would be missing. */
import { expect, it } from "vitest";
import { MAX_EVENT_BYTES } from "../../../schema/event/limits.ts";
import type { OutgoingEvent } from "../../../schema/event/outgoing.ts";
import { parseEvent } from "../../../schema/event/parse.ts";
import { mapBeads } from "../beads.ts";
import { mapGastown } from "../gastown/gastown.ts";
import type { LineOutcome } from "../lines.ts";
import { Tally } from "../outgoing.ts";

async function* lines(record: object): AsyncGenerator<LineOutcome> {
  yield { text: JSON.stringify(record), at: "file:1" };
}
const issue = (more: object): object => ({
  ...{ id: "a", title: "Title", status: "open", issue_type: "task", created_at: "2026-02-01T10:00:00Z" },
  ...more,
});
const ids = (many: number, chars: number): string[] =>
  Array.from({ length: many }, (_, n) => String(n).padEnd(chars, "x"));
const links = (kinds: readonly string[], targets: readonly string[]): object => ({
  dependencies: targets.flatMap((depends_on_id) => kinds.map((type) => ({ depends_on_id, type }))),
});
/** Six bytes as JSON each: the worst that a character can be. */
const worst = (chars: number): string => `a${"\u0001".repeat(chars - 2)}a`;

it.each<[string, object]>([
  ["a label of 70,000 characters", { labels: ["x".repeat(70_000)] }],
  ["a type of 70,000 characters", { issue_type: "x".repeat(70_000) }],
  ["a parent of 70,000 characters", { parent: "x".repeat(70_000) }],
  ["a description of 4,000 characters of three bytes", { description: "語".repeat(4_000) }],
  ["notes of 4,000 characters of three bytes", { notes: "語".repeat(4_000) }],
  [
    "a close reason of 4,000 characters of three bytes",
    { status: "closed", close_reason: "語".repeat(4_000) },
  ],
  ["1,000 long dependencies", links(["blocks"], ids(1_000, 100))],
  [
    "1,000 dependencies in letters of three bytes",
    links(
      ["blocks"],
      ids(1_000, 60).map((id) => id.replaceAll("x", "語")),
    ),
  ],
  ["links of many kinds", links(["a", "b", "c", "d"], ids(200, 100))],
  ["links of 300 kinds", links(ids(300, 10), ["b"])],
  ["a link of a kind of 70,000 characters", links(["x".repeat(70_000)], ["b"])],
  [
    "everything at its limit, in characters of six bytes",
    {
      ...{ title: worst(600), description: worst(5_000), issue_type: worst(200), parent: worst(128) },
      ...{ assignee: worst(128), created_by: worst(128), labels: ids(60, 128).map((id) => worst(100) + id) },
      ...links(["blocks", worst(128), "tracks"], ids(1_000, 100)),
    },
  ],
])("tells of an issue in events that each fit: %s", async (_, more) => {
  for (const map of [mapBeads, mapGastown]) {
    const events = await map(lines(issue(more)), new Tally());
    expect(events[0]?.event_type).toBe("task_created");
    for (const event of events) expect([event.event_type, fits(event)]).toEqual([event.event_type, true]);
  }
});

function fits(event: OutgoingEvent): boolean {
  return parseEvent(event).ok && Buffer.byteLength(JSON.stringify(event)) <= MAX_EVENT_BYTES;
}

it("keeps the first of more dependencies than an event holds, and says so", async () => {
  const tally = new Tally();
  const all = ids(1_000, 100);
  const [created] = await mapBeads(lines(issue(links(["blocks"], all))), tally);
  const kept = created?.metadata?.["dependencies"];
  const count = Array.isArray(kept) ? kept.length : 0;
  expect(count).toBeGreaterThan(250);
  expect(kept).toEqual(all.slice(0, count));
  expect([...tally.notes]).toEqual([["waits for more issues than an event holds; the first are kept", 1]]);
});

it("keeps 1,000 dependencies of names as trackers give them", async () => {
  const all = ids(1_000, 20);
  const [created] = await mapBeads(lines(issue(links(["blocks"], all))), new Tally());
  expect(created?.metadata?.["dependencies"]).toEqual(all);
});
