/** Round moments under the time slider, on the reader's clock. All sizes in px. */
import { clockTime, dayText } from "../ui/duration.ts";
import type { Timeline } from "./scale.ts";

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
const EDGE_PX = 34;

/** Round moments on the reader's clock. */
export function ticksOf(timeline: Timeline, width: number): Tick[] {
  const { from, to } = timeline;
  const span_ms = to - from;
  if (span_ms <= 0 || width <= 0) return [];
  if (!timeline.even) return edgeTicks(timeline, width);
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
      label: step_ms >= DAY_MS || midnight ? dayText(at, to) : clockTime(at, step_ms < MINUTE_MS),
    });
  }
  return ticks;
}

/** Where buckets have different room, their edges alone have a time: as many of those as can be told apart. */
function edgeTicks({ from, to, edges }: Timeline, width: number): Tick[] {
  const ticks: Tick[] = [];
  const step_ms = (to - from) / (edges.length - 1);
  let last_px = 0;
  let last_day = "";
  edges.forEach((place, index) => {
    const x = place * width;
    if (x < EDGE_PX || width - x < EDGE_PX || (ticks.length > 0 && x - last_px < TICK_ROOM_PX)) return;
    const at = from + index * step_ms;
    const day = dayText(at, to);
    ticks.push({
      place,
      label: day === last_day ? clockTime(at, false) : day,
    });
    last_px = x;
    last_day = day;
  });
  return ticks;
}
