/** When a feature will be done, as answers say it. */
import type { Feature } from "../../../schema/state/entity/feature.ts";
import type { FeatureFinishInfo } from "../../../schema/wire/forecast.ts";
import type { FeatureFinish } from "../forecast/feature-finish.ts";
import type { Live } from "../forecast/finish.ts";
import { durationWords } from "../forecast/words.ts";

export const isoOf = (time_ms: number): string => new Date(time_ms).toISOString();
export const CLOSED = "it is closed";

export function infoOf(feature: Feature, finish: FeatureFinish | null, live: Live): FeatureFinishInfo {
  const open_tasks = live.tasks.filter((task) => task.feature_id === feature.id).length;
  const why =
    feature.closed_at !== null
      ? CLOSED
      : open_tasks === 0
        ? "it has no open task"
        : finish === null
          ? "no task was finished yet to draw times from"
          : null;
  return {
    feature_id: feature.id,
    title: feature.title,
    open_tasks,
    p50_at: momentOf(finish, finish?.p50_ms),
    p80_at: momentOf(finish, finish?.p80_ms),
    words: finish === null ? `unknown: ${why ?? ""}` : finishWords(finish),
    samples: finish?.n ?? 0,
    calibrated_by: finish?.calibrated_by ?? 0,
    beyond_sample: finish?.beyond_sample ?? 0,
    why,
  };
}

/** The last moment that a Date can say. */
const LAST_MS = 8.64e15;

export function momentOf(finish: FeatureFinish | null, after_ms: number | undefined): string | null {
  if (finish === null || after_ms === undefined) return null;
  return isoOf(Math.min(LAST_MS, finish.made_ms + after_ms));
}

export function finishWords(finish: FeatureFinish): string {
  const { p50_ms, p80_ms, open, n, basis, calibrated_by, beyond_sample, omitted } = finish;
  const tasks = `${open} open task${open === 1 ? "" : "s"}`;
  const worn = calibrated_by > 0 ? "" : "; not calibrated by earlier features";
  // By the lead, from creation to close, nobody needs to have begun it.
  const state = basis === "lead" ? "open" : "running";
  const beyond = beyond_sample > 0 ? `; ${beyond_sample} ${state} longer than any known one` : "";
  const unfollowed = omitted > 0 ? `; ${omitted} dependencies of the project are too many to follow` : "";
  return `half likely in ${durationWords(p50_ms)}, four of five in ${durationWords(p80_ms)}: ${tasks}, from ${n} finished${beyond}${unfollowed}${worn}`;
}
