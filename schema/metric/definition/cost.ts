import { COMPLEXITIES } from "../complexity.ts";
import { activeHours, type Ledger } from "../ledger.ts";
import { mean, MIN_BASELINE, needs, quotient, type Metric, type Reading } from "../metric.ts";
import { qualityScore } from "../score.ts";
import { CLOSED, QUALITY_TOLD } from "./need.ts";

const SIZES = [...COMPLEXITIES, "unsized"] as const;

function featuresWithTokens({ sums }: Ledger): { tokens: number; n: number } {
  let tokens = 0;
  let n = 0;
  for (const size of SIZES) {
    tokens += sums[`tokens_${size}`];
    n += sums[`features_${size}`];
  }
  return { tokens, n };
}

/** What features of the same complexities took before: each kind by its own mean. */
function usualTokens({ sums }: Ledger, before: Ledger): number | null {
  let expected = 0;
  let n = 0;
  for (const size of SIZES) {
    const count = sums[`features_${size}`];
    if (count === 0) continue;
    const known = before.sums[`features_${size}`];
    if (known < MIN_BASELINE) return null;
    expected += (count * before.sums[`tokens_${size}`]) / known;
    n += count;
  }
  return quotient(expected, n);
}

/** Of no call with a known cost nothing is known: it is not 0. */
function spent(usd: number, { calls, known_calls }: Ledger["sums"]): Reading {
  return { value: known_calls === 0 ? null : usd, n: known_calls, excluded: calls - known_calls };
}

export const COST: readonly Metric[] = [
  {
    id: "tokens_per_feature",
    label: "Tokens per feature",
    category: "cost",
    unit: "tokens",
    direction: "down",
    target: { kind: "baseline", bound: "<", factor: 1.1 },
    is_cost: true,
    words:
      "Tokens of all kinds that a finished feature took, on average, held against features of the same complexity before.",
    formula:
      "Σ tokens ÷ features closed as merged or done; without a model call that says its tokens: excluded. Baseline: the mean before the window by complexity, at least 5 of each",
    excludes: "features without a model call that says its tokens",
    needs: [needs("tokens_used"), needs("feature_merged", "feature_completed")],
    read: (ledger) => {
      const { tokens, n } = featuresWithTokens(ledger);
      return mean(tokens, n, ledger.sums.token_features_excluded);
    },
    baseline: usualTokens,
  },
  {
    id: "cost",
    label: "Cost",
    category: "cost",
    unit: "usd",
    direction: "down",
    target: { kind: "cap", bound: "<", set_at: null },
    is_cost: true,
    words: "Money spent on model calls, as far as anybody knows it.",
    formula: "reported and priced cost; calls whose cost nobody knows: excluded",
    excludes: "calls without a price",
    needs: [needs("tokens_used")],
    read: ({ sums }) => spent(sums.reported_usd + sums.priced_usd, sums),
  },
  {
    id: "priced_cost",
    label: "Priced cost",
    category: "cost",
    unit: "usd",
    direction: "down",
    target: null,
    is_cost: true,
    words:
      "The part of the cost that was worked out here from a price list, because the sender gave tokens alone.",
    formula: "priced cost; calls whose cost nobody knows: excluded",
    excludes: "calls without a price",
    needs: [needs("tokens_used")],
    read: ({ sums }) => spent(sums.priced_usd, sums),
  },
  {
    id: "cost_per_hour",
    label: "Cost per hour",
    category: "cost",
    unit: "usd_per_hour",
    direction: "down",
    target: { kind: "cap", bound: "<", set_at: "the project's settings, under Measures" },
    is_cost: true,
    words: "Money spent on model calls per hour in which there was work.",
    formula:
      "reported and priced cost ÷ clock hours with work, the first and the current one as far as the log spans them, at least one; calls whose cost nobody knows: excluded",
    excludes: "calls without a price",
    needs: [needs("tokens_used")],
    read: (ledger) => {
      const { calls, known_calls, reported_usd, priced_usd } = ledger.sums;
      const hours = activeHours(ledger);
      const value = known_calls === 0 || hours === null ? null : quotient(reported_usd + priced_usd, hours);
      return { value, n: known_calls, excluded: calls - known_calls };
    },
  },
  {
    id: "efficiency_ratio",
    label: "Efficiency",
    category: "cost",
    unit: "per_1k_tokens",
    direction: "up",
    target: { kind: "baseline", bound: ">", factor: 1 },
    is_cost: true,
    words:
      "Quality for tokens: the quality score per thousand tokens of a closed task, held against what was usual before.",
    formula:
      "mean of the known of {approvals ÷ verdicts, tests passed ÷ run, lint pass rate, coverage, 1 − bug escape rate} ÷ (tokens per closed task ÷ 1,000)",
    excludes: "tasks without a model call that says its tokens",
    needs: [needs("tokens_used"), CLOSED, QUALITY_TOLD],
    read: (ledger) => {
      const { task_tokens, token_tasks, token_tasks_excluded } = ledger.sums;
      const score = qualityScore(ledger);
      const tokens = quotient(task_tokens, token_tasks);
      const value = score === null || tokens === null ? null : quotient(score * 1_000, tokens);
      return { value, n: token_tasks, excluded: token_tasks_excluded };
    },
  },
];
