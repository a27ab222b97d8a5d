/** `npm run mutants` takes minutes; that its list still fits the code is seen at once. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { MUTATIONS } from "../faults/mutation/mutations.ts";

const ROOT = join(import.meta.dirname, "../..");
const textOf = (file: string) => readFileSync(join(ROOT, file), "utf8");
const README = textOf("test/README.md");

it.each(MUTATIONS)("$name can be put into $file", ({ name, file, from, to, killed_by }) => {
  expect(textOf(file).split(from)).toHaveLength(2);
  expect(to).not.toBe(from);
  expect(textOf(killed_by.file).length).toBeGreaterThan(0);
  expect(README).toContain(`| \`${name}\` |`);
});
