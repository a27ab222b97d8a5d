/** What a task will take: said once when work on it begins, scored when it is finished. */
import type { OwnEvent } from "../../../schema/event/own.ts";
import { findTask } from "../../../schema/state/select.ts";
import type { ProjectState } from "../../../schema/state/state.ts";
import { measured, MEASURES, recordOfTask } from "../work/record.ts";
import { MISS } from "./band.ts";
import type { Begun } from "./learn.ts";
import { aboutOf, isSaid, madeEvent, NEWS_MS, scoredEvent } from "./say.ts";

/** Only those with an interval: without one nobody knows how much to believe. */
export function workForetold(
  { record, at_ms, forecasts }: Begun,
  state: ProjectState,
  now_ms: number,
): OwnEvent[] {
  if (record.outcome !== "open" || now_ms - at_ms > NEWS_MS) return [];
  return MEASURES.flatMap((measure): OwnEvent[] => {
    const forecast = forecasts[measure];
    const id = `${measure}:${record.id}`;
    if (forecast === undefined || forecast.interval === null || isSaid(state, id, at_ms)) return [];
    const { value: predicted, interval, way: method, n: samples } = forecast;
    const { low, high } = interval;
    const figures = { predicted, low, high, coverage: 1 - MISS, samples };
    return [madeEvent({ id, metric: measure, method, at_ms, about: aboutOf(record), figures })];
  });
}

/** Those whose truth stands in the state; they leave the open ones once it is in the log. */
export function workScored(state: ProjectState): OwnEvent[] {
  return [...state.open_forecasts.values()].flatMap((made): OwnEvent[] => {
    const task = made.task_id === null ? undefined : findTask(state, made.task_id);
    const measure = MEASURES.find((one) => one === made.metric);
    if (task === undefined || task.closed_at === null || measure === undefined) return [];
    const found = measured(recordOfTask(task), measure);
    return found.ok ? [scoredEvent(made, found.value, task.closed_at, aboutOf(task))] : [];
  });
}
