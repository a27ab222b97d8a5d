/** The part of the slider that has not happened: when what is in view will be done. */
import { isTooFar } from "../../../schema/wire/horizon.ts";
import { whenText } from "../ui/when.ts";

export interface Ahead {
  /** Width of what has happened, px; the rest of the axis lies ahead. */
  past_px: number;
  ticks: { x: number; label: string; anchor: "start" | "middle" | "end" }[];
}

/** Of a label, px: a character of it, and the air around it. */
const CHARACTER_PX = 6.2;
const AIR_PX = 14;
/** The past keeps most of the axis: it is what is travelled in. */
const MAX_SHARE = 0.3;
/** A forecast moves with every event; the axis moves in steps. */
const STEP_PX = 24;
/** On a narrower axis the past needs all of it, px. */
const LEAST_AXIS_PX = 420;

/** `span_ms`: what has happened. The future has the past's scale where it fits into its share, else one of its own. */
export function aheadOf(
  width: number,
  to_ms: number,
  span_ms: number,
  eta: { p50: number; p80: number } | null,
): Ahead {
  const ahead_ms = eta === null ? 0 : eta.p80 - to_ms;
  // A tick that nobody can name would press the past aside for nothing.
  if (eta === null || ahead_ms <= 0 || isTooFar(eta.p80, to_ms) || width < LEAST_AXIS_PX)
    return { past_px: width, ticks: [] };
  const [said50, said80] = [`P50 ${whenText(eta.p50, to_ms)}`, `P80 ${whenText(eta.p80, to_ms)}`];
  const label_px = Math.max(said50.length, said80.length) * CHARACTER_PX + AIR_PX;
  const even_px = (width * ahead_ms) / (ahead_ms + span_ms);
  const wanted_px = Math.min(width * MAX_SHARE, Math.max(2 * label_px, even_px));
  const room_px = Math.floor(wanted_px / STEP_PX) * STEP_PX;
  const past_px = width - room_px;
  // The last tick keeps off the end, where LIVE stands.
  const at = (time_ms: number) => past_px + Math.max(0, (time_ms - to_ms) / ahead_ms) * (room_px - AIR_PX);
  const [x50, x80] = [at(eta.p50), at(eta.p80)];
  return {
    past_px,
    ticks:
      x80 - x50 < label_px * 1.5
        ? [
            { x: x50, label: "", anchor: "middle" },
            { x: x80, label: `${said50} · ${said80.slice(4)} P80`, anchor: "end" },
          ]
        : [
            { x: x50, label: said50, anchor: x50 - past_px < label_px / 2 ? "start" : "middle" },
            { x: x80, label: said80, anchor: "end" },
          ],
  };
}
