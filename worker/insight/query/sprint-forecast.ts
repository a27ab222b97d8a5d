/** The current sprint by the futures of its features: each by itself, and all of them with the same agents. */
import { allTasks, findFeature } from "../../../schema/state/select.ts";
import type { Feature } from "../../../schema/state/entity/feature.ts";
import type { ProjectState } from "../../../schema/state/state.ts";
import type { Sprint } from "../../../schema/state/entity/sprint.ts";
import type { Lateness, SprintFeature, SprintForecast } from "../../../schema/wire/forecast.ts";
import type { FeatureFinish } from "../forecast/feature-finish.ts";
import type { Live } from "../forecast/finish.ts";
import { riskWord, sprintRisk } from "../forecast/sprint.ts";
import { finishWords, infoOf, isoOf, momentOf } from "./finish-info.ts";

/** Features whose futures are imagined: each costs some 10 ms. */
const MAX_FORETOLD = 16;

const UNKNOWN: Lateness = { probability: null, word: "unknown" };
const NOT_MET = "no event has named it yet";

interface Futures {
  live: Live;
  finish: (feature_id: string) => FeatureFinish | null;
  finishAll: (feature_ids: readonly string[]) => FeatureFinish | null;
}

export function sprintForecast(
  state: ProjectState,
  sprint: Sprint,
  { live, finish, finishAll }: Futures,
): SprintForecast {
  const ids = sprint.features.length > 0 ? sprint.features : [...state.open_features.keys()];
  const listed = ids.slice(0, MAX_FORETOLD);
  const features = listed.map((id) => ({ id, feature: findFeature(state, id) ?? null }));
  const all = ids.map((id) => findFeature(state, id) ?? null);
  const open = all.filter((feature) => feature !== null).filter(({ closed_at }) => closed_at === null);
  const missing = all.filter((feature) => feature === null).length + unplanned(state, open);
  const is_over = missing === 0 && open.length === 0;
  const together = missing > 0 || is_over ? null : finishAll(open.map(({ id }) => id));
  const why = is_over
    ? "nothing of it is left to do"
    : missing > 0
      ? `${missing} of its ${ids.length} features ${missing === 1 ? "has" : "have"} no tasks yet`
      : together === null
        ? nothingOpen(live, open)
        : null;
  return {
    sprint_id: sprint.id,
    title: sprint.title,
    goal: sprint.goal,
    started_at: isoOf(sprint.started_at),
    ends_at: sprint.ends_at === null ? null : isoOf(sprint.ends_at),
    p50_at: momentOf(together, together?.p50_ms),
    p80_at: momentOf(together, together?.p80_ms),
    late: is_over ? cameLate(lastOf(all), sprint) : lateness(sprint.id, together, sprint),
    words: together === null ? `unknown: ${why ?? ""}` : finishWords(together),
    why,
    features: features.map(({ id, feature }) => lineOf(id, feature, { live, finish, sprint })),
    omitted_features: ids.length - listed.length,
  };
}

function lineOf(
  id: string,
  feature: Feature | null,
  { live, finish, sprint }: Pick<Futures, "live" | "finish"> & { sprint: Sprint },
): SprintFeature {
  if (feature === null) {
    const unknown = {
      title: null,
      open_tasks: 0,
      p50_at: null,
      p80_at: null,
      samples: 0,
      calibrated_by: 0,
      beyond_sample: 0,
    };
    const words = { words: `unknown: ${NOT_MET}`, why: NOT_MET };
    return { feature_id: id, ...unknown, ...words, status: null, closed_at: null, late: UNKNOWN };
  }
  const { closed_at, status } = feature;
  const made = closed_at === null ? finish(id) : null;
  return {
    ...infoOf(feature, made, live),
    status,
    closed_at: closed_at === null ? null : isoOf(closed_at),
    late: closed_at === null ? lateness(id, made, sprint) : cameLate(feature, sprint),
  };
}

function lateness(id: string, finish: FeatureFinish | null, { ends_at }: Sprint): Lateness {
  if (ends_at === null) return UNKNOWN;
  const { late, word } = sprintRisk(id, finish, ends_at);
  return { probability: late, word };
}

/** What is abandoned is neither late nor in time. */
function cameLate(feature: Feature | null, { ends_at }: Sprint): Lateness {
  if (ends_at === null || feature === null || feature.closed_at === null || feature.status === "abandoned")
    return UNKNOWN;
  const probability = feature.closed_at > ends_at ? 1 : 0;
  return { probability, word: riskWord(probability) };
}

/** Of what was done, the one that was done last. */
function lastOf(features: readonly (Feature | null)[]): Feature | null {
  let last: Feature | null = null;
  for (const feature of features)
    if (
      feature !== null &&
      feature.status !== "abandoned" &&
      (feature.closed_at ?? 0) >= (last?.closed_at ?? 0)
    )
      last = feature;
  return last;
}

/** Open ones that no task is known of: what they will take nobody can draw. */
function unplanned(state: ProjectState, open: readonly Feature[]): number {
  const with_tasks = new Set<string | null>();
  for (const { feature_id } of allTasks(state)) with_tasks.add(feature_id);
  return open.filter(({ id }) => !with_tasks.has(id)).length;
}

function nothingOpen(live: Live, open: readonly Feature[]): string {
  const ids = new Set(open.map(({ id }) => id));
  return live.tasks.some(({ feature_id }) => feature_id !== null && ids.has(feature_id))
    ? "no task was finished yet to draw times from"
    : "its tasks are all done, and its features are not closed";
}
