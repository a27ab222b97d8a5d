/** The features of the overview: open ones with their forecast, the soonest first; then what closed last. */
import { allFeatures, allTasks } from "../../../schema/state/select.ts";
import type { Feature } from "../../../schema/state/entity/feature.ts";
import type { ProjectState } from "../../../schema/state/state.ts";
import type { Sprint } from "../../../schema/state/entity/sprint.ts";
import type { Usage } from "../../../schema/state/entity/usage.ts";
import type { FeatureFinishInfo, ForecastOverview, Lateness } from "../../../schema/wire/forecast.ts";
import { isTooFar } from "../../../schema/wire/horizon.ts";
import { countByFeature, countGlyphs, FEATURE_LABEL, type Counts } from "../graph/status.ts";
import { FEW_SAMPLES } from "../headline/headline.ts";
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
/** Of a sprint, open and closed each: as many as are foretold at once. */
export const MAX_SPRINT = 16;

export interface FeatureLines {
  lines: FeatureLine[];
  open: number;
  shipped: number;
  /** Open ones that land at a time that can be told. */
  foretold: number;
  /** Open ones that are foretold for later than anybody can say. */
  far: number;
  stuck: FeatureLine[];
  /** Null: no sprint is going on. */
  landing: Landing | null;
}

/** What a sprint adds: which features are its own, and how likely each is late. */
export interface SprintScope {
  sprint: Pick<Sprint, "features" | "ends_at">;
  late: ReadonlyMap<string, Lateness>;
}

export function featureLines(
  state: ProjectState,
  finishes: readonly FeatureFinishInfo[],
  now_ms: number,
  scope: SprintScope | null = null,
): FeatureLines {
  const counts = countByFeature(allTasks(state));
  const foretold = new Map(finishes.map((finish) => [finish.feature_id, finish]));
  const lines = [...allFeatures(state)].map((feature) =>
    lineOf(
      feature,
      counts.get(feature.id) ?? countGlyphs([]),
      foretold.get(feature.id) ?? null,
      now_ms,
      scope?.late.get(feature.id) ?? null,
    ),
  );
  const open = lines.filter(({ closed }) => closed === null);
  const closed = lines.filter(({ closed: ending }) => ending !== null);
  const stuck = open.filter(({ risk }) => risk.word === "high");
  const latest = closed.toSorted((a, b) => (b.closed?.at ?? 0) - (a.closed?.at ?? 0));
  const own = scope === null ? null : membersOf(scope.sprint, lines);
  const isOwn = ({ id }: FeatureLine) => own === null || own.has(id);
  return {
    lines: [
      ...open
        .filter(isOwn)
        .toSorted(bySoonest)
        .slice(0, own === null ? MAX_OPEN : MAX_SPRINT),
      ...latest.filter(isOwn).slice(0, own === null ? MAX_CLOSED : MAX_SPRINT),
    ],
    open: open.length,
    shipped: closed.length,
    foretold: open.filter(({ p80 }) => p80 !== null && !isTooFar(p80, now_ms)).length,
    far: open.filter(({ p80 }) => p80 !== null && isTooFar(p80, now_ms)).length,
    stuck,
    landing:
      scope === null || own === null ? null : landingOf(lines.filter(isOwn), own.size, scope.sprint.ends_at),
  };
}

/** What is foretold of features, those of the sprint among them: the list of all has the newest alone. */
export function finishesOf(overview: ForecastOverview | undefined): FeatureFinishInfo[] {
  return [...(overview?.features ?? []), ...(overview?.sprint?.features ?? [])];
}

/** A sprint that names no feature is of all that are open. */
function membersOf({ features }: SprintScope["sprint"], lines: readonly FeatureLine[]): ReadonlySet<string> {
  if (features.length > 0) return new Set(features);
  return new Set(lines.filter(({ closed }) => closed === null).map(({ id }) => id));
}

/** What can be said of a sprint's features by its end. */
export interface Landing {
  features: number;
  done: number;
  /** Foretold to land in time, four of five times. */
  likely: number;
  /** Foretold to land later, or stuck. Of the rest nobody can say. */
  doubtful: FeatureLine[];
  /** What the least founded of these forecasts rests on; FEW_SAMPLES: each on enough. */
  samples: number;
}

function landingOf(own: readonly FeatureLine[], features: number, ends_at: number | null): Landing {
  const open = own.filter(({ closed }) => closed === null);
  const doubtful = open.filter(
    ({ p80, risk }) => risk.word === "high" || (p80 !== null && ends_at !== null && p80 > ends_at),
  );
  const likely = open.filter(({ id, p80 }) => p80 !== null && !doubtful.some((one) => one.id === id));
  const given_up = own.filter(({ closed }) => closed?.word === FEATURE_LABEL.abandoned).length;
  return {
    features: features - given_up,
    done: own.length - open.length - given_up,
    likely: likely.length,
    doubtful: doubtful.toSorted(bySoonest),
    samples: Math.min(...open.flatMap(({ p80, samples }) => (p80 === null ? [] : [samples])), FEW_SAMPLES),
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
  late: Lateness | null,
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
    risk: riskOf(counts, finish, now_ms, late),
    closed: closed_at === null ? null : { at: closed_at, word: FEATURE_LABEL[status] },
  };
}
