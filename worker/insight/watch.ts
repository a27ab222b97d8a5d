/**
 * What a project is told of its own numbers, as the room's watch asks for it (schema/event/watcher.ts): forecasts when
 * work begins, what came of them when it ends, and targets that moved.
 *
 *   look ─▶ learn from the state ─▶ forecast_made ── its truth stands in the state: forecast_scored
 *              │   task begins: work, tokens, cost · is handed in: changes · half of its target over: breach
 *              │   feature begins: finish
 *              └ every 20 closings, or each hour in which something closed: target_recalibrated
 *
 * All of it follows from the state, so after the memory was lost it is learned anew; and what already stands in the
 * state is not said twice.
 */
import type { StoredEvent } from "../../schema/event/event.ts";
import type { OwnEvent } from "../../schema/event/own.ts";
import type { Watcher } from "../../schema/event/watcher.ts";
import { NOTHING_SET, type Measuring } from "../../schema/metric/ask.ts";
import { COMPLEXITY_BOUNDS, type ComplexityBounds } from "../../schema/metric/complexity.ts";
import type { ProjectState } from "../../schema/state/state.ts";
import { Learner } from "./forecast/learn.ts";
import { liveOf } from "./forecast/live.ts";
import { ReviewLearner } from "./forecast/review-state.ts";
import { isoOf, ORGAN } from "./forecast/say.ts";
import { breachesMade, breachesScored } from "./forecast/say-breach.ts";
import { changesMade, changesScored } from "./forecast/say-change.ts";
import { FinishSayer } from "./forecast/say-finish.ts";
import { workForetold, workScored } from "./forecast/say-work.ts";
import { recalibrate, targetKey } from "./target/recalibrate.ts";
import { MEASURES, type Measure } from "./work/record.ts";

const AGENT = `clusterfork:${ORGAN}`;
/** Closings after which targets are looked at. */
export const RECALIBRATE_CLOSINGS = 20;
/** Or this time after the last look, where anything closed. */
export const RECALIBRATE_MS = 60 * 60_000;
/** Events said at one look; the rest is said at the next. A batch of that size is one small row of the log. */
const MAX_SAID = 200;
/** Looks at which something is said again that does not arrive. */
const MAX_TIMES = 5;

export class Insight implements Watcher<ProjectState> {
  readonly #measuring: Measuring;
  #learner = new Learner();
  readonly #reviews = new ReviewLearner();
  readonly #finishes = new FinishSayer();
  #calibrated = { closings: 0, at_ms: -Infinity };

  /** Begun or moved, and not in the log yet as far as is known here: the event, and how often it was said. */
  readonly #unsaid = new Map<string, { event: OwnEvent; times: number }>();

  constructor(measuring = NOTHING_SET) {
    this.#measuring = measuring;
  }

  prepare(now_ms: number): Promise<void> {
    return this.#measuring.refresh(now_ms);
  }

  /** What it said is in the log. All else that it needs stands in the state. */
  note(event: StoredEvent): void {
    if (event.agent_id === AGENT) this.#unsaid.delete(keyOf(event));
  }

  look(state: ProjectState, now_ms: number): { events: OwnEvent[]; next_ms: number | null } {
    const { complexity: bounds } = this.#measuring.held;
    if (!sameBounds(this.#learner.bounds, bounds)) this.#relearn(bounds);
    const begun = this.#learner.learn(state);
    for (const event of begun.flatMap((one) => workForetold(one, state, now_ms))) this.#say(event);
    this.#reviews.learn(state);
    for (const event of changesMade(state, this.#reviews, now_ms)) this.#say(event);
    const live = () => liveOf(state, now_ms, this.#learner);
    for (const event of this.#finishes.made(state, now_ms, live)) this.#say(event);
    const breaches = breachesMade(state, this.#learner, now_ms);
    for (const event of breaches.events) this.#say(event);
    for (const event of this.#recalibrated(state, now_ms)) this.#say(event);
    const scored = [workScored, breachesScored, changesScored].flatMap((of) => of(state));
    const events = [...scored, ...this.#finishes.scored(state), ...this.#again()];
    const waits = this.#learner.closings > this.#calibrated.closings;
    const next_ms = Math.min(waits ? this.#calibrated.at_ms + RECALIBRATE_MS : Infinity, breaches.next_ms);
    return {
      events: events.slice(0, MAX_SAID),
      next_ms: events.length > MAX_SAID ? now_ms : next_ms === Infinity ? null : next_ms,
    };
  }

  /** Other bounds sort all work anew, as if the memory had been lost: what stands in the state is not said twice. */
  #relearn(bounds: ComplexityBounds | undefined): void {
    this.#learner = new Learner({ bounds });
    this.#calibrated = { closings: 0, at_ms: -Infinity };
  }

  #say(event: OwnEvent): void {
    this.#unsaid.set(keyOf(event), { event, times: 0 });
  }

  /** What the log has already is a duplicate there, and never noted: it is not said for ever. */
  #again(): OwnEvent[] {
    const events: OwnEvent[] = [];
    for (const [key, said] of this.#unsaid) {
      said.times += 1;
      if (said.times > MAX_TIMES) this.#unsaid.delete(key);
      else if (events.length < MAX_SAID) events.push(said.event);
    }
    return events;
  }

  #recalibrated(state: ProjectState, now_ms: number): OwnEvent[] {
    const { closings } = this.#learner;
    const since = closings - this.#calibrated.closings;
    if (since === 0) return [];
    if (since < RECALIBRATE_CLOSINGS && now_ms - this.#calibrated.at_ms < RECALIBRATE_MS) return [];
    this.#calibrated = { closings, at_ms: now_ms };
    const newest = [...state.closed_tasks.values()].at(-1);
    if (newest === undefined) return [];
    const stood = new Map<string, number>();
    for (const { metric, scope, target } of state.targets.values())
      if (target !== null) stood.set(targetKey(metric as Measure, scope), target);
    return MEASURES.flatMap((measure) =>
      recalibrate(this.#learner.forecasters[measure].pool, stood).map(
        ({ stratum, value, previous, n, method, alpha, shrunk_from }): OwnEvent => ({
          organ: ORGAN,
          cause: ["target", measure, stratum, newest.id, newest.closed_at ?? 0],
          event_type: "target_recalibrated",
          timestamp: isoOf(state.time),
          metadata: {
            metric: measure,
            scope: stratum,
            method: method ?? "order statistic",
            ...(shrunk_from === undefined ? {} : { reason: `too few of its own; moved from ${shrunk_from}` }),
          },
          metrics: {
            target: value,
            value: 1 - alpha,
            samples: n,
            ...(previous === null ? {} : { previous }),
          },
        }),
      ),
    );
  }
}

function sameBounds(a = COMPLEXITY_BOUNDS, b = COMPLEXITY_BOUNDS): boolean {
  return a.medium_from === b.medium_from && a.medium_to === b.medium_to;
}

/** Tells what was said apart; the same of the event that is stored. */
function keyOf({
  event_type,
  timestamp,
  metadata = {},
}: Pick<OwnEvent, "event_type" | "timestamp" | "metadata">): string {
  const { forecast_id = null, metric = null, scope = null } = metadata;
  return JSON.stringify([event_type, timestamp, forecast_id, metric, scope]);
}
