import fc from "fast-check";
import { createHash } from "node:crypto";
import { expect, it } from "vitest";
import { reduceArtifacts } from "./artifact.ts";
import { clean } from "./clean.ts";
import type { Json } from "./event.ts";
import { redactSecretFields } from "./secret-field.ts";
import { redactSecrets } from "./secret/secret.ts";
import { metadataNames } from "./taxonomy.ts";

type Metadata = { [key: string]: Json };

const sha256Hex = (text: string) => createHash("sha256").update(text).digest("hex");
const stepByStep = (metadata: Metadata) =>
  redactSecrets(redactSecretFields(reduceArtifacts(metadata, sha256Hex)));

/** Names and texts that some rule has a say in, and such as none has. */
const words = ["api_key", "token", "diff", "fileContents", "password", "tokens", "key", "pwd", "AWS account"];
const name = fc.oneof(fc.constantFrom(...metadataNames(), ...words), fc.string({ maxLength: 12 }));
const secret = `sk_${"live"}_${"4eC39HqLyjWDarjtT1zdp7dc"}`;
const text = fc.oneof(
  fc.string({ maxLength: 40 }),
  fc.constantFrom(
    secret,
    `the key is ${secret}`,
    "rejects a password of seven characters",
    "hunter2",
    "ö".repeat(3_000),
  ),
  fc.integer({ min: 2_700, max: 8_300 }).map((length) => "x ".repeat(length / 2)),
);
const value = fc.oneof(
  { weight: 4, arbitrary: text },
  fc.double({ noNaN: true }),
  fc.boolean(),
  fc.constant(null),
  fc.array(text, { maxLength: 3 }),
  fc.dictionary(name, text, { maxKeys: 3 }),
);

it("[P1] metadata is what artifacts, secret fields and secrets leave of it, whichever way it goes", () => {
  let same = 0;
  fc.assert(
    fc.property(fc.dictionary(name, value, { maxKeys: 6 }), (metadata: Metadata) => {
      const cleaned = clean(metadata, sha256Hex);
      expect(cleaned).toEqual(stepByStep(metadata));
      if (cleaned === metadata) same += 1;
    }),
    { numRuns: 3_000 },
  );
  // The control: both ways were gone.
  expect(same).toBeGreaterThan(300);
  expect(same).toBeLessThan(2_700);
});

it("[P1] what nobody has a say in is not even copied", () => {
  const metadata = {
    model: "claude-sonnet-5",
    progress: 0.5,
    message: "rejects a password of seven characters",
  };
  expect(clean(metadata, sha256Hex)).toBe(metadata);
});
