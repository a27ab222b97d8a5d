/**
 * Each metric of the table is proved twice: by hand, on events whose value somebody worked out, and by a recount of
 * recorded work in SQL (metric-recount). A metric that is added without either fails here, and so does a proof that
 * was renamed or taken away.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { METRICS } from "../../schema/metric/definition.ts";
import { RECOUNTS } from "./metric-recount/database.ts";

/** Where each is worked out by hand: the file under schema/metric, and the title of the test, or of its group. */
const BY_HAND: Readonly<Record<string, readonly [file: string, title: string]>> = {
  features_per_hour: ["velocity.test.ts", "features per hour"],
  features_per_wall_hour: ["velocity.test.ts", "features per hour"],
  time_to_review: ["velocity.test.ts", "time to review"],
  time_to_merge: ["velocity.test.ts", "time to merge"],
  reviewer_cycles: ["velocity.test.ts", "reviewer cycles"],
  test_coverage: ["quality.test.ts", "test coverage"],
  lint_pass_rate: ["quality.test.ts", "lint pass rate"],
  integration_failures: ["quality.test.ts", "integration failures"],
  bug_escape_rate: ["quality.test.ts", "bug escape rate"],
  tokens_per_feature: ["cost.test.ts", "tokens per feature"],
  cost: ["cost.test.ts", "cost"],
  priced_cost: ["cost.test.ts", "cost"],
  cost_per_hour: ["cost.test.ts", "cost per hour"],
  efficiency_ratio: ["cost.test.ts", "efficiency"],
  agent_uptime: ["reliability.test.ts", "agent uptime"],
  escalation_rate: ["reliability.test.ts", "escalation rate"],
  retry_budget_exhaustion: ["reliability.test.ts", "retry budgets exhausted"],
  state_recovery: ["reliability.test.ts", "state recovery"],
  throughput: ["agent.test.ts", "the metrics of an agent"],
  reviewer_pass_rate: ["agent.test.ts", "the metrics of an agent"],
  error_to_fix_ratio: ["agent.test.ts", "the metrics of an agent"],
  tokens_per_task: ["agent.test.ts", "the metrics of an agent"],
  resubmissions: ["agent.test.ts", "the metrics of an agent"],
  retry_budget_used: ["agent.test.ts", "the metrics of an agent"],
};

const ids = METRICS.map(({ id }) => id);

/** The source of the group of that title, to its end at the margin; null: there is none. */
function groupIn(source: string, title: string): string | null {
  const begin = source.indexOf(`\ndescribe("${title}"`);
  if (begin === -1) return null;
  const end = source.indexOf("\n});", begin);
  return source.slice(begin, end === -1 ? source.length : end);
}

describe("the proofs of the metrics", () => {
  it.each(ids)("%s is worked out by hand, and recounted", async (id) => {
    expect(RECOUNTS[id], "test/contract/metric-recount has no SQL for it").toBeDefined();
    const [file, title] = BY_HAND[id] ?? [];
    if (file === undefined || title === undefined) throw new Error(`no test works ${id} out by hand`);
    const source = await readFile(join(import.meta.dirname, "../../schema/metric", file), "utf8");
    const group = groupIn(source, title);
    expect(group, `${file} has no group "${title}"`).not.toBe(null);
    expect(group).toContain(`"${id}"`);
    // Of a value or of the lack of one: a test that only names it proves nothing.
    expect(group).toMatch(/value|toBeCloseTo/);
  });

  it("are of no metric that is gone", () => {
    expect(Object.keys(BY_HAND).toSorted()).toEqual(ids.toSorted());
    expect(Object.keys(RECOUNTS).toSorted()).toEqual(ids.toSorted());
  });
});
