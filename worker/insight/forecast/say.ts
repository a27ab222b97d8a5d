/** Forecasts and their truths as events. What already stands in the state is not said twice. */
import type { Json } from "../../../schema/event/event.ts";
import type { OwnEvent } from "../../../schema/event/own.ts";
import type { Foretold } from "../../../schema/state/entity/forecast.ts";
import type { ProjectState } from "../../../schema/state/state.ts";

export const ORGAN = "insight";
/** What began longer ago is not foretold: it was imported, and its truth may stand in the log already. */
export const NEWS_MS = 10 * 60_000;

export const isoOf = (time_ms: number): string => new Date(time_ms).toISOString();

export type About = Pick<OwnEvent, "task_id" | "feature_id">;

export interface Said {
  id: string;
  metric: string;
  method: string;
  at_ms: number;
  about: About;
  figures: { predicted: number; low?: number; high?: number; coverage?: number; samples: number };
}

export function madeEvent({ id, metric, method, at_ms, about, figures }: Said): OwnEvent {
  return {
    organ: ORGAN,
    cause: ["forecast", id, at_ms],
    event_type: "forecast_made",
    timestamp: isoOf(at_ms),
    ...about,
    metadata: { forecast_id: id, metric, method },
    metrics: figures,
  };
}

/** A forecast of that beginning stands, or was scored. */
export function isSaid(state: ProjectState, id: string, at_ms: number): boolean {
  const known = state.open_forecasts.get(id) ?? state.scored_forecasts.get(id);
  return known !== undefined && (known.made_at === null || known.made_at >= at_ms);
}

export function scoredEvent(made: Foretold, actual: number, at_ms: number, about: About): OwnEvent {
  const figures: [string, number | null][] = [
    ["predicted", made.predicted],
    ["low", made.low],
    ["high", made.high],
    ["coverage", made.coverage],
    ["samples", made.samples],
    ["actual", actual],
    ["error", made.predicted === null ? null : actual - made.predicted],
  ];
  const metadata: { [key: string]: Json } = { forecast_id: made.id, metric: made.metric };
  if (made.method !== null) metadata["method"] = made.method;
  return {
    organ: ORGAN,
    cause: ["forecast scored", made.id, made.made_at ?? 0, at_ms],
    event_type: "forecast_scored",
    timestamp: isoOf(at_ms),
    ...about,
    metadata,
    metrics: Object.fromEntries(figures.filter((figure): figure is [string, number] => figure[1] !== null)),
  };
}

export function aboutOf({ id, feature_id }: { id: string; feature_id: string | null }): About {
  return { task_id: id, ...(feature_id === null ? {} : { feature_id }) };
}
