/** What stands between a feature and its end, in one word and the reason for it. */
import type { FeatureFinishInfo, Lateness, LateWord } from "../../../schema/wire/forecast.ts";
import type { Counts } from "../graph/status.ts";

export type RiskWord = LateWord;
export interface Risk {
  word: RiskWord;
  why: string;
}

export const RISK_LABEL: Record<RiskWord, string> = {
  high: "High",
  medium: "Medium",
  low: "Low",
  negligible: "Negligible",
  unknown: "Unknown",
};

/** Four futures in five that take three times as long as the middle one: nobody can plan with it. */
const WIDE = 3;
/** Half likely only then: a team of agents plans by days, and of a season ahead nobody says that it is on pace. */
const FAR_MS = 30 * 86_400_000;

export const lateText = (probability: number): string =>
  `late in ${Math.round(probability * 100)}% of futures`;

/**
 * The first that fits: nobody can go on, or everything open is stuck: high; in a sprint the probability to end after
 * it; something is stuck, or has outlasted all that was ever finished, or the forecast is far or wide: medium; a
 * forecast without any of it, or nothing left to do: low. Without a forecast it is unknown, unless something is stuck.
 */
export function riskOf(
  counts: Counts,
  finish: Pick<FeatureFinishInfo, "p50_at" | "p80_at" | "beyond_sample" | "why"> | null,
  now_ms: number,
  late: Lateness | null = null,
): Risk {
  const open = counts.total - counts.done;
  const stuck = counts.failed + counts.blocked;
  const words = [
    counts.failed > 0 ? `${counts.failed} failed` : "",
    counts.blocked > 0 ? `${counts.blocked} blocked` : "",
  ].filter((text) => text !== "");
  if (stuck > 0 && stuck === open) return { word: "high", why: `${words.join(", ")}, nothing moves` };
  if (late !== null && late.probability !== null) {
    const outlasted = finish?.beyond_sample ?? 0;
    if (outlasted > 0) words.push(`${outlasted} open for longer than any before`);
    // What has outlasted all that is known: the futures know it too little to call it safe.
    const is_safe = late.word === "negligible" || late.word === "low";
    const word = outlasted > 0 && is_safe ? "medium" : late.word;
    return { word, why: [...words, lateText(late.probability)].join(", ") };
  }
  if (stuck > 0) return { word: "medium", why: words.join(", ") };
  if (counts.total === 0) return { word: "unknown", why: "no tasks yet" };
  if (open === 0) return { word: "low", why: "all tasks done, not closed" };
  if (finish === null || finish.p50_at === null || finish.p80_at === null)
    return { word: "unknown", why: finish?.why ?? "no forecast" };
  const [p50, p80] = [Date.parse(finish.p50_at) - now_ms, Date.parse(finish.p80_at) - now_ms];
  if (counts.total === counts.pending) return { word: "medium", why: "not started" };
  const beyond = finish.beyond_sample;
  if (beyond > 0) return { word: "medium", why: `${beyond} open for longer than any before` };
  if (p50 > FAR_MS) return { word: "medium", why: "more than a month away" };
  if (p80 > WIDE * Math.max(p50, 60_000)) return { word: "medium", why: "the forecast is wide" };
  return { word: "low", why: "on pace" };
}
