/** Where an axis is labelled: round numbers, spans and moments, as a person counts. */

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

const SPAN_STEPS_MS: readonly number[] = [
  ...[1, 2, 5, 10, 15, 30].map((count) => count * SECOND_MS),
  ...[1, 2, 5, 10, 15, 30].map((count) => count * MINUTE_MS),
  ...[1, 2, 3, 6, 12].map((count) => count * HOUR_MS),
  ...[1, 2, 5, 7, 14, 28, 56, 91, 182, 365].map((count) => count * DAY_MS),
];

/** From 0 to a tick: beyond it a number no longer tells one step from the next. */
const MAX_STEPS = 1e12;

/** Multiples of 1, 2 or 5 times a power of ten within the range, `count` of them at most or a few less. */
export function numberTicks(low: number, high: number, count: number): number[] {
  if (!(high > low) || count < 1) return [];
  const rough = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((each) => each * power >= rough) ?? 10);
  // Divided, not multiplied, where the step is a fraction: 3 × 0.1 is not 0.3.
  const at = step < 1 ? (i: number) => i / Math.round(1 / step) : (i: number) => i * step;
  // Of so narrow a range that its steps are lost in rounding there are no round numbers.
  if (Math.max(Math.abs(low), Math.abs(high)) / step > MAX_STEPS) return [];
  return between(low / step, high / step).map(at);
}

/** The same for durations in ms: steps of seconds, minutes, hours and days. */
export function spanTicks(low: number, high: number, count: number): number[] {
  if (!(high > low) || count < 1) return [];
  const rough = (high - low) / count;
  if (rough < SECOND_MS) return numberTicks(low, high, count);
  const step = SPAN_STEPS_MS.find((each) => each >= rough);
  if (step === undefined) return numberTicks(low / DAY_MS, high / DAY_MS, count).map((days) => days * DAY_MS);
  return between(low / step, high / step).map((i) => i * step);
}

export interface TimeTicks {
  at: number[];
  step_ms: number;
}

/** Moments at whole hours and days of the reader's clock. `offset_ms`: by which that is ahead of UTC at a moment. */
export function timeTicks(
  from: number,
  to: number,
  count: number,
  offset_ms: (ms: number) => number,
): TimeTicks {
  if (!(to > from) || count < 1) return { at: [], step_ms: 0 };
  const rough = (to - from) / count;
  const step_ms = SPAN_STEPS_MS.find((each) => each >= rough) ?? Math.ceil(rough / DAY_MS) * DAY_MS;
  const local_from = from + offset_ms(from);
  const at: number[] = [];
  for (let local = Math.ceil(local_from / step_ms) * step_ms; ; local += step_ms) {
    // The offset of that moment, not of the first: a day on which clocks change has 23 or 25 hours.
    const guess = local - offset_ms(local - offset_ms(from));
    if (guess > to) return { at, step_ms };
    if (guess >= from) at.push(guess);
  }
}

/** Those that have room: every second, third … of them where labels would run into each other. */
export function spaced(ticks: readonly number[], place: (value: number) => number, gap_px: number): number[] {
  const [first = 0, second = first] = ticks;
  const step_px = Math.abs(place(second) - place(first));
  const every = step_px > 0 ? Math.ceil(gap_px / step_px) : 1;
  return ticks.filter((_, i) => i % every === 0);
}

/** Nearer to an edge of the plot than this, a label is set from its own beginning or end. */
const EDGE_PX = 24;
/** Of a digit at the size of labels, and the air between two of them. */
const CHARACTER_PX = 6;
const AIR_PX = 6;

export function anchorOf(at: number, width: number): "start" | "middle" | "end" {
  return at < EDGE_PX ? "start" : at > width - EDGE_PX ? "end" : "middle";
}

/** Every second, third … of them where what is written would run into its neighbour, as it is anchored. */
export function apart(
  ticks: readonly number[],
  label: (value: number) => { at: number; text: string; width: number },
): number[] {
  const ends = ticks.map((value) => {
    const { at, text, width } = label(value);
    const length = text.length * CHARACTER_PX;
    const from = at - { start: 0, middle: length / 2, end: length }[anchorOf(at, width)];
    return { from, to: from + length + AIR_PX };
  });
  for (let every = 1; every < ticks.length; every += 1) {
    const kept = ends.filter((_, i) => i % every === 0);
    if (kept.every(({ from }, i) => i === 0 || from >= (kept[i - 1]?.to ?? -Infinity)))
      return ticks.filter((_, i) => i % every === 0);
  }
  return ticks.slice(0, 1);
}

function between(first: number, last: number): number[] {
  const found: number[] = [];
  // 0 and not -0, which a label would show.
  for (let i = Math.ceil(first); i <= Math.floor(last); i += 1) found.push(i === 0 ? 0 : i);
  return found;
}
