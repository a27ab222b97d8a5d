import { expect, it } from "vitest";
import { isOfTeam, speakerOfKey } from "./crew.ts";

it("counts to the team neither Clusterfork's own voices nor keys that name no agent", () => {
  expect(["coder-a", "key-holder", "key-", "anon-7"].every(isOfTeam)).toBe(true);
  expect([speakerOfKey("maksg363cuy8"), "clusterfork:budget"].some(isOfTeam)).toBe(false);
});
