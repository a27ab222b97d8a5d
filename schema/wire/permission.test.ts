import { expect, it } from "vitest";
import { isAtLeast, may, PERMISSIONS, readRole, ROLES, whoMay, type Permission } from "./permission.ts";

const permissions = Object.keys(PERMISSIONS) as Permission[];

it.each(permissions)("%s: who has it keeps it with every greater role", (permission) => {
  const has = ROLES.map((role) => may(role, permission));
  expect(has).toEqual(has.toSorted((a, b) => Number(a) - Number(b)));
  expect(may("owner", permission)).toBe(true);
});

it("tells roles and permissions apart", () => {
  expect(may("viewer", "project.read")).toBe(true);
  expect(may("viewer", "key.list")).toBe(false);
  expect(may("member", "key.list")).toBe(true);
  expect(may("member", "key.manage")).toBe(false);
  expect(may("admin", "key.manage")).toBe(true);
  expect(may("admin", "team.transfer")).toBe(false);
  expect(isAtLeast("member", "admin")).toBe(false);
});

it("says who may, by the least role", () => {
  expect(whoMay("key.manage")).toBe("Only admins and owners may create and revoke keys.");
  expect(whoMay("team.transfer")).toBe("Only owners may make somebody else the owner.");
  expect(whoMay("key.list")).toBe("Only members, admins and owners may see a project's keys.");
});

it.each([
  ["owner", "owner"],
  ["member,admin", "admin"],
  ["owner, viewer", "owner"],
  ["", null],
  ["guest", null],
  ["owners", null],
  ["guest,viewer", "viewer"],
])("reads the greatest role of %j: %j", (text, role) => {
  expect(readRole(text)).toBe(role);
});
