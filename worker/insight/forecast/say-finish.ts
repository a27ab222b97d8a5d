/** When a feature will be done: said once when work on it begins, at most MAX_PER_LOOK at one look, scored at its end. */
import type { OwnEvent } from "../../../schema/event/own.ts";
import { findFeature } from "../../../schema/state/select.ts";
import type { Feature } from "../../../schema/state/entity/feature.ts";
import type { ProjectState } from "../../../schema/state/state.ts";
import { FeatureFinishes, LEVELS } from "./feature-finish.ts";
import type { Live } from "./finish.ts";
import { isSaid, madeEvent, NEWS_MS, scoredEvent, type About } from "./say.ts";

export const FINISH = "finish";
/** Each has 200 futures imagined, some 10 ms of the room's time. */
const MAX_PER_LOOK = 4;
/** Remembered; as many may be open in a room. */
const MAX_UNSAID = 500;

const aboutFeature = (id: string): About => ({ feature_id: id });

export class FinishSayer {
  readonly #finishes = new FeatureFinishes();
  /** Features of which nothing could be said when they began, and when that was: futures are dear, and asked for once. */
  readonly #unsaid = new Map<string, number>();

  /** `live`: only made where a feature began. */
  made(state: ProjectState, now_ms: number, live: () => Live): OwnEvent[] {
    const begun = [...state.open_features.values()].flatMap((feature) => {
      const at_ms = feature.started_at;
      if (at_ms === null || at_ms > now_ms || now_ms - at_ms > NEWS_MS) return [];
      if (this.#unsaid.get(feature.id) === at_ms) return [];
      return isSaid(state, idOf(feature), at_ms) ? [] : [{ feature, at_ms }];
    });
    if (begun.length === 0) return [];
    const now = live();
    return begun.slice(0, MAX_PER_LOOK).flatMap(({ feature, at_ms }): OwnEvent[] => {
      const said = this.#finishes.begin(feature.id, { ...now, now_ms: at_ms });
      // Without a length nothing can be held against it.
      if (said === null || !(said.p80_ms > 0)) {
        this.#note(feature.id, at_ms);
        return [];
      }
      const figures = { predicted: said.p50_ms, high: said.p80_ms, coverage: LEVELS[1], samples: said.n };
      const method = said.calibrated_by > 0 ? "futures, calibrated" : "futures";
      const about = aboutFeature(feature.id);
      return [madeEvent({ id: idOf(feature), metric: FINISH, method, at_ms, about, figures })];
    });
  }

  #note(feature_id: string, at_ms: number): void {
    this.#unsaid.delete(feature_id);
    this.#unsaid.set(feature_id, at_ms);
    const [oldest] = this.#unsaid.keys();
    if (oldest !== undefined && this.#unsaid.size > MAX_UNSAID) this.#unsaid.delete(oldest);
  }

  scored(state: ProjectState): OwnEvent[] {
    return [...state.open_forecasts.values()].flatMap((made): OwnEvent[] => {
      if (made.metric !== FINISH || made.feature_id === null || made.made_at === null) return [];
      const feature = findFeature(state, made.feature_id);
      if (feature === undefined || feature.closed_at === null || feature.status === "abandoned") return [];
      this.#finishes.close(feature.id, feature.closed_at);
      const took_ms = feature.closed_at - made.made_at;
      if (!(took_ms > 0)) return [];
      return [scoredEvent(made, took_ms, feature.closed_at, aboutFeature(feature.id))];
    });
  }
}

const idOf = ({ id }: Pick<Feature, "id">): string => `${FINISH}:${id}`;
