import { leash } from "./bootstrap/leash.ts";
import { run, Stop } from "./bootstrap/say.mjs";
import { tool } from "./build/command.ts";

leash();

/** The root config holds pages: svelte-check reads it, components and modules alike. */
const CHECKS: [name: string, tool: string, args: string[]][] = [
  [
    "app and schema",
    "svelte-check",
    ["--tsconfig", "tsconfig.json", "--fail-on-warnings", "--output", "human"],
  ],
  ["worker", "tsc", ["-p", "worker"]],
  ["cli", "tsc", ["-p", "cli"]],
  ["scripts", "tsc", ["-p", "scripts"]],
  ["test", "tsc", ["-p", "test"]],
  ["test/e2e", "tsc", ["-p", "test/e2e"]],
];

await run(async () => {
  await tool("svelte-kit", ["sync"]);
  let failed = 0;
  for (const [name, bin, args] of CHECKS) {
    try {
      await tool(bin, args);
      console.log(`✓ ${name}`);
    } catch (error) {
      if (!(error instanceof Stop)) throw error;
      failed += 1;
      console.error(`✗ ${name}\n${error.message}`);
    }
  }
  if (failed > 0) throw new Stop(`${failed} of ${CHECKS.length} type checks failed.`);
});
