/** The features of the overview: open ones with their forecast, the soonest first; then what closed last. */
import { allFeatures, allTasks } from "../../../schema/state/select.ts";
import type { Feature, ProjectState, Usage } from "../../../schema/state/state.ts";
import type { FeatureFinishInfo } from "../../../schema/wire/forecast.ts";
import { countByFeature, countGlyphs, FEATURE_LABEL, type Counts } from "../graph/status.ts";
import { riskOf, type Risk } from "./risk.ts";

export interface FeatureLine {
  id: string;
  title: string;
  counts: Counts;
  usage: Usage;
  p50: number | null;
  p80: number | null;
  samples: number;
  risk: Risk;
  /** Null: it is open. */
  closed: { at: number; word: string } | null;
}

/** Open features that are shown; more are a list of their own. */
export const MAX_OPEN = 8;
export const MAX_CLOSED = 2;

export interface FeatureLines {
  lines: FeatureLine[];
  open: number;
  shipped: number;
  foretold: number;
  stuck: FeatureLine[];
}

export function featureLines(
  state: ProjectState,
  finishes: readonly FeatureFinishInfo[],
  now_ms: number,
): FeatureLines {
  const counts = countByFeature(allTasks(state));
  const foretold = new Map(finishes.map((finish) => [finish.feature_id, finish]));
  const lines = [...allFeatures(state)].map((feature) =>
    lineOf(feature, counts.get(feature.id) ?? countGlyphs([]), foretold.get(feature.id) ?? null, now_ms),
  );
  const open = lines.filter(({ closed }) => closed === null);
  const closed = lines.filter(({ closed: ending }) => ending !== null);
  const stuck = open.filter(({ risk }) => risk.word === "high");
  return {
    lines: [
      ...open.toSorted(bySoonest).slice(0, MAX_OPEN),
      ...closed.toSorted((a, b) => (b.closed?.at ?? 0) - (a.closed?.at ?? 0)).slice(0, MAX_CLOSED),
    ],
    open: open.length,
    shipped: closed.length,
    foretold: open.filter(({ p80 }) => p80 !== null).length,
    stuck,
  };
}

/** Stuck ones first, since no forecast holds for them; what nobody can foretell last. */
function bySoonest(a: FeatureLine, b: FeatureLine): number {
  const rank = ({ risk, p80 }: FeatureLine) => (risk.word === "high" ? 0 : p80 !== null ? 1 : 2);
  return rank(a) - rank(b) || (a.p80 ?? 0) - (b.p80 ?? 0) || b.counts.done - a.counts.done;
}

function lineOf(
  { id, title, usage, closed_at, status }: Feature,
  counts: Counts,
  finish: FeatureFinishInfo | null,
  now_ms: number,
): FeatureLine {
  const time = (text: string | null | undefined) =>
    text === null || text === undefined ? null : Date.parse(text);
  return {
    id,
    title: title ?? id,
    counts,
    usage: { ...usage },
    p50: time(finish?.p50_at),
    p80: time(finish?.p80_at),
    samples: finish?.samples ?? 0,
    risk: riskOf(counts, finish, now_ms),
    closed: closed_at === null ? null : { at: closed_at, word: FEATURE_LABEL[status] },
  };
}
