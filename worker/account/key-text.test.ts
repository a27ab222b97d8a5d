import { createHash, createHmac } from "node:crypto";
import fc from "fast-check";
import { expect, it } from "vitest";
import { newKeyId, newKeySecret, newProjectId } from "./identifier.ts";
import { verifyKeyTag, writeKey } from "./key-text.ts";

const SIGNING_SECRET = "signs the keys of these tests, 32+";
const fresh = () => ({ project_id: newProjectId(), key_id: newKeyId(), secret: newKeySecret() });

it("writes cfk_<project>_<key id>_<secret>_<tag>, the tag an HMAC of all before it", () => {
  const parts = fresh();
  const { text, secret_sha256 } = writeKey(SIGNING_SECRET, parts);
  expect(text).toMatch(/^cfk_p[a-z0-9]{15}_[a-z0-9]{12}_[A-Za-z0-9]{32}_[0-9a-f]{24}$/);
  const body = `cfk_${parts.project_id}_${parts.key_id}_${parts.secret}`;
  expect(text).toBe(
    `${body}_${createHmac("sha256", SIGNING_SECRET).update(body).digest("hex").slice(0, 24)}`,
  );
  expect(secret_sha256).toBe(createHash("sha256").update(parts.secret).digest("hex"));
  expect(verifyKeyTag(SIGNING_SECRET, text)).toEqual({
    project_id: parts.project_id,
    key_id: parts.key_id,
    secret_sha256,
  });
});

it("[T3] takes no key with any one character changed, cut or added", () => {
  const { text } = writeKey(SIGNING_SECRET, fresh());
  fc.assert(
    fc.property(fc.nat(text.length - 1), fc.constantFrom("", "0", "a", "Z", "_", "é"), (at, other) => {
      fc.pre(text[at] !== other);
      expect(verifyKeyTag(SIGNING_SECRET, text.slice(0, at) + other + text.slice(at + 1))).toBeNull();
    }),
  );
  expect(verifyKeyTag(SIGNING_SECRET, `${text}\n`)).toBeNull();
  expect(verifyKeyTag("another installation's secret, 32+", text)).toBeNull();
});

it("draws ids and secrets that never repeat and use the whole alphabet", () => {
  const secrets = Array.from({ length: 500 }, newKeySecret);
  expect(new Set(secrets).size).toBe(500);
  expect(new Set(secrets.join("")).size).toBe(62);
  expect(new Set(Array.from({ length: 500 }, newProjectId).join("")).size).toBe(36);
});
