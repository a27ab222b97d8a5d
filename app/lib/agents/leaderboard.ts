/**
 * Who leads: an index from 0 to 100, and how it moved against the period before.
 *
 *   efficiency = 100 · m ÷ (m + tokens per task)     m: the median of all; 50 is what is usual, and no giant bends it
 *   quality    = 100 · pass rate · coverage          where coverage is known of two at least, else the pass rate alone
 */
import { median } from "../../../schema/metric/statistic/median.ts";
import { NOTABLE } from "../../../schema/metric/verdict.ts";
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
  /** False: nobody's figure lies further from the median than chance does, so that an order would be made up. */
  told_apart: boolean;
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
  const tokensOf = (each: Performance) => read(each, "tokens_per_task", "value");
  return rank("Efficiency", "tokens per task; 50 is the median", of, tokensOf, (each, when) => {
    const tokens = read(each, "tokens_per_task", when);
    const m = middle[when];
    return tokens === null || m === null || m + tokens === 0 ? null : (100 * m) / (m + tokens);
  });
}

function quality(of: readonly Performance[]): Leaderboard {
  const covered = of.filter((each) => read(each, "test_coverage", "value") !== null).length >= 2;
  const indexOf = (each: Performance, when: When) => {
    const pass = read(each, "reviewer_pass_rate", when);
    const coverage = covered ? read(each, "test_coverage", when) : 1;
    return pass === null || coverage === null ? null : 100 * pass * coverage;
  };
  const words = covered ? "pass rate × coverage" : "pass rate";
  return rank("Quality", words, of, (each) => indexOf(each, "value"), indexOf);
}

function rank(
  name: Leaderboard["name"],
  words: string,
  of: readonly Performance[],
  figureOf: (performance: Performance) => number | null,
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
  return {
    ...{ name, words, leaders: ranked.slice(0, MAX_LEADERS), ranked: ranked.length },
    told_apart: areApart(of.flatMap((each) => (each.id === null ? [] : (figureOf(each) ?? [])))),
  };
}

/** By the verdict's own measure: from NOTABLE of the median on. One alone is nobody's equal. */
function areApart(figures: readonly number[]): boolean {
  if (figures.length < 2) return true;
  const middle = median(figures.toSorted((a, b) => a - b)) ?? 0;
  return figures.some((figure) => Math.abs(figure - middle) >= NOTABLE * middle && figure !== middle);
}
