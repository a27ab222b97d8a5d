/** What ships finds what is meant: the bar, on the authored paraphrases; and the file is the one that was recorded. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import packages from "../../scripts/embedding/packages.json" with { type: "json" };
import { LICENSES } from "../../scripts/embedding/packages.ts";
import { BUILT_IN } from "../../worker/learning/embed/built-in.ts";
import { StaticEmbedder } from "../../worker/learning/embed/static.ts";
import { packRow, readTable } from "../../worker/learning/embed/table.ts";
import record from "../../worker/learning/embed/words.json" with { type: "json" };
import { PARAPHRASES } from "./paraphrases.ts";
import { runTask } from "./run.ts";
import { interval, score, type Scores } from "./score.ts";

const file = new Uint8Array(readFileSync(join(import.meta.dirname, "../../worker/learning/embed/words.bin")));
const embedder = StaticEmbedder.of(file.buffer);

describe("the word vectors that ship", () => {
  test("are those of the record, small enough, and of packages whose licences allow it", () => {
    expect(createHash("sha256").update(file).digest("hex")).toBe(record.sha256);
    expect(file.byteLength).toBeLessThanOrEqual(2.5 * 1024 * 1024);
    expect(embedder).toMatchObject(BUILT_IN);
    expect(record.packages).toEqual(
      packages.map(({ name, version, license }) => `${name}@${version} ${license}`),
    );
    expect(packages.filter(({ license }) => !LICENSES.has(license))).toEqual([]);
  });

  test("find paraphrases that share no word with their lesson", async () => {
    const found = await runTask(PARAPHRASES, embedder);
    const mean = (name: keyof Scores) => interval(found.both.map((one) => one[name])).mean;
    expect(mean("recall5")).toBeGreaterThanOrEqual(0.55);
    expect(mean("recall10")).toBeGreaterThanOrEqual(0.75);
    expect(interval(found.words.map(({ recall10 }) => recall10)).mean).toBeLessThan(0.3);
  });

  test("are told from a file that is none, and from one that is cut short", () => {
    expect(() => readTable(new ArrayBuffer(100))).toThrow(/build:embedding/);
    expect(() => readTable(file.slice(0, 1_000_000).buffer)).toThrow(/cut short/);
  });

  test("lose at most half a step by packing", () => {
    const row = Float32Array.from({ length: 256 }, (_, i) => Math.sin(i * 37));
    const packed = new Uint8Array(128);
    const scale = packRow(row, packed);
    row.forEach((value, i) => {
      const byte = packed[i >> 1] ?? 0;
      expect(Math.abs(((i % 2 === 0 ? byte & 15 : byte >> 4) - 7.5) * scale - value)).toBeLessThanOrEqual(
        scale * 0.501,
      );
    });
  });
});

test("scores are those of the textbook", () => {
  const perfect = score(["a", "b"], new Set(["a"]));
  expect(perfect).toEqual({ ndcg10: 1, recall5: 1, recall10: 1 });
  const sixth = score(["x", "x", "x", "x", "x", "a"], new Set(["a"]));
  expect(sixth.ndcg10).toBeCloseTo(1 / Math.log2(7));
  expect(sixth).toMatchObject({ recall5: 0, recall10: 1 });
});
