/** Benchmarks one after the other, never at once: they would measure each other. */
import type { Figure } from "./figure.ts";
import type { Bench, Plan } from "./suite.ts";

export interface Run {
  figures: Figure[];
  /** Whose own checks failed, or which did not come to an end. */
  failed: string[];
}

export async function runBenches(benches: readonly [string, Bench][], plan: Plan): Promise<Run> {
  const figures: Figure[] = [];
  const failed: string[] = [];
  for (const [name, bench] of benches) {
    const began = performance.now();
    plan.say(`\n${name}: ${bench.about}`);
    try {
      figures.push(...(await bench.run(plan)));
    } catch (error) {
      // The others are worth having all the same.
      failed.push(name);
      plan.say(`${name} FAILED: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    }
    plan.say(`  (${((performance.now() - began) / 1_000).toFixed(0)} s)`);
  }
  return { figures, failed };
}
