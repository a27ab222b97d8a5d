import fc from "fast-check";
import { expect, it } from "vitest";
import { pushVarint, readVarints } from "./varint.ts";

const whole = fc.oneof(
  fc.nat(300),
  fc.maxSafeNat(),
  fc.nat(53).map((n) => 2 ** n),
  fc.nat(53).map((n) => 2 ** n - 1),
);

it("gives back every whole number up to 2^53, in as many bytes as seven bits each need", () => {
  fc.assert(
    fc.property(fc.array(whole), (values) => {
      const bytes: number[] = [];
      for (const value of values) pushVarint(bytes, value);
      expect(readVarints(new Uint8Array(bytes).buffer)).toEqual(values);
      const needed = values.map((value) => Math.max(1, Math.ceil(value.toString(2).length / 7)));
      expect(bytes.length).toBe(needed.reduce((sum, each) => sum + each, 0));
    }),
  );
});

it("reads any bytes to their end, and never throws", () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      const ends = bytes.filter((byte) => byte < 128).length;
      expect(readVarints(bytes.slice().buffer)).toHaveLength(ends);
    }),
  );
});
