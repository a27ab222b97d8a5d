/** Every feature that is known, as a line of the list. */
import { featureBegan } from "../../../schema/state/beginning.ts";
import { allFeatures, allTasks } from "../../../schema/state/select.ts";
import type { Feature, FeatureStatus } from "../../../schema/state/entity/feature.ts";
import type { ProjectState } from "../../../schema/state/state.ts";
import type { Usage } from "../../../schema/state/entity/usage.ts";
import type { FeatureFinishInfo } from "../../../schema/wire/forecast.ts";
import { countByFeature, countGlyphs, type Counts } from "../graph/status.ts";
import { ungraded } from "./ungraded.ts";
import type { FeaturesPlace, Order, Shown } from "./address.ts";

export interface Line {
  id: string;
  title: string;
  status: FeatureStatus;
  counts: Counts;
  usage: Usage;
  /** From its first work to its end, or until now; null: nobody saw it begin. */
  duration_ms: number | null;
  updated_at: number;
  closed_at: number | null;
  /** ms since 1970; null: no forecast. */
  p50: number | null;
  p80: number | null;
  /** Why there is no forecast, where somebody knows. */
  why: string | null;
  /** Why it has no grade; null: its report knows. */
  ungraded: string | null;
}

export function linesOf(state: ProjectState, finishes: readonly FeatureFinishInfo[], now_ms: number): Line[] {
  const counts = countByFeature(allTasks(state));
  const tasks = Map.groupBy(allTasks(state), ({ feature_id }) => feature_id);
  const foretold = new Map(finishes.map((finish) => [finish.feature_id, finish]));
  return [...allFeatures(state)].map((feature) =>
    lineOf(
      feature,
      {
        counts: counts.get(feature.id) ?? countGlyphs([]),
        began_at: featureBegan(feature, tasks.get(feature.id) ?? []),
        ungraded: ungraded(feature, tasks.get(feature.id) ?? [], state),
      },
      foretold.get(feature.id),
      now_ms,
    ),
  );
}

/** Copied: the fold changes its own in place. */
function lineOf(
  { id, title, status, usage, closed_at, updated_at }: Feature,
  { counts, began_at, ungraded }: { counts: Counts; began_at: number | null; ungraded: string | null },
  finish: FeatureFinishInfo | undefined,
  now_ms: number,
): Line {
  const time = (text: string | null | undefined) =>
    text === null || text === undefined ? null : Date.parse(text);
  return {
    ...{ id, title: title ?? id, status, counts, usage: { ...usage }, updated_at, closed_at, ungraded },
    duration_ms: began_at === null ? null : Math.max(0, (closed_at ?? now_ms) - began_at),
    p50: closed_at === null ? time(finish?.p50_at) : null,
    p80: closed_at === null ? time(finish?.p80_at) : null,
    why: closed_at === null ? (finish?.why ?? null) : null,
  };
}

/** What is known of its price; null: there were calls, and nobody knows one's. */
export function costOf({
  calls,
  reported_calls,
  reported_usd,
  priced_calls,
  priced_usd,
}: Usage): number | null {
  return calls > 0 && reported_calls + priced_calls === 0 ? null : reported_usd + priced_usd;
}

/** Something of it failed or waits, and nothing else moves. */
export const isStuck = ({ closed_at, counts }: Line): boolean => {
  const stuck = counts.failed + counts.blocked;
  return closed_at === null && stuck > 0 && stuck === counts.total - counts.done;
};

const IS: Record<Shown, (line: Line) => boolean> = {
  all: () => true,
  open: ({ closed_at }) => closed_at === null,
  stuck: isStuck,
  shipped: ({ status }) => status === "merged" || status === "done",
  abandoned: ({ status }) => status === "abandoned",
};

export const countOf = (lines: readonly Line[], shown: Shown): number => lines.filter(IS[shown]).length;

/** What is unknown stands last, however it is ordered. */
const VALUE: Record<Order, (line: Line) => number | null> = {
  touched: ({ updated_at }) => -updated_at,
  lands: ({ p80 }) => p80,
  duration: ({ duration_ms }) => (duration_ms === null ? null : -duration_ms),
  cost: ({ usage }) => (usage.calls === 0 ? null : negated(costOf(usage))),
};
const negated = (value: number | null) => (value === null ? null : -value);

export function listed(lines: readonly Line[], { shown, order, typed }: FeaturesPlace): Line[] {
  const words = typed
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
  const holds = ({ id, title }: Line) => {
    const where = `${id}\n${title}`.toLowerCase();
    return words.every((word) => where.includes(word));
  };
  const value = VALUE[order];
  return lines
    .filter((line) => IS[shown](line) && holds(line))
    .toSorted((a, b) => compared(value(a), value(b)) || b.updated_at - a.updated_at);
}

function compared(a: number | null, b: number | null): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  return a - b;
}
