import { expect, it } from "vitest";
import { rangesOf, Witnessed, witnessedBy, writeRanges } from "./witness.ts";

const text = (seq: number, seqs: string, fields: object = {}): string =>
  JSON.stringify({
    seq,
    event_type: "events_forgotten",
    agent_id: "clusterfork:privacy",
    metadata: { seqs },
    key_id: "clusterfork",
    v: 2,
    ...fields,
  });

it("writes seqs as ranges, and reads them back", () => {
  const seqs = [9, 3, 8, 7, 7, 20];
  expect(writeRanges(rangesOf(seqs))).toBe("3,7-9,20");
  const witnessed = new Witnessed();
  witnessed.add(witnessedBy(text(30, "3,7-9,20")));
  witnessed.add(witnessedBy(text(31, "8-10")));
  const has = Array.from({ length: 25 }, (_, seq) => seq).filter((seq) => witnessed.has(seq));
  expect(has).toEqual([3, 7, 8, 9, 10, 20]);
});

it("[T5] believes no sender, and nothing that is no list", () => {
  expect(witnessedBy(text(30, "3", { key_id: "a2345678901b" }))).toEqual([]);
  expect(witnessedBy(text(30, "3", { agent_id: "coder-a" }))).toEqual([]);
  for (const seqs of ["", "x", "3,", "-3", "9-3", "30", "1e3"])
    expect(witnessedBy(text(30, seqs))).toEqual([]);
});
