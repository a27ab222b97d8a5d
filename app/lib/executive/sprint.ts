/** The current sprint on the overview: what it is called, how long it goes on, and when all of it lands. */
import type { Sprint } from "../../../schema/state/entity/sprint.ts";
import type { Lateness, SprintForecast } from "../../../schema/wire/forecast.ts";
import { DAY_MS, type Moments } from "../format/moment.ts";
import { lateText } from "./risk.ts";

export interface SprintLine {
  name: string;
  goal: string | null;
  ends_at: number | null;
  /** Of all of it; null: unknown, for `why`. */
  p50: number | null;
  p80: number | null;
  late: Lateness;
  why: string;
}

const UNKNOWN: Lateness = { probability: null, word: "unknown" };

/** `foretold` of another sprint is not this one's: it was asked before this one began. */
export function sprintLine(sprint: Sprint, foretold: SprintForecast | null): SprintLine {
  const known = foretold?.sprint_id === sprint.id ? foretold : null;
  const time = (text: string | null | undefined) =>
    text === null || text === undefined ? null : Date.parse(text);
  const late = known?.late ?? UNKNOWN;
  return {
    name: sprint.title ?? sprint.id,
    goal: sprint.goal,
    ends_at: sprint.ends_at,
    p50: time(known?.p50_at),
    p80: time(known?.p80_at),
    late,
    why:
      late.probability === null
        ? (known?.why ?? (sprint.ends_at === null ? "it has no end" : "no forecast"))
        : lateText(late.probability),
  };
}

/** What each feature of the sprint risks, by its id. */
export function latenessOf(sprint: Sprint, foretold: SprintForecast | null): ReadonlyMap<string, Lateness> {
  if (foretold?.sprint_id !== sprint.id) return new Map();
  return new Map(foretold.features.map(({ feature_id, late }) => [feature_id, late]));
}

/** `Sprint 7, 16 Feb to 27 Feb, day 5 of 12`; of one that is shorter than two days by the clock. */
export function sprintAbout(
  { name, ends_at }: Pick<SprintLine, "name" | "ends_at">,
  started_at: number,
  now_ms: number,
  { moment, day, clock }: Moments,
  span: (ms: number) => string,
): string {
  if (ends_at === null) return `${name}, since ${moment(started_at)}`;
  if (now_ms > ends_at) return `${name}, over since ${moment(ends_at)}`;
  const days = Math.ceil((ends_at - started_at) / DAY_MS);
  if (days > 2) {
    const today = Math.min(days, Math.max(1, Math.ceil((now_ms - started_at) / DAY_MS)));
    return `${name}, ${day(started_at)} to ${day(ends_at)}, day ${today} of ${days}`;
  }
  const end = day(started_at) === day(ends_at) ? clock(ends_at) : moment(ends_at);
  return `${name}, ${moment(started_at)} to ${end}, ${span(ends_at - now_ms)} left`;
}
