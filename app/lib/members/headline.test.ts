import { expect, it } from "vitest";
import { headlineOf, textOf } from "../headline/headline.ts";
import { MEMBER_TABLE, memberNumbers } from "./headline.ts";

it("says who sees the projects, and who owns them", () => {
  const said = (...roles: ("owner" | "member")[]) =>
    textOf(headlineOf(MEMBER_TABLE, memberNumbers(roles.map((role) => ({ role })))));
  expect(said("owner")).toBe("You alone see the projects of this team. Invite somebody.");
  expect(said("owner", "member", "member")).toBe(
    "Three people see every project of this team; one of them owns it.",
  );
  expect(said("owner", "owner")).toBe("Two people see every project of this team; two of them own it.");
});
