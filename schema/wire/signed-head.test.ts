import fc from "fast-check";
import { expect, it } from "vitest";
import { signedHead, statementOf, type SignedHead } from "./signed-head.ts";

const hex = (bytes: number) =>
  fc.string({ unit: fc.constantFrom(..."0123456789abcdef"), minLength: 2 * bytes, maxLength: 2 * bytes });
const head: fc.Arbitrary<SignedHead> = fc.record({
  project: fc
    .string({ unit: fc.constantFrom(..."abcxyz019"), minLength: 15, maxLength: 15 })
    .map((rest) => `p${rest}`),
  seq: fc.maxSafeNat(),
  hash: hex(32),
  signed_at: fc.maxSafeNat(),
  public_key: hex(32),
  signature: hex(64),
});

it("[L5] reads back through JSON, and no two heads make the same statement", () => {
  fc.assert(
    fc.property(head, head, (one, other) => {
      const read = signedHead.parse(JSON.parse(JSON.stringify(one)));
      expect(read).toEqual(one);
      const [, project, seq, hash, signed_at, end] = statementOf(read).split("\n");
      expect({ project, seq: Number(seq), hash, signed_at: Number(signed_at), end }).toEqual({
        project: one.project,
        seq: one.seq,
        hash: one.hash,
        signed_at: one.signed_at,
        end: "",
      });
      for (const field of ["project", "seq", "hash", "signed_at"] as const) {
        fc.pre(one[field] !== other[field]);
        expect(statementOf({ ...one, [field]: other[field] })).not.toBe(statementOf(one));
      }
    }),
  );
});

it("refuses whatever is not one, and never throws", () => {
  fc.assert(
    fc.property(
      head,
      fc.constantFrom("project", "seq", "hash", "signed_at", "public_key", "signature"),
      fc.anything(),
      (one, field, odd) => {
        fc.pre(
          typeof odd !== "string" && !(typeof odd === "number" && Number.isSafeInteger(odd) && odd >= 0),
        );
        expect(signedHead.safeParse({ ...one, [field]: odd }).success).toBe(false);
      },
    ),
  );
});
