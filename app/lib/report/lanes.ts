/** Tasks over time: each phase a bar on an axis that all rows share. */
import type { FeatureReport, ReportPhase, ReportTask } from "../../../schema/wire/report.ts";

export interface Axis {
  from: number;
  to: number;
}

export interface PhaseBar {
  phase: ReportPhase;
  /** Shares of the axis, 0 to 1. */
  from: number;
  width: number;
}

/** From the first phase to the report's moment; null where no phase is known. */
export function axisOf({ tasks, at }: Pick<FeatureReport, "tasks" | "at">): Axis | null {
  const from = tasks.reduce((first, { phases }) => Math.min(first, phases[0]?.from ?? Infinity), Infinity);
  // What went on after the feature's end is drawn no more, so the end is the report's.
  return Number.isFinite(from) && at > from ? { from, to: at } : null;
}

export function barsOf({ phases }: Pick<ReportTask, "phases">, { from, to }: Axis): PhaseBar[] {
  const share = (ms: number): number => Math.min(1, Math.max(0, (ms - from) / (to - from)));
  return phases.map(({ phase, from: begin, to: end }) => {
    const left = share(begin);
    return { phase, from: left, width: share(end ?? to) - left };
  });
}

/** What a bar with its range says against the figure: places from 0 to 1. */
export function estimateOf(
  value: number,
  p50: number,
  p80: number | null,
): { value: number; p50: number; p80: number } {
  const most = Math.max(value, p80 ?? p50, p50) * 1.2 || 1;
  return { value: value / most, p50: p50 / most, p80: (p80 ?? p50) / most };
}
