import { createHash } from "node:crypto";
import { expect, it } from "vitest";
import { PADDING_BYTES, Sha256, SHORT_BYTES } from "./sha256.ts";

const native = (data: string | Uint8Array) => createHash("sha256").update(data).digest("hex");
const hex = (bytes: Uint8Array | null) => (bytes === null ? null : Buffer.from(bytes).toString("hex"));

it("agrees with the native digest at every length around the blocks, wherever the input stands", () => {
  const sha256 = new Sha256();
  const bytes = Uint8Array.from({ length: 300 + PADDING_BYTES }, (_, i) => (i * 151) & 255);
  for (let length = 0; length <= 290; length++) {
    const copy = bytes.slice();
    expect(hex(sha256.digest(new DataView(copy.buffer), 7, 7 + length))).toBe(
      native(bytes.subarray(7, 7 + length)),
    );
    // What stands further on is somebody else's.
    expect(copy.subarray(7 + length + PADDING_BYTES)).toEqual(bytes.subarray(7 + length + PADDING_BYTES));
  }
});

it("takes texts up to its limit in bytes, not characters, and leaves longer ones to the native digest", () => {
  const sha256 = new Sha256();
  for (const text of ["", "abc", "é\u{1f600}\ud800", "x".repeat(SHORT_BYTES), "é".repeat(SHORT_BYTES / 2)]) {
    expect(hex(sha256.ofShort(text))).toBe(native(text));
  }
  for (const text of ["x".repeat(SHORT_BYTES + 1), "é".repeat(SHORT_BYTES / 2 + 1)]) {
    expect(sha256.ofShort(text)).toBeNull();
  }
});
