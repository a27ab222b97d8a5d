/**
 * Finishes of features, held against what came: the futures of `finish.ts` know nothing of tasks that are added later
 * and of nights, so their percentiles are moved by what those of earlier features turned out to lack. Below the sample
 * that this needs, the futures stand as they are and are marked as not calibrated.
 */
import { Bound } from "./bound.ts";
import { Deadlines } from "./deadline.ts";
import { finishOf, finishOfAll, type Finish, type Live } from "./finish.ts";

export const LEVELS = [0.5, 0.8] as const;
export type Level = (typeof LEVELS)[number];

export interface FeatureFinish extends Finish {
  made_ms: number;
  /** Features whose finish was foretold and came; 0: not calibrated. */
  calibrated_by: number;
}

interface Awaited {
  made_ms: number;
  made: number;
  raw: Record<Level, number>;
  said: Record<Level, number>;
  was_overdue: Record<Level, boolean>;
}

const ALL = ["feature"];
/** Features whose end is awaited; the oldest is forgotten. As many may be open in a room. */
const MAX_AWAITED = 500;

export class FeatureFinishes {
  readonly #bounds: Record<Level, Bound> = { 0.5: new Bound(0.5), 0.8: new Bound(0.2) };
  readonly #deadlines: Record<Level, Deadlines> = { 0.5: new Deadlines(), 0.8: new Deadlines() };
  readonly #awaited = new Map<string, Awaited>();
  #made = 0;

  forecast(feature_id: string, live: Live): FeatureFinish | null {
    return this.forecastAll([feature_id], live);
  }

  /** When the last of them will be done. */
  forecastAll(feature_ids: readonly string[], live: Live): FeatureFinish | null {
    const raw = finishOfAll(feature_ids, live);
    return raw === null ? null : this.#corrected(raw, live);
  }

  #corrected(raw: Finish, live: Live): FeatureFinish {
    const at_80 = this.#bounds[0.8].factor(ALL);
    const at_50 = this.#bounds[0.5].factor(ALL);
    const corrected = (said: { p50_ms: number; p80_ms: number }) => {
      const p80_ms = said.p80_ms * (at_80?.value ?? 1);
      return { p80_ms, p50_ms: Math.min(p80_ms, said.p50_ms * (at_80 === null ? 1 : (at_50?.value ?? 1))) };
    };
    // Its tasks are moved with it, or its last task would be done at another time than the feature.
    const tasks = raw.tasks.map((task) => ({ ...task, ...corrected(task) }));
    return { ...raw, ...corrected(raw), tasks, made_ms: live.now_ms, calibrated_by: at_80?.n ?? 0 };
  }

  /** Foretold once, when work on it begins, and scored when it ends. */
  begin(feature_id: string, live: Live): FeatureFinish | null {
    this.#tick(live.now_ms);
    const raw = finishOf(feature_id, live);
    if (raw === null) return null;
    const said = this.#corrected(raw, live);
    const made = ++this.#made;
    this.#awaited.delete(feature_id);
    this.#awaited.set(feature_id, {
      made_ms: live.now_ms,
      made,
      raw: { 0.5: raw.p50_ms, 0.8: raw.p80_ms },
      said: { 0.5: said.p50_ms, 0.8: said.p80_ms },
      was_overdue: { 0.5: false, 0.8: false },
    });
    this.#deadlines[0.5].add({ at_ms: live.now_ms + said.p50_ms, id: feature_id, made });
    this.#deadlines[0.8].add({ at_ms: live.now_ms + said.p80_ms, id: feature_id, made });
    if (this.#awaited.size > MAX_AWAITED) {
      const [oldest] = this.#awaited.keys();
      if (oldest !== undefined) this.#awaited.delete(oldest);
    }
    return said;
  }

  close(feature_id: string, closed_ms: number): void {
    this.#tick(closed_ms);
    const awaited = this.#awaited.get(feature_id);
    if (awaited === undefined) return;
    this.#awaited.delete(feature_id);
    const took_ms = closed_ms - awaited.made_ms;
    if (!(took_ms > 0)) return;
    for (const level of LEVELS)
      this.#bounds[level].score(
        {
          ratio: took_ms / awaited.raw[level],
          missed: took_ms > awaited.said[level],
          was_overdue: awaited.was_overdue[level],
        },
        ALL,
      );
  }

  #tick(now_ms: number): void {
    for (const level of LEVELS)
      for (const { id, made } of this.#deadlines[level].over(now_ms)) {
        const awaited = this.#awaited.get(id);
        if (awaited?.made !== made) continue;
        awaited.was_overdue[level] = true;
        this.#bounds[level].overdue(ALL);
      }
  }
}
