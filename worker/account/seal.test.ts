import { expect, it } from "vitest";
import { seal, unseal } from "./seal.ts";

const SECRET = "key-secret-of-the-tests-0123456789abcdef";

it("opens where it belongs, and says nothing by its looks", async () => {
  const sealed = await seal(SECRET, "p1 forward", "cfk_secret");
  expect(await unseal(SECRET, "p1 forward", sealed)).toBe("cfk_secret");
  expect(sealed).not.toContain("secret");
  expect(await seal(SECRET, "p1 forward", "cfk_secret")).not.toBe(sealed);
});

it("[P1] stays shut in another project's row, under another secret, changed or cut", async () => {
  const sealed = await seal(SECRET, "p1 forward", "cfk_secret");
  expect(await unseal(SECRET, "p2 forward", sealed)).toBeNull();
  expect(await unseal(`${SECRET}x`, "p1 forward", sealed)).toBeNull();
  expect(await unseal(SECRET, "p1 forward", sealed.slice(0, -4))).toBeNull();
  const at = sealed.length - 8;
  const changed = sealed.slice(0, at) + (sealed[at] === "A" ? "B" : "A") + sealed.slice(at + 1);
  expect(await unseal(SECRET, "p1 forward", changed)).toBeNull();
  for (const text of ["", "v1", "v1.!.!", "v2.AAAA.AAAA"])
    expect(await unseal(SECRET, "p1 forward", text)).toBeNull();
});
