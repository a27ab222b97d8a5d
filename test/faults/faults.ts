/** `npm run faults [-- name…] [--quick] [--seed N] [--times N]`: the served product under hostile conditions, one after the other. */
import { parseArgs } from "node:util";
import { play, type Outcome, type Scenario } from "./scenario.ts";
import { SCENARIOS } from "./scenarios.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: "boolean", default: false },
    seed: { type: "string" },
    times: { type: "string" },
  },
});
const unknown = positionals.filter((name) => !SCENARIOS.some((scenario) => scenario.name === name));
if (unknown.length > 0) {
  console.error(
    `No scenario is called ${unknown.join(", ")}. There are: ${SCENARIOS.map(({ name }) => name).join(", ")}`,
  );
  process.exit(2);
}
if (values.seed !== undefined && !/^\d{1,10}$/.test(values.seed)) {
  console.error("--seed takes a whole number, as in: npm run faults -- kill --seed 7");
  process.exit(2);
}
if (values.times !== undefined && !/^[1-9]\d{0,3}$/.test(values.times)) {
  console.error("--times takes a whole number, as in: npm run faults -- kill --times 20");
  process.exit(2);
}
const times = values.times === undefined ? {} : { times: Number(values.times) };
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31));
const chosen = SCENARIOS.filter(({ name }) => positionals.length === 0 || positionals.includes(name));

const outcomes: Outcome[] = [];
for (const scenario of chosen) {
  console.log(`${scenario.name} …`);
  const outcome = await play(scenario, { quick: values.quick, seed, ...times });
  outcomes.push(outcome);
  console.log(`${lines(outcome)}\n`);
  if (outcome.error === null) continue;
  console.error(outcome.error);
  console.error(`To see it again: ${again(scenario)}\n`);
}
console.log(outcomes.map(verdictOf).join("\n"));
const failed = outcomes.filter(({ error }) => error !== null);
console.log(`\n${outcomes.length - failed.length} of ${outcomes.length} did not fail; seed ${seed}`);
// Sockets of a failed scenario may still be open.
process.exit(failed.length > 0 ? 1 : 0);

function again({ name }: Scenario): string {
  return `npm run faults -- ${name} --seed ${seed}${values.quick ? " --quick" : ""}`;
}

function verdictOf({ scenario, seconds, missing, error }: Outcome): string {
  const verdict = missing !== null ? "NOT HERE" : error === null ? "ok" : "FAILED";
  return `${scenario.name.padEnd(16)} ${verdict.padEnd(8)} ${seconds.toFixed(1).padStart(7)} s   ${scenario.invariants.join(" ")}`;
}

function lines(outcome: Outcome): string {
  const { scenario, figures, missing } = outcome;
  const width = Math.max(0, ...figures.map(([name]) => name.length));
  return [
    verdictOf(outcome),
    `  ${scenario.proves}`,
    ...(missing === null ? [] : [`  not run: ${missing}`]),
    ...figures.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`),
  ].join("\n");
}
