/**
 * `npm run backtest [-- --json FILE] [--readme]`: how good the numbers are, found by playing recorded projects event by
 * event and holding what was said against what came. Nothing that is said knows what comes later. A missed target is
 * a finding and ends with 0.
 */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { machine } from "../bench/machine.ts";
import { falseAlarmRows, plantedRows } from "./anomalies.ts";
import { finishRows } from "./finishes.ts";
import { intervalRows } from "./intervals.ts";
import { rewrite } from "./readme.ts";
import { reviewRows } from "./reviews.ts";
import { isMet, table, type Row } from "./row.ts";
import { sessions, stored, team, trackers } from "./source.ts";
import { targetRows } from "./targets.ts";

const README = join(import.meta.dirname, "../../README.md");
/** The simulated team's luck; planted faults are drawn from the same. */
const SEED = 1;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { json: { type: "string" }, readme: { type: "boolean", default: false } },
  });
  const started = performance.now();
  const logs = await trackers();
  const recorded = await sessions();
  const simulated = { name: "simulated", events: stored(team(SEED).events), is_recorded: false };
  const rows: Row[] = [
    ...logs.flatMap(targetRows),
    ...logs.flatMap((log) => intervalRows(log, log.is_recorded)),
    ...intervalRows(simulated, false),
    ...finishRows(logs),
    ...reviewRows(simulated),
    ...[...logs, ...(recorded === null ? [] : [recorded]), simulated].flatMap(falseAlarmRows),
    ...plantedRows(SEED),
  ];
  const seconds = ((performance.now() - started) / 1_000).toFixed(0);
  const missed = rows.filter((row) => isMet(row) === false);
  console.log(`${table(rows)}\n\n${rows.length} figures in ${seconds} s, ${missed.length} targets missed`);
  const { date, node, commit } = machine();
  if (values.json !== undefined) {
    const said = rows.map((row) => ({ ...row, met: isMet(row) }));
    await writeFile(values.json, `${JSON.stringify({ date, node, commit, rows: said }, null, 2)}\n`);
  }
  if (!values.readme) return;
  if (!logs.every(({ is_recorded }) => is_recorded))
    throw new Error("--readme needs the recorded projects: CLUSTERFORK_DATA says where they lie");
  const about = `${date.slice(0, 10)}, \`npm run backtest\`, Node ${node}${commit === null ? "" : `, commit ${commit}`}:`;
  await writeFile(README, rewrite(await readFile(README, "utf8"), rows, about));
}

await main();
