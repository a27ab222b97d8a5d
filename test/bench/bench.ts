/**
 * `npm run bench [-- name…] [--runs N] [--json FILE] [--readme]`: the figures of DESIGN §8, one after the other, as
 * one table. A missed target is a finding and ends with 0; a check of truth that fails ends with 1.
 */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { isMet, ratios, type Figure } from "./figure.ts";
import { LongLog } from "./long-log.ts";
import { load, machine, median, type Machine } from "./machine.ts";
import { rewrite } from "./readme.ts";
import { runBenches } from "./run.ts";
import { SUITE } from "./suite.ts";
import { describe, table } from "./table.ts";

const README = join(import.meta.dirname, "../../README.md");

function usage(): string {
  const names = Object.entries(SUITE).map(
    ([name, { about, in_suite }]) => `  ${name.padEnd(8)} ${about}${in_suite ? "" : " (only by name)"}`,
  );
  return `npm run bench [-- name…] [--runs N] [--json FILE] [--readme]\n\n${names.join("\n")}`;
}

function json(machine: Machine, figures: readonly Figure[]): string {
  const said = figures.map((figure) => {
    const beside = figure.beside && { ...figure.beside, median: median(figure.beside.runs) };
    const ratio = figure.beside && median(ratios(figure));
    return { ...figure, median: median(figure.runs), beside, ratio, met: isMet(figure) };
  });
  return `${JSON.stringify({ machine, figures: said }, null, 2)}\n`;
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      runs: { type: "string" },
      json: { type: "string" },
      readme: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  const runs = values.runs === undefined ? undefined : Number(values.runs);
  const unknown = positionals.filter((name) => !Object.hasOwn(SUITE, name));
  const wrong =
    unknown.length > 0
      ? `no benchmark is called ${unknown.join(", ")}`
      : runs !== undefined && !(Number.isInteger(runs) && runs > 0)
        ? `--runs takes a whole number above 0, not "${values.runs ?? ""}"`
        : values.readme && positionals.length > 0
          ? "--readme writes the whole table: leave the names out"
          : null;
  if (values.help || wrong !== null) {
    console.log(wrong === null ? usage() : `${wrong}\n\n${usage()}`);
    return wrong === null ? 0 : 2;
  }
  const wanted = Object.entries(SUITE).filter(([name, { in_suite }]) =>
    positionals.length === 0 ? in_suite : positionals.includes(name),
  );

  const found = machine();
  console.log(`${describe(found)}\nload average before: ${load()}`);
  const started = performance.now();
  const log = new LongLog();
  const { figures, failed } = await runBenches(wanted, { runs, log, say: console.log }).finally(() =>
    log.remove(),
  );

  const minutes = ((performance.now() - started) / 60_000).toFixed(1);
  const missed = figures.filter((one) => isMet(one) === false).length;
  console.log(`\n${table(figures)}\n\n${figures.length} figures in ${minutes} min, ${missed} targets missed`);
  if (values.json !== undefined) await writeFile(values.json, json(found, figures));
  if (failed.length > 0) {
    console.error(`not true: ${failed.join(", ")}`);
    return 1;
  }
  if (values.readme) await writeFile(README, rewrite(await readFile(README, "utf8"), figures, found));
  return 0;
}

process.exitCode = await main();
