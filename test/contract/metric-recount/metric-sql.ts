/** One metric, counted again: a question in SQL about the tables of events.ts and course.ts. */
import type { Grouping } from "../../../schema/metric/measure.ts";

export interface Recount {
  /** The grouping that it is also counted by. */
  by: Grouping;
  /**
   * Rows of `grp, value, n, excluded`. `{by}` stands for the column of the group, or for NULL; `:from` (inclusive) and `:to`
   * (exclusive) bound the window, `:now` is the end of the log and `:first` its beginning, all in ms.
   */
  sql: string;
}

export const inWindow = (column: string) => `${column} >= :from AND ${column} < :to`;

/** Counted things, one row each with a `grp`, for each clock hour in which the group worked. */
export const perHour = (amount: string, rows: string, n = "count(*)", value = amount, excluded = "0") => `
WITH counted AS (SELECT grp, ${amount} AS amount, ${value} AS known, ${n} AS n, ${excluded} AS excluded FROM (${rows}) GROUP BY grp),
hours AS (SELECT grp, min(max(1.0, sum(max(0, min(3600000 * (hour + 1), :now) - max(3600000 * hour, :first))) / 3600000.0), (min(:to, :now) - :from) / 3600000.0) AS hours
  FROM (SELECT DISTINCT {by} AS grp, hour FROM work WHERE ${inWindow("t")}) GROUP BY 1)
SELECT coalesce(c.grp, h.grp) AS grp,
  CASE WHEN c.n > 0 AND c.known IS NULL THEN NULL ELSE coalesce(c.amount, 0.0) / hours END AS value,
  coalesce(c.n, 0) AS n, coalesce(c.excluded, 0) AS excluded
FROM hours h FULL JOIN counted c ON c.grp IS h.grp`;
