/** When work will be done, as the picture says it: clock times at nodes, at waves, and in the first sentence. */
import type { FeatureForecast } from "../../../schema/wire/forecast.ts";
import { isTooFar } from "../../../schema/wire/horizon.ts";
import { whenText } from "../ui/when.ts";
import type { Phrase } from "./headline.ts";
import { type NodeKey, taskKey } from "./model.ts";

/** Middle and 80th percentile, ms since 1970. */
export interface Eta {
  p50: number;
  p80: number;
}
export type Etas = ReadonlyMap<NodeKey, Eta>;

/** The end of the year 9999: what lies beyond is no time that anybody waits for. */
const LAST_SAID_MS = Date.UTC(10_000, 0, 1) - 1;

export const NO_ETAS: Etas = new Map();

function etaOf(p50_at: string | null, p80_at: string | null): Eta | null {
  if (p50_at === null || p80_at === null) return null;
  const eta = { p50: Date.parse(p50_at), p80: Date.parse(p80_at) };
  return eta.p50 <= LAST_SAID_MS && eta.p80 <= LAST_SAID_MS ? eta : null;
}

export function etasOf(forecast: FeatureForecast | null): Etas {
  const etas = new Map<NodeKey, Eta>();
  for (const { task_id, p50_at, p80_at } of forecast?.tasks ?? []) {
    const eta = etaOf(p50_at, p80_at);
    if (eta !== null) etas.set(taskKey(task_id), eta);
  }
  return etas;
}

export const featureEta = (forecast: FeatureForecast | null): Eta | null =>
  forecast === null ? null : etaOf(forecast.p50_at, forecast.p80_at);

/** What stands under a wave's name: when its last open task will be done, else when its last one was. */
export function waveText(
  keys: readonly NodeKey[],
  etas: Etas,
  closedAt: (key: NodeKey) => number | null,
  now_ms: number,
): string | null {
  let p50: number | null = null;
  let closed: number | null = null;
  for (const key of keys) {
    const eta = etas.get(key);
    if (eta !== undefined) p50 = Math.max(p50 ?? 0, eta.p50);
    const closed_at = closedAt(key);
    if (closed_at !== null) closed = Math.max(closed ?? 0, closed_at);
    // Open, and nobody foretells it: what the others say is no answer for the wave.
    else if (eta === undefined) return null;
  }
  if (p50 !== null) return `${isTooFar(p50, now_ms) ? "" : "P50 "}${whenText(p50, now_ms)}`;
  return closed === null ? null : whenText(closed, now_ms);
}

/** Fewer earlier features than this have shown how such forecasts hold: then "likely", and nothing is called sure. */
const SURE_FROM = 3;

/** The part of the headline that looks ahead. Never more certain than its numbers. */
export function etaPhrase(forecast: FeatureForecast | null, now_ms: number): Phrase | null {
  const eta = featureEta(forecast);
  if (forecast === null || eta === null) return null;
  if (isTooFar(eta.p50, now_ms)) return { text: " When it is done is too far ahead to say.", task: null };
  const [p50, p80] = [whenText(eta.p50, now_ms), whenText(eta.p80, now_ms)];
  if (isTooFar(eta.p80, now_ms))
    return { text: ` Expected about ${p50}; how late it may be is too far ahead to say.`, task: null };
  // Far ahead both are the same month: said twice it would seem to be known better.
  const likely = p50 === p80 ? "" : `, likely by ${p80}`;
  const text =
    forecast.calibrated_by >= SURE_FROM
      ? ` Expected ${p50}, 80% sure by ${p80}.`
      : ` Expected about ${p50}${likely}; from ${String(forecast.samples)} finished, not calibrated yet.`;
  return { text, task: null };
}
