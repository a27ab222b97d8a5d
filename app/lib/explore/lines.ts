/** The series of an answer as lines on one axis of time. */
import type { Point } from "../chart/series.ts";
import type { Calculation, QueryResponse } from "../../../schema/wire/query.ts";

export interface SeriesLine {
  /** Of the group, in the order of the answer. */
  index: number;
  points: Point[];
}

/** Of a step without events: nobody counted any, but an average of nothing is unknown. */
const emptyOf = ({ op }: Calculation): number | null => (op === "count" || op === "sum" ? 0 : null);

/** Steps over all groups, with none left out between the first and the last; bounded by what `step_ms` was made for. */
export function stepsOf({ groups }: Pick<QueryResponse, "groups">, step_ms: number): number[] {
  let first = Infinity;
  let last = -Infinity;
  for (const { series = [] } of groups)
    for (const [at] of series) {
      if (at === undefined || at === null) continue;
      first = Math.min(first, at);
      last = Math.max(last, at);
    }
  if (first > last) return [];
  return Array.from({ length: Math.round((last - first) / step_ms) + 1 }, (_, i) => first + i * step_ms);
}

/** `place`: of the calculation. */
export function linesOf(
  answer: Pick<QueryResponse, "groups">,
  steps: readonly number[],
  calculation: Calculation,
  place: number,
  most: number,
): SeriesLine[] {
  return answer.groups.slice(0, most).map(({ series = [] }, index) => {
    const known = new Map(series.map((step) => [step[0], step[place + 1] ?? null]));
    return {
      index,
      points: steps.map((x) => ({ x, y: known.has(x) ? (known.get(x) ?? null) : emptyOf(calculation) })),
    };
  });
}
