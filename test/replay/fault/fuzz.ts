/** `npm run fuzz -- --seed N --runs M`: the simulator of faults by itself, from a seed on. */
import { spawnSync } from "node:child_process";
import { parseArgs } from "node:util";

const { values } = parseArgs({ options: { seed: { type: "string" }, runs: { type: "string" } } });
for (const [name, value] of Object.entries(values)) {
  if (!/^\d{1,10}$/.test(value)) {
    console.error(`--${name} takes a whole number, as in: npm run fuzz -- --seed 7 --runs 1`);
    process.exit(2);
  }
}
/** Seeds of one run by hand: some 80 s of CPU. `npm test` takes always the same (fault.test.ts). */
const DEFAULT_RUNS = 1_000;
const drawn = Math.floor(Math.random() * 2 ** 31);

const { status } = spawnSync("vitest", ["run", "--project", "worker", "test/worker/fault.test.ts"], {
  stdio: "inherit",
  env: {
    ...process.env,
    CLUSTERFORK_FUZZ_SEED: values.seed ?? String(drawn),
    CLUSTERFORK_FUZZ_RUNS: values.runs ?? String(DEFAULT_RUNS),
  },
});
process.exit(status ?? 1);
