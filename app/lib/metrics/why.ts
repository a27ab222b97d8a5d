/** Why a value, or what it is held against, is unknown: which events are missing, or what was left out. */
import type { Row } from "../../../schema/metric/measure.ts";
import { capSetAt, type Metric } from "../../../schema/metric/metric.ts";

/** `seen`: event types that the log holds, with how many of each. Null: it is not known. */
export function whyUnknown(
  { needs, excludes }: Pick<Metric, "needs" | "excludes">,
  row: Pick<Row, "excluded"> | undefined,
  seen: ReadonlyMap<string, number> | null,
): string {
  const missing = needs.filter(
    ({ any }) => seen !== null && any.every((type) => (seen.get(type) ?? 0) === 0),
  );
  const [first] = missing;
  if (first !== undefined) {
    const unsaid = missing.filter(({ otherwise }) => otherwise === undefined);
    return unsaid.length === 0 && first.otherwise !== undefined
      ? first.otherwise
      : `No ${unsaid.map(({ any }) => either(any)).join(", and no ")} event has come yet.`;
  }
  if (row !== undefined && row.excluded > 0)
    return `${row.excluded.toLocaleString("en")} left out: ${excludes ?? "not usable"}.`;
  return "Nothing to measure it by in this time.";
}

/** Null: there is a target. */
export function whyNoTarget({ target }: Metric, row: Pick<Row, "target"> | undefined): string | null {
  if (row !== undefined && row.target !== null) return null;
  switch (target?.kind) {
    case undefined:
      return "no target";
    case "cap":
      return "no cap set";
    case "baseline":
      return "no baseline yet";
    case "fixed":
      return "target unknown";
  }
}

/** Null: there is a target, or none to be set. */
export function whereToSet(metric: Metric, row: Pick<Row, "target"> | undefined): string | null {
  const place = capSetAt(metric, row);
  return place === null ? null : `An owner or admin sets one in ${place}.`;
}

const either = (words: readonly string[]): string =>
  words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} or ${words.at(-1) ?? ""}`;
