/** The axis of the time slider: time along it, the seq at each place, and its bars. All sizes in px. */
import type { TimelineResponse } from "../../../schema/wire/http.ts";

export type Timeline = TimelineResponse & {
  from: number;
  to: number;
  /** Places of the buckets' edges, 0 to 1; one more than there are buckets. */
  edges: number[];
  /** Every bucket has the same room; else a place tells no time within its bucket. */
  even: boolean;
};

/**
 * Years of imported history and a day of live work share one axis: by time alone, the day would be
 * a hair at its end. Where most events lie in few of the buckets, a bucket's room is half by its
 * time and half by its events, so that neither the quiet years nor the busy day disappear.
 */
const CROWD_EVENTS = 0.7;
const CROWD_BUCKETS = 0.1;
/** With fewer buckets, or so few events that each can be met with the keys, nothing is crowded out. */
const LEAST_BUCKETS = 20;
const LEAST_EVENTS = 2_000;

function isCrowded(counts: readonly number[]): boolean {
  const few = counts.toSorted((a, b) => b - a).slice(0, Math.floor(counts.length * CROWD_BUCKETS));
  const sum = (some: readonly number[]) => some.reduce((total, count) => total + count, 0);
  const total = sum(counts);
  return counts.length >= LEAST_BUCKETS && total >= LEAST_EVENTS && sum(few) >= CROWD_EVENTS * total;
}

const countsOf = (seqs: readonly number[]) =>
  seqs.map((seq, index) => Math.max(0, seq - (index === 0 ? 0 : (seqs[index - 1] ?? 0))));

/** A timeline of a log that has events. */
export function spanOf(timeline: TimelineResponse | null): Timeline | null {
  if (timeline === null || timeline.from === null || timeline.to === null || timeline.seqs.length === 0)
    return null;
  const counts = countsOf(timeline.seqs);
  const total = Math.max(
    1,
    counts.reduce((sum, count) => sum + count, 0),
  );
  const even = !isCrowded(counts);
  const edges = [0];
  counts.forEach((count, index) => {
    const by_time = 1 / counts.length;
    edges.push((edges[index] ?? 0) + (even ? by_time : (by_time + count / total) / 2));
  });
  return { ...timeline, from: timeline.from, to: timeline.to, edges, even };
}

/** Of a place between buckets: 2.5 is the middle of the third. */
function bucketAt(timeline: Timeline, place: number): number {
  const { edges, even } = timeline;
  const count = edges.length - 1;
  const at = Math.min(1, Math.max(0, place));
  if (even) return at * count;
  let low = 0;
  let high = count - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((edges[middle + 1] ?? 1) <= at) low = middle + 1;
    else high = middle;
  }
  const [start, end] = [edges[low] ?? 0, edges[low + 1] ?? 1];
  return low + Math.min(1, Math.max(0, (at - start) / Math.max(1e-12, end - start)));
}

/** The inverse of `bucketAt`. */
export function placeOfBucket({ edges, even }: Timeline, bucket: number): number {
  const count = edges.length - 1;
  const at = Math.min(count, Math.max(0, bucket));
  if (even) return at / count;
  const index = Math.min(count - 1, Math.floor(at));
  const [start, end] = [edges[index] ?? 0, edges[index + 1] ?? 1];
  return start + (end - start) * (at - index);
}

/** 0 to 1 along the axis. */
export function placeOf(timeline: Timeline, time_ms: number): number {
  const { from, to, edges } = timeline;
  if (to === from) return 1;
  const share = Math.min(1, Math.max(0, (time_ms - from) / (to - from)));
  return placeOfBucket(timeline, share * (edges.length - 1));
}

/** The seq at a place, exact at the edges of buckets and even between them. */
export function seqAtPlace(timeline: Timeline, place: number): number {
  return seqAtBucket(timeline, bucketAt(timeline, place));
}

/** As many bars on or back from a seq; below 0 and above the last one, the first and the last. */
export function seqAtBar(timeline: Timeline, seq: number, by: number): { seq: number; beyond: boolean } {
  const bucket = bucketOfSeq(timeline, seq) + by;
  return { seq: seqAtBucket(timeline, bucket), beyond: bucket >= timeline.seqs.length };
}

function seqAtBucket({ seqs }: Timeline, at: number): number {
  const bucket = Math.min(seqs.length - 1, Math.max(0, Math.floor(at)));
  const before = bucket === 0 ? 1 : (seqs[bucket - 1] ?? 1);
  const after = seqs[bucket] ?? before;
  return Math.round(before + (after - before) * Math.min(1, Math.max(0, at - bucket)));
}

/** Where a seq lies, as far as the buckets tell; the inverse of `seqAtPlace`. */
export function placeOfSeq(timeline: Timeline, seq: number): number {
  return placeOfBucket(timeline, bucketOfSeq(timeline, seq));
}

function bucketOfSeq({ seqs }: Timeline, seq: number): number {
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
  return low + Math.min(1, Math.max(0, within));
}

/** A bar is no wider than this, with as much air beside it where there is room. */
const BAR_PX = 3;

/** Bars of event density as one SVG path: the root of the share, so that a quiet hour is seen beside a burst. */
export function densityPath(timeline: Timeline, width: number, base: number, tallest: number): string {
  const { seqs, edges, even } = timeline;
  const counts = countsOf(seqs);
  const pitches = counts.map((_, index) => ((edges[index + 1] ?? 1) - (edges[index] ?? 0)) * width);
  // Per px: a bucket with more room is no taller for it.
  const densities = counts.map((count, index) => count / Math.max(1, pitches[index] ?? 1));
  const most = Math.max(1e-9, ...densities);
  let path = "";
  counts.forEach((count, index) => {
    if (count <= 0) return;
    const pitch = pitches[index] ?? 1;
    // One that is as wide as many is a row of bars, each as tall: nobody knows when within it its events were.
    const bars = even ? 1 : Math.max(1, Math.min(count, Math.floor(pitch / (2 * BAR_PX))));
    const step = pitch / bars;
    const bar = Math.max(1, Math.min(BAR_PX, step - 1));
    const height = 2 + (tallest - 2) * Math.sqrt((densities[index] ?? 0) / most);
    for (let each = 0; each < bars; each++) {
      const x = (edges[index] ?? 0) * width + each * step + (step - bar) / 2;
      path += `M${x.toFixed(1)} ${String(base)}v${(-height).toFixed(1)}h${bar.toFixed(1)}v${height.toFixed(1)}z`;
    }
  });
  return path;
}
