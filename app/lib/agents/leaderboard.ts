/**
 * Who leads: an index from 0 to 100, and how it moved against the period before.
 *
 *   efficiency = 100 · m ÷ (m + tokens per task)     m: the median of all; 50 is what is usual, and no giant bends it
 *   quality    = 100 · pass rate · coverage          where coverage is known of two at least, else the pass rate alone
 */
import { median } from "../../../schema/metric/statistic/median.ts";
import type { Performance } from "../../../schema/metric/performance.ts";

export interface Leader {
  id: string;
  index: number;
  /** Null: unknown then. */
  change: number | null;
}

export interface Leaderboard {
  name: "Efficiency" | "Quality";
  /** How the index is made. */
  words: string;
  leaders: Leader[];
  /** With an index, those beyond the first included. */
  ranked: number;
}

const MAX_LEADERS = 5;
/** Things behind a figure without which nobody leads: one lucky task is no lead. */
const MIN_SAMPLE = 3;

type When = "value" | "previous";

export function leaderboardsOf(performances: readonly Performance[]): Leaderboard[] {
  const named = performances.filter(({ id }) => id !== null);
  return [efficiency(named), quality(named)];
}

function read(performance: Performance, metric: string, when: When): number | null {
  const row = performance.metrics.find((each) => each.metric === metric);
  if (row === undefined || row.n < MIN_SAMPLE) return null;
  return row[when];
}

function efficiency(of: readonly Performance[]): Leaderboard {
  const usual = (when: When) =>
    median(of.flatMap((each) => read(each, "tokens_per_task", when) ?? []).toSorted((a, b) => a - b));
  const middle = { value: usual("value"), previous: usual("previous") };
  return rank("Efficiency", "tokens per task; 50 is the median", of, (each, when) => {
    const tokens = read(each, "tokens_per_task", when);
    const m = middle[when];
    return tokens === null || m === null || m + tokens === 0 ? null : (100 * m) / (m + tokens);
  });
}

function quality(of: readonly Performance[]): Leaderboard {
  const covered = of.filter((each) => read(each, "test_coverage", "value") !== null).length >= 2;
  return rank("Quality", covered ? "pass rate × coverage" : "pass rate", of, (each, when) => {
    const pass = read(each, "reviewer_pass_rate", when);
    const coverage = covered ? read(each, "test_coverage", when) : 1;
    return pass === null || coverage === null ? null : 100 * pass * coverage;
  });
}

function rank(
  name: Leaderboard["name"],
  words: string,
  of: readonly Performance[],
  indexOf: (performance: Performance, when: When) => number | null,
): Leaderboard {
  const ranked = of
    .flatMap((each): Leader[] => {
      const index = indexOf(each, "value");
      if (each.id === null || index === null) return [];
      const before = indexOf(each, "previous");
      return [
        { id: each.id, index, change: before === null ? null : Math.round(index) - Math.round(before) },
      ];
    })
    .toSorted((a, b) => b.index - a.index || (a.id < b.id ? -1 : 1));
  return { name, words, leaders: ranked.slice(0, MAX_LEADERS), ranked: ranked.length };
}
