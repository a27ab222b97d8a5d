import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createAlias } from "./alias.ts";

const SECRET = "a secret of 32 characters or more";

describe("createAlias", () => {
  const alias = createAlias(SECRET, "share0000001");

  it("[T2] tells nothing of the name, is the same again, and differs by link and installation", () => {
    const shown = alias("alice");
    expect(shown).toMatch(/^anon-[a-z2-7]{16}$/);
    expect(createAlias(SECRET, "share0000001")("alice")).toBe(shown);
    expect(createAlias(SECRET, "share0000002")("alice")).not.toBe(shown);
    expect(createAlias(`${SECRET}!`, "share0000001")("alice")).not.toBe(shown);
  });

  it("[S2] leaves Clusterfork's own agents alone, and makes no other name one of them", () => {
    expect(alias("clusterfork:alerts")).toBe("clusterfork:alerts");
    expect(alias("clusterfork")).toMatch(/^anon-/);
  });

  it("[S2] is injective, also for what UTF-8 would make one", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (one, two) => {
        if (one !== two) expect(alias(one)).not.toBe(alias(two));
      }),
    );
    expect(alias("\ud800")).not.toBe(alias("\udfff"));
    expect(alias("")).not.toBe(alias("\0"));
  });

  it("stays the same when it has forgotten what it made", () => {
    const [small, before] = [createAlias(SECRET, "s"), createAlias(SECRET, "s")("first")];
    small("first");
    for (let n = 0; n < 20_100; n += 1) small(`name ${n}`);
    expect(small("first")).toBe(before);
  });
});
