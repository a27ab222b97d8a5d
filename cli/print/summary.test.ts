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
  expect(words({ first_seq: 2 })).toContain("The project had 1 event already. Work older than it stands");
});

it.each([
  ["the project was empty", { first_seq: 1 }],
  ["it goes on with an import", { resumed: 4 }],
  ["the same was imported before", { duplicates: 4 }],
  ["nothing was new", { first_seq: null, accepted: 0, duplicates: 10 }],
])("says nothing of it where %s", (_, changes) => {
  expect(words(changes)).not.toContain("already. Work");
});
