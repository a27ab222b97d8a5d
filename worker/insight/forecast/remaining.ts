/**
 * How long an open task still takes, as values that are equally likely.
 *
 * Of one that is as old as others were when they were done it is what those took beyond its age. Where fewer than five
 * (LEAST_LONGER) lasted longer, they say too little: for each that is missing stands the law of what outlived all that
 * is known, P(longer than t | longer than e) = e / t (Pareto with the index 1; Gott, Nature 1993): as long again in
 * the middle, four times as long for one in five. Without it everything long overdue would be done at one moment.
 *
 * What nobody has begun takes its work, from when an agent is free. But what has waited for longer than all but a few
 * ever did is not about to be begun: it is drawn from lead times, which hold the waiting.
 */
import type { Pool, Sample } from "../target/pool.ts";
import { strataOf } from "../target/stratum.ts";
import { LEAST_SAMPLE } from "../target/target.ts";
import { soFar, type WorkRecord } from "../work/record.ts";

const LEAST_LONGER = 5;
/** Middles of sevenths: few draws hit the middle one and the 80th percentile without chance moving them. */
const SEVENTHS = [1, 3, 5, 7, 9, 11, 13].map((part) => 14 / part - 1);

export interface Remaining {
  values_ms: number[];
  /** Finished tasks that it rests on. */
  n: number;
  /** It runs (by lead times: is open) for longer than all that is known. */
  is_beyond: boolean;
}

/** Null where nothing was ever finished. `lead`: for what waits. */
export function remainingOf(
  task: WorkRecord,
  pool: Pool,
  { lead, now_ms }: { lead: Pool; now_ms: number },
): Remaining | null {
  const own = remainingIn(task, pool, now_ms);
  if (own === null || pool === lead || task.started_at !== null || task.created_at === null) return own;
  const sample = sampleOf(task, lead);
  if (sample === undefined || sample.recent.values.length < LEAST_SAMPLE) return own;
  const waited_ms = soFar(task, "lead", now_ms) ?? 0;
  const longer = sample.recent.values.filter((value) => value > waited_ms).length;
  if (longer >= LEAST_LONGER) return own;
  const waiting = remainingIn(task, lead, now_ms);
  return waiting === null ? own : { ...waiting, is_beyond: false };
}

function remainingIn(task: WorkRecord, pool: Pool, now_ms: number): Remaining | null {
  const sample = sampleOf(task, pool);
  if (sample === undefined || sample.recent.values.length === 0) return null;
  const { values } = sample.recent;
  const elapsed = soFar(task, pool.measure, now_ms) ?? 0;
  const longer = values.filter((value) => value > elapsed).map((value) => value - elapsed);
  return { values_ms: withTail(longer, elapsed), n: values.length, is_beyond: longer.length === 0 };
}

const sampleOf = (task: WorkRecord, pool: Pool): Sample | undefined =>
  strataOf(task)
    .map((stratum) => pool.sample(stratum))
    .find((one) => (one?.recent.values.length ?? 0) >= LEAST_SAMPLE) ?? pool.sample("task");

function withTail(longer: number[], elapsed: number): number[] {
  // Of what has just begun nothing was outlived: a small sample is all there is.
  if (longer.length >= LEAST_LONGER || elapsed === 0) return longer;
  const tail = SEVENTHS.map((times) => times * elapsed);
  return [
    ...longer.flatMap((value) => tail.map(() => value)),
    ...Array.from({ length: LEAST_LONGER - longer.length }, () => tail).flat(),
  ];
}
