import fc from "fast-check";
import { expect, it } from "vitest";
import { newKeyId, newKeySecret, newProjectId } from "./identifier.ts";
import { isShareText, verifyShareTag, writePass, writeShare } from "./share-text.ts";
import { sha256 } from "./tag.ts";

const SIGNING_SECRET = "signs the links of these tests, 32+";
const fresh = () => ({ project_id: newProjectId(), share_id: newKeyId(), secret: newKeySecret() });

it("reads a link and a pass back as what they were written of", () => {
  const { secret, ...parts } = fresh();
  const link = writeShare(SIGNING_SECRET, { ...parts, secret }).text;
  const read = { ...parts, secret_sha256: sha256(secret) };
  expect(verifyShareTag(SIGNING_SECRET, link)).toEqual({ ...read, unlocked_until_ms: null });
  fc.assert(
    fc.property(fc.integer({ min: 1e12, max: 1e13 - 1 }), (until_ms) => {
      const pass = writePass(SIGNING_SECRET, link, until_ms);
      expect(isShareText(pass)).toBe(true);
      expect(verifyShareTag(SIGNING_SECRET, pass)).toEqual({ ...read, unlocked_until_ms: until_ms });
    }),
  );
});

it("[T3] takes no link and no pass with any one character changed, cut or added, and throws for no text", () => {
  const link = writeShare(SIGNING_SECRET, fresh()).text;
  const pass = writePass(SIGNING_SECRET, link, 1_800_000_000_000);
  const character = fc.constantFrom("", "0", "a", "Z", "_", "é", "\n", "s", "p");
  fc.assert(
    fc.property(fc.constantFrom(link, pass), fc.nat(pass.length), character, (text, at, other) => {
      const changed = text.slice(0, at) + other + text.slice(at + 1);
      fc.pre(changed !== text);
      expect(verifyShareTag(SIGNING_SECRET, changed)).toBeNull();
    }),
    { numRuns: 1_000 },
  );
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      expect(verifyShareTag(SIGNING_SECRET, text)).toBeNull();
    }),
  );
  expect(verifyShareTag("another installation's secret, 32+", link)).toBeNull();
});
