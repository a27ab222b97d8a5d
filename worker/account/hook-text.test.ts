import { describe, expect, it } from "vitest";
import { hookSecret, isSignedBy, verifyHookTag, writeHook } from "./hook-text.ts";
import { verifyKeyTag } from "./key-text.ts";
import { verifyShareTag } from "./share-text.ts";

const KEY_SECRET = "k".repeat(32);
const HOOK = { project_id: "p00000000000000a", hook_id: "hook00000000" };
const text = writeHook(KEY_SECRET, HOOK);

describe("the text of a hook", () => {
  it("[T3] is ours only as it was made: each other character is refused", () => {
    expect(verifyHookTag(KEY_SECRET, text)).toEqual(HOOK);
    expect(verifyHookTag("x".repeat(32), text)).toBeNull();
    for (let place = 0; place < text.length; place++) {
      const turned = text.slice(0, place) + (text[place] === "0" ? "1" : "0") + text.slice(place + 1);
      expect(verifyHookTag(KEY_SECRET, turned), turned).toBeNull();
    }
    for (const odd of ["", `${text}0`, ` ${text}`, text.toUpperCase(), text.replace("cfh", "cfk")])
      expect(verifyHookTag(KEY_SECRET, odd), odd).toBeNull();
  });

  it("passes for no key and no link", () => {
    expect(verifyKeyTag(KEY_SECRET, text)).toBeNull();
    expect(verifyShareTag(KEY_SECRET, text)).toBeNull();
  });

  it("does not give its secret away", () => {
    const secret = hookSecret(KEY_SECRET, HOOK);
    expect(secret).toMatch(/^[0-9a-f]{64}$/);
    expect(secret).not.toContain(text.split("_").at(-1));
    expect(hookSecret(KEY_SECRET, { ...HOOK, hook_id: "hook00000001" })).not.toBe(secret);
    expect(hookSecret(KEY_SECRET, { ...HOOK, project_id: "p00000000000000b" })).not.toBe(secret);
  });
});

describe("a signature", () => {
  // From GitHub's page "Validating webhook deliveries".
  const secret = "It's a Secret to Everybody";
  const body = new TextEncoder().encode("Hello, World!");
  const good = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";

  it("is GitHub's own", () => expect(isSignedBy(secret, body, good)).toBe(true));

  it("is refused where anything differs", () => {
    expect(isSignedBy(secret, new TextEncoder().encode("Hello, World?"), good)).toBe(false);
    expect(isSignedBy(`${secret}!`, body, good)).toBe(false);
    for (const odd of [
      "",
      "sha256=",
      good.slice(7),
      good.toUpperCase(),
      `${good}0`,
      good.replace("256", "1"),
      `${good} `,
    ])
      expect(isSignedBy(secret, body, odd), odd).toBe(false);
  });
});
