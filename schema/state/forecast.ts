/**
 * What was foretold, and what came of it (worker/insight/forecast).
 *
 * | event           | what it does to the forecast of its `forecast_id`                          |
 * |-----------------|----------------------------------------------------------------------------|
 * | forecast_made   | stands until its truth comes; said again, the newest words count            |
 * | forecast_scored | what came; it moves to the scored ones, also when its making was forgotten |
 */
import type { StoredEvent } from "../event/event.ts";
import { anyFigureIn, idIn, labelIn } from "./field.ts";
import { forgetOldest } from "./forget.ts";
import { MAX_OPEN_FORECASTS, MAX_SCORED_FORECASTS } from "./limits.ts";
import type { Foretold } from "./entity/forecast.ts";
import type { Fold } from "./subject.ts";

function read(id: string, event: StoredEvent): Omit<Foretold, "made_at" | "scored_at" | "actual"> {
  return {
    id,
    metric: labelIn(event, "metric") ?? "",
    method: labelIn(event, "method"),
    task_id: event.task_id ?? null,
    feature_id: event.feature_id ?? null,
    predicted: anyFigureIn(event, "predicted"),
    low: anyFigureIn(event, "low"),
    high: anyFigureIn(event, "high"),
    coverage: anyFigureIn(event, "coverage"),
    samples: anyFigureIn(event, "samples"),
    seq: event.seq,
  };
}

export const foldForecastMade: Fold = (state, event, { time_ms }) => {
  const id = idIn(event, "forecast_id");
  if (id === null) return;
  state.open_forecasts.delete(id);
  state.open_forecasts.set(id, { ...read(id, event), actual: null, made_at: time_ms, scored_at: null });
  forgetOldest(state.open_forecasts, MAX_OPEN_FORECASTS);
};

export const foldForecastScored: Fold = (state, event, { time_ms }) => {
  const id = idIn(event, "forecast_id");
  if (id === null) return;
  const made_at = state.open_forecasts.get(id)?.made_at ?? null;
  state.open_forecasts.delete(id);
  state.scored_forecasts.delete(id);
  state.scored_forecasts.set(id, {
    ...read(id, event),
    actual: anyFigureIn(event, "actual"),
    made_at,
    scored_at: time_ms,
  });
  forgetOldest(state.scored_forecasts, MAX_SCORED_FORECASTS);
};
