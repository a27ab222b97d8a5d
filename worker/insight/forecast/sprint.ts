/**
 * A sprint's features: when each will be done, and the risk that it is late, P(finish > end of the sprint), as the
 * share of imagined futures that end later. The futures are stretched as the feature's 80th percentile was calibrated.
 */
import type { LateWord } from "../../../schema/wire/forecast.ts";
import type { FeatureFinish } from "./feature-finish.ts";

/**
 * Cut-offs of the risk. Below one in ten nobody acts; the proposal's P80 means that one in five is late as a rule, so
 * up to there it is on track; above one half it is more likely late than not.
 */
export const RISK_CUTS = { medium: 0.2, high: 0.5 } as const;
/** Below it a risk is not worth a line. */
export const NEGLIGIBLE = 0.1;

export interface SprintRisk {
  feature_id: string;
  /** Null: unknown. */
  late: number | null;
  word: LateWord;
  p50_at: number | null;
  p80_at: number | null;
}

export function sprintRisk(feature_id: string, finish: FeatureFinish | null, end_ms: number): SprintRisk {
  if (finish === null) return { feature_id, late: null, word: "unknown", p50_at: null, p80_at: null };
  const { draws_ms, made_ms, p50_ms, p80_ms } = finish;
  const at_80 = draws_ms[Math.floor(draws_ms.length * 0.8)] ?? 0;
  const stretch = at_80 > 0 ? p80_ms / at_80 : 1;
  const late =
    draws_ms.filter((draw) => made_ms + draw * stretch > end_ms).length / Math.max(1, draws_ms.length);
  return { feature_id, late, word: riskWord(late), p50_at: made_ms + p50_ms, p80_at: made_ms + p80_ms };
}

export function riskWord(late: number | null): LateWord {
  if (late === null) return "unknown";
  if (late >= RISK_CUTS.high) return "high";
  if (late >= RISK_CUTS.medium) return "medium";
  return late >= NEGLIGIBLE ? "low" : "negligible";
}
