/**
 * Whether a bug comes up within seven days of the merge: seen, once they are over; before, estimated from the
 * project's own merged features of which it was seen, with Wilson's interval. Where nobody ever reported a bug the
 * rate is unknown: no reports are not no bugs.
 */
import { wilson } from "../../../schema/metric/statistic/wilson.ts";
import { ESCAPE_MS } from "../../../schema/state/feature.ts";
import type { Feature } from "../../../schema/state/entity/feature.ts";
import type { ReportBugs } from "../../../schema/wire/report.ts";
import type { Known } from "./known.ts";
import { counted } from "./words.ts";

const hasEscaped = ({ bug_at, status_at }: Feature): boolean =>
  bug_at !== null && bug_at - status_at <= ESCAPE_MS;

export function bugsOf({ feature, features, counts, now_ms }: Known): ReportBugs {
  const is_old = (one: Feature): boolean => one.status === "merged" && now_ms - one.status_at >= ESCAPE_MS;
  const seen = features.filter((one) => one.id !== feature.id && is_old(one));
  const base = { merged: seen.length, escaped: seen.filter(hasEscaped).length };
  const unknown = (words: string): ReportBugs => ({
    ...{ kind: "unknown", probability: null, interval: null, ...base, words },
  });
  const verdict = (probability: number, words: string): ReportBugs => ({
    ...{ kind: "seen", probability, interval: null, ...base, words },
  });
  if (feature.status !== "merged")
    return unknown(
      feature.closed_at === null
        ? "It is foretold when the feature is merged."
        : feature.status === "done"
          ? "Unknown: it was closed as finished, and nobody recorded a merge, from which seven days are counted."
          : "It was not merged, so nothing of it can break for others.",
    );
  if (hasEscaped(feature)) return verdict(1, "A bug of it was reported within seven days of its merge.");
  if ((counts.get("bug_reported") ?? 0) === 0)
    return unknown(
      "Unknown: no bug was ever reported in this project, which says nothing about how many there are.",
    );
  if (is_old(feature)) return verdict(0, "No bug of it was reported within seven days of its merge.");
  const interval = wilson(base.escaped, base.merged);
  if (interval === null) return unknown("Unknown: no other feature was merged seven days ago or more.");
  const probability = base.escaped / base.merged;
  return {
    ...{ kind: "estimate", probability, interval, ...base },
    words: `${percent(probability)} likely (95% interval ${percent(interval.low)} to ${percent(interval.high)}): of ${counted(base.merged, "feature")} merged here seven days ago or more, ${base.escaped.toLocaleString("en")} had one by then.`,
  };
}

function percent(share: number): string {
  const value = share * 100;
  return `${value > 0 && value < 10 ? value.toFixed(1) : value.toFixed(0)}%`;
}
