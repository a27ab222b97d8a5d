/** What a report is made of, from a log written by hand, for tests. Times in minutes. */
import type { StoredEvent } from "../../schema/event/event.ts";
import { apply, createState } from "../../schema/state/apply.ts";
import { allFeatures, allTasks, findFeature } from "../../schema/state/select.ts";
import type { Known } from "../../worker/learning/report/known.ts";

export const MINUTE_MS = 60_000;
export const START_MS = Date.UTC(2026, 0, 5, 9);

export type Step = [minute: number, event_type: string, more?: Partial<StoredEvent>];

export function logOf(steps: readonly Step[]): StoredEvent[] {
  return steps.map(([minute, event_type, more], index) => {
    const timestamp = new Date(START_MS + minute * MINUTE_MS).toISOString();
    return {
      ...{ id: `e${index}`, seq: index + 1, timestamp, received_at: timestamp },
      ...{ event_type, agent_id: "coder-a", feature_id: "auth", source: "api", key_id: "k", v: 1 },
      ...more,
    };
  });
}

/** As the route knows it, but for rows of metrics. */
export function knownOf(steps: readonly Step[], more: Partial<Known> & { about?: string } = {}): Known {
  const { about = "auth", ...rest } = more;
  const state = createState();
  const log = logOf(steps);
  for (const event of log) apply(state, event);
  const feature = findFeature(state, about);
  if (feature === undefined) throw new Error(`no feature ${about}`);
  const tasks = [...allTasks(state)];
  return {
    ...{ seq: state.seq, now_ms: START_MS + 60 * MINUTE_MS, feature, features: [...allFeatures(state)] },
    tasks: tasks.filter(({ feature_id }) => feature_id === about),
    other_tasks: tasks.filter(({ feature_id }) => feature_id !== about),
    forecasts: [...state.open_forecasts.values(), ...state.scored_forecasts.values()],
    rows: [],
    counts: state.counters.by_type,
    hides_cost: false,
    lessons: log.filter(({ event_type }) => event_type === "lesson_learned"),
    lessons_why: null,
    ...rest,
  };
}

export function call(task_id: string, tokens: number, cost_usd: number | null): Partial<StoredEvent> {
  return {
    task_id,
    metadata: { model: "m" },
    metrics: { input_tokens: tokens, ...(cost_usd === null ? {} : { cost_usd }) },
  };
}

/** Ten finished features of one task each, of `tokens` and `minutes` of work, before minute 0. */
export function earlier(tokens: readonly number[], minutes = 20): Step[] {
  return tokens.flatMap((used, n): Step[] => {
    const of = { feature_id: `old-${n}`, task_id: `old-${n}.1` };
    const begin = -1_000 + n * 50;
    return [
      [begin, "task_claimed", of],
      [begin + 1, "tokens_used", { ...call(of.task_id, used, used / 1_000), ...of }],
      [begin + minutes, "task_completed", of],
      [begin + minutes, "feature_completed", { feature_id: of.feature_id }],
    ];
  });
}
