/**
 * `npm run mutants [-- name…]`: puts one fault after the other into the code, and expects the test that is named with it
 * to turn red. Each file is as it was afterwards, also when this is stopped.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { MUTATIONS, type Mutation } from "./mutations.ts";

const ROOT = join(import.meta.dirname, "../../..");
const VITEST = join(ROOT, "node_modules/.bin/vitest");

let restore: (() => void) | null = null;
for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.once(signal, () => {
    restore?.();
    process.exit(1);
  });

type Verdict = "killed" | "SURVIVED" | "NO TEST";

/** Red tests of that title; null when none ran. */
async function redTests({ project, file, title }: Mutation["killed_by"]): Promise<number | null> {
  const pattern = title.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&");
  const args = ["run", "--project", project, file, "-t", pattern, "--reporter", "json"];
  const child = spawn(VITEST, args, { cwd: ROOT, stdio: ["ignore", "pipe", "ignore"] });
  let stdout = "";
  child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
  await once(child, "close");
  const report = stdout.split("\n").findLast((line) => line.startsWith('{"numTotalTestSuites"'));
  if (report === undefined) return null;
  const { numFailedTests, numPassedTests } = JSON.parse(report) as Record<string, number>;
  return (numFailedTests ?? 0) + (numPassedTests ?? 0) === 0 ? null : (numFailedTests ?? 0);
}

async function tryOne({ file, from, to, killed_by }: Mutation): Promise<Verdict> {
  const path = join(ROOT, file);
  const code = readFileSync(path, "utf8");
  restore = () => writeFileSync(path, code);
  try {
    // As text, for `$` means something in a replacement.
    writeFileSync(path, code.split(from).join(to));
    const red = await redTests(killed_by);
    return red === null ? "NO TEST" : red > 0 ? "killed" : "SURVIVED";
  } finally {
    restore();
    restore = null;
  }
}

const names = process.argv.slice(2);
const unknown = names.filter((name) => !MUTATIONS.some((one) => one.name === name));
if (unknown.length > 0) {
  console.error(
    `No mutation is called ${unknown.join(", ")}. There are: ${MUTATIONS.map(({ name }) => name).join(", ")}`,
  );
  process.exit(2);
}
let survivors = 0;
for (const one of MUTATIONS) {
  if (names.length > 0 && !names.includes(one.name)) continue;
  const verdict = await tryOne(one);
  if (verdict !== "killed") survivors += 1;
  console.log(`${one.name.padEnd(28)} ${verdict.padEnd(9)} ${one.killed_by.file}: ${one.killed_by.title}`);
}
process.exit(survivors > 0 ? 1 : 0);
