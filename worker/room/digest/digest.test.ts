import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { OneByOne } from "./digest.ts";
import { LONG_BYTES, openLanes } from "./lanes.ts";
import { messagesOf } from "./message.ts";
import { SALT_BYTES } from "./salt.ts";

const lanes = openLanes();
if (lanes === null) throw new Error("Node has WebAssembly");

function native(text: string, salts: Uint8Array | null, place: number): string {
  const digest = createHash("sha256");
  if (salts !== null) digest.update(salts.subarray(place * SALT_BYTES, (place + 1) * SALT_BYTES));
  return digest.update(new TextEncoder().encode(text)).digest("hex");
}

/** FIPS 180-4's own examples, as NIST publishes them (SHA256.pdf, and SHA256ShortMsg.rsp for the empty one). */
const EXAMPLES = [
  ["", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"],
  ["abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"],
  [
    "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
    "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
  ],
  [
    "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
    "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1",
  ],
] as const;

describe.each([
  ["in lanes", lanes],
  ["one by one", new OneByOne()],
] as const)("SHA-256 of many texts, %s", (_, digests) => {
  const digest = (texts: readonly string[], salts: Uint8Array | null): string[] => {
    const out = Buffer.alloc(texts.length * 32);
    digests.digest(messagesOf(texts), salts, out);
    return texts.map((__, i) => out.subarray(i * 32, (i + 1) * 32).toString("hex"));
  };

  it("[L5] gives what NIST gives", () => {
    expect(
      digest(
        EXAMPLES.map(([text]) => text),
        null,
      ),
    ).toEqual(EXAMPLES.map(([, hash]) => hash));
    expect(digest(["a".repeat(1_000_000)], null)).toEqual([
      "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0",
    ]);
  });

  it("[L5] agrees with the native digest at every length around the blocks, alone and beside others", () => {
    const texts = Array.from({ length: 300 }, (__, length) => "abcdefghij".repeat(30).slice(0, length));
    expect(digest(texts, null)).toEqual(texts.map((text, i) => native(text, null, i)));
    for (const text of texts) expect(digest([text], null)).toEqual([native(text, null, 0)]);
  });

  it("[L5] agrees with the native digest whatever the texts, with salts and without", () => {
    const text = fc.oneof(
      fc.string({ unit: "binary", maxLength: 200 }),
      fc.string({ unit: fc.constantFrom("\0", "a", "é", "\u{1f600}", "\ud800", "\n"), maxLength: 900 }),
      fc.nat(LONG_BYTES + 300).map((length) => "x".repeat(length)),
    );
    fc.assert(
      fc.property(
        fc.array(text, { maxLength: 40 }),
        fc.infiniteStream(fc.nat(255)),
        fc.boolean(),
        (texts, bytes, salted) => {
          const salts = salted
            ? Uint8Array.from({ length: texts.length * SALT_BYTES }, () => bytes.next().value ?? 0)
            : null;
          expect(digest(texts, salts)).toEqual(texts.map((one, i) => native(one, salts, i)));
        },
      ),
      { numRuns: 300 },
    );
  });

  it("[L5] takes more than its memory holds at once, and is the same after it", () => {
    const texts = Array.from({ length: 2_000 }, (__, i) => `${i} ${"ä".repeat(i % 700)}`);
    expect(digest(texts, null)).toEqual(texts.map((text, i) => native(text, null, i)));
    expect(digest(["abc"], null)).toEqual([EXAMPLES[1][1]]);
  });
});
