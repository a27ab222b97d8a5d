/** The axis of the time slider: time along it, the seq at each place, its ticks and its bars. All sizes in px. */
import type { TimelineResponse } from "../../../schema/wire/http.ts";
import { calendarDay, clockTime } from "../ui/duration.ts";

export type Timeline = TimelineResponse & { from: number; to: number };

/** A timeline of a log that has events. */
export function spanOf(timeline: TimelineResponse | null): Timeline | null {
  if (timeline === null || timeline.from === null || timeline.to === null || timeline.seqs.length === 0)
    return null;
  return { ...timeline, from: timeline.from, to: timeline.to };
}

/** 0 to 1 along the axis. */
export function placeOf(timeline: Timeline, time_ms: number): number {
  const { from, to } = timeline;
  return to === from ? 1 : Math.min(1, Math.max(0, (time_ms - from) / (to - from)));
}

/** The seq at a place, exact at the edges of buckets and even between them. */
export function seqAtPlace(timeline: Timeline, place: number): number {
  const { seqs } = timeline;
  const at = Math.min(1, Math.max(0, place)) * seqs.length;
  const bucket = Math.min(seqs.length - 1, Math.floor(at));
  const before = bucket === 0 ? 1 : (seqs[bucket - 1] ?? 1);
  const after = seqs[bucket] ?? before;
  return Math.round(before + (after - before) * (at - bucket));
}

/** Where a seq lies, as far as the buckets tell; the inverse of `seqAtPlace`. */
export function placeOfSeq(timeline: Timeline, seq: number): number {
  const { seqs } = timeline;
  let low = 0;
  let high = seqs.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((seqs[middle] ?? Infinity) < seq) low = middle + 1;
    else high = middle;
  }
  const before = low === 0 ? 1 : (seqs[low - 1] ?? 1);
  const after = seqs[low] ?? before;
  const within = after === before ? 1 : (seq - before) / (after - before);
  return (low + Math.min(1, Math.max(0, within))) / seqs.length;
}

/** Bars of event density as one SVG path: the root of the share, so that a quiet hour is seen beside a burst. */
export function densityPath(timeline: Timeline, width: number, base: number, tallest: number): string {
  const { seqs } = timeline;
  const counts = seqs.map((seq, index) => seq - (index === 0 ? 0 : (seqs[index - 1] ?? 0)));
  const most = Math.max(1, ...counts);
  const pitch = width / seqs.length;
  const bar = Math.max(1, Math.min(3, pitch - 1));
  let path = "";
  counts.forEach((count, index) => {
    if (count <= 0) return;
    const height = 2 + (tallest - 2) * Math.sqrt(count / most);
    const x = (index + 0.5) * pitch - bar / 2;
    path += `M${x.toFixed(1)} ${String(base)}v${(-height).toFixed(1)}h${bar.toFixed(1)}v${height.toFixed(1)}z`;
  });
  return path;
}

export interface Tick {
  place: number;
  label: string;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const STEPS_MS = [
  1_000,
  5_000,
  15_000,
  30_000,
  MINUTE_MS,
  5 * MINUTE_MS,
  15 * MINUTE_MS,
  30 * MINUTE_MS,
  HOUR_MS,
  3 * HOUR_MS,
  6 * HOUR_MS,
  12 * HOUR_MS,
  DAY_MS,
  2 * DAY_MS,
  7 * DAY_MS,
  14 * DAY_MS,
  30 * DAY_MS,
  90 * DAY_MS,
  365 * DAY_MS,
];
/** A label and the air around it. */
const TICK_ROOM_PX = 96;
/** A label is centred under its tick; nearer to an end than this it would be cut. */
const EDGE_PX = 24;

/** Round moments on the reader's clock. */
export function ticksOf(timeline: Timeline, width: number): Tick[] {
  const { from, to } = timeline;
  const span_ms = to - from;
  if (span_ms <= 0 || width <= 0) return [];
  const most = Math.max(1, Math.floor(width / TICK_ROOM_PX));
  const step_ms = STEPS_MS.find((step) => span_ms / step <= most) ?? Math.ceil(span_ms / most);
  const offset_ms = new Date(from).getTimezoneOffset() * MINUTE_MS;
  const ticks: Tick[] = [];
  for (let at = Math.ceil((from - offset_ms) / step_ms) * step_ms + offset_ms; at <= to; at += step_ms) {
    const place = (at - from) / span_ms;
    if (place * width < EDGE_PX || (1 - place) * width < EDGE_PX) continue;
    const midnight = clockTime(at) === "00:00:00";
    ticks.push({
      place,
      label: step_ms >= DAY_MS || midnight ? calendarDay(at).slice(5) : clockTime(at, step_ms < MINUTE_MS),
    });
  }
  return ticks;
}
