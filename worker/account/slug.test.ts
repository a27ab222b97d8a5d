import fc from "fast-check";
import { expect, it } from "vitest";
import { freeSlug, slugify } from "./slug.ts";

it.each([
  ["Größe & Söhne GmbH", "grosse-sohne-gmbh"],
  ["  Ça  va? ", "ca-va"],
  ["日本", "team"],
  ["---", "team"],
  ["x".repeat(100), "x".repeat(40)],
  [`${"x".repeat(39)} y`, "x".repeat(39)],
])("makes an address of %j", (name, slug) => {
  expect(slugify(name, "team")).toBe(slug);
});

it("makes of any name what can stand in an address unescaped", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (name) => {
      expect(slugify(name, "team")).toMatch(/^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/);
    }),
  );
});

it("counts up past what is taken, and never gives a reserved word", () => {
  expect(freeSlug("acme", new Set())).toBe("acme");
  expect(freeSlug("acme", new Set(["acme", "acme-2"]))).toBe("acme-3");
  for (const word of [
    "api",
    "v1",
    "s",
    "join",
    "start",
    "sign-in",
    "sign-up",
    "settings",
    "executive",
    "flow",
  ]) {
    expect(freeSlug(word, new Set())).toBe(`${word}-2`);
  }
});
