import { expect, it } from "vitest";
import type { Delivery } from "../import/deliver.ts";
import { Tally } from "../import/outgoing.ts";
import { summarise } from "./summary.ts";

const delivery: Delivery = {
  sent: 10,
  resumed: 0,
  accepted: 10,
  duplicates: 0,
  conflicts: 0,
  rejected: 0,
  first_seq: 3,
  refusals: [],
};
const words = (changes: Partial<Delivery>) =>
  summarise({ format: "beads", tally: new Tally(), delivery: { ...delivery, ...changes }, seconds: 1 });

it("says what the time slider makes of a history that comes after other events", () => {
  expect(words({})).toContain("The project had 2 events already.");
  expect(words({ first_seq: 2 })).toContain(
    "The project had 1 event already. Work older than the newest that senders told before stands",
  );
});

it.each([
  ["the project was empty", { first_seq: 1 }],
  ["it goes on with an import", { resumed: 4 }],
  ["the same was imported before", { duplicates: 4 }],
  ["nothing was new", { first_seq: null, accepted: 0, duplicates: 10 }],
])("says nothing of it where %s", (_, changes) => {
  expect(words(changes)).not.toContain("already. Work");
});

it("[P2] takes what steers a terminal out of reasons, which quote the file", () => {
  const tally = new Tally();
  tally.skip('type "\u001b]0;pwned\u0007" is not known', "a:1");
  const said = summarise({ format: "pi", tally, delivery: null, seconds: 1 });
  expect(said).toContain('skipped 1: type "]0;pwned" is not known (a:1)');
});

it("gathers the kinds of records that hold nothing to tell, the most frequent first", () => {
  const tally = new Tally();
  tally.skip("not JSON", "a:9");
  for (const kind of ["g", "f", "e", "d", "c", "b", "a"]) tally.skip(`nothing to tell in "${kind}"`, "a:1");
  tally.skip('nothing to tell in "a"', "a:2");
  const said = summarise({ format: "codex", tally, delivery: null, seconds: 1 });
  expect(said.split("\n").slice(1)).toEqual([
    "  skipped 1: not JSON (a:9)",
    '  skipped 8: nothing to tell in "a" (2), "g" (1), "f" (1), "e" (1), "d" (1), "c" (1), 1 kind more',
  ]);
});
