/**
 * Small lasting shifts that no single value shows: an EWMA control chart of each agent's scores, and one of the whole
 * team's. Scores are modified z-scores against the role, cut at ±3, so that one giant is not taken for a drift.
 */
import {
  chartLimit,
  chartNext,
  NEW_CHART,
  type Chart,
  type ChartSettings,
} from "../../../schema/metric/statistic/ewma.ts";

/**
 * Weight 0.2 sees a shift of one standard deviation within some ten tasks. Roberts' width of 2.9 to 3 would signal
 * once in about 500 values of an ordinary agent; scores against a median that is itself estimated spread a little
 * wider than 1, so the limits stand at 4: once in tens of thousands.
 */
export const CHART: ChartSettings = { lambda: 0.2, width: 4 };
const MAX_SCORE = 3;
/** Scores before a chart speaks: until then it is the median of the first few that moves, and not who is held against it. */
const LEAST_SCORES = 20;
/** Agents with a chart; the one longest unheard is forgotten. As many agents as the room knows. */
const MAX_CHARTS = 1_000;

export interface DriftVerdict {
  value: number;
  limit: number;
  is_out: boolean;
  n: number;
}

export class Drift {
  readonly #charts = new Map<string, Chart>();

  note(subject: string, score: number): DriftVerdict {
    const chart = chartNext(
      this.#charts.get(subject) ?? NEW_CHART,
      Math.max(-MAX_SCORE, Math.min(MAX_SCORE, score)),
      CHART,
    );
    this.#charts.delete(subject);
    this.#charts.set(subject, chart);
    if (this.#charts.size > MAX_CHARTS) {
      const [oldest] = this.#charts.keys();
      if (oldest !== undefined) this.#charts.delete(oldest);
    }
    const limit = chartLimit(chart, CHART);
    return {
      value: chart.value,
      limit,
      is_out: chart.n >= LEAST_SCORES && Math.abs(chart.value) > limit,
      n: chart.n,
    };
  }
}
