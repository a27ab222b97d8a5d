/** One cell of the tally: the sums of one slot of time for one feature, agent, model, kind and complexity. */
import type { Complexity } from "./complexity.ts";
import { noteCoverage, type Coverage } from "./coverage.ts";
import { addSums, createSums, SUM_NAMES, type SumName, type Sums } from "./sums.ts";

/** By what sums are kept apart. Null: not known, or not of any. */
export interface Subjects {
  feature: string | null;
  role: string | null;
  agent: string | null;
  model: string | null;
  /** The sender's kind of task or feature. */
  kind: string | null;
  complexity: Complexity | null;
}
export const SUBJECTS = ["feature", "role", "agent", "model", "kind", "complexity"] as const;

export interface Cell {
  of: Subjects;
  sums: Sums;
  /** Hours of the UTC day in which there was work, a bit each. */
  hours: number;
  coverage: Coverage[];
}

export const NOBODY: Subjects = {
  feature: null,
  role: null,
  agent: null,
  model: null,
  kind: null,
  complexity: null,
};

export function createCell(of: Subjects): Cell {
  return { of, sums: createSums(), hours: 0, coverage: [] };
}

/** Different for different subjects, whatever text they are. */
export function cellKey(of: Subjects): string {
  const { feature, role, agent, model, kind, complexity } = of;
  return `${part(feature)}${part(role)}${part(agent)}${part(model)}${part(kind)}${complexity ?? ""}`;
}

const part = (text: string | null) => (text === null ? "-" : `${text.length}:${text}`);

export function addCell(to: Cell, from: Cell): void {
  addSums(to.sums, from.sums);
  to.hours |= from.hours;
  for (const measured of from.coverage) noteCoverage(to.coverage, measured);
}

/** As JSON: subjects, hours, then position and value of each sum that is not zero, then coverage where there is any. */
export type WireCell = [
  subjects: (string | null)[],
  hours: number,
  sums: number[],
  coverage?: [string, number, number, number | null][],
];

export function encodeCell({ of, sums, hours, coverage }: Cell): WireCell {
  const filled: number[] = [];
  for (const [i, name] of SUM_NAMES.entries()) if (sums[name] !== 0) filled.push(i, sums[name]);
  const subjects = SUBJECTS.map((name) => of[name]);
  if (coverage.length === 0) return [subjects, hours, filled];
  return [
    subjects,
    hours,
    filled,
    coverage.map(({ suite, time_ms, percent, lines }) => [suite, time_ms, percent, lines]),
  ];
}

export function decodeCell([subjects, hours, filled, coverage = []]: WireCell): Cell {
  const [feature = null, role = null, agent = null, model = null, kind = null, complexity = null] = subjects;
  const cell = createCell({ feature, role, agent, model, kind, complexity: complexity as Complexity | null });
  cell.hours = hours;
  for (let i = 0; i < filled.length; i += 2) {
    const name: SumName | undefined = SUM_NAMES[filled[i] ?? -1];
    if (name !== undefined) cell.sums[name] = filled[i + 1] ?? 0;
  }
  cell.coverage = coverage.map(([suite, time_ms, percent, lines]) => ({ suite, time_ms, percent, lines }));
  return cell;
}
