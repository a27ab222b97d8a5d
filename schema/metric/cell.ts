/** One cell of the tally: the sums of one slot of time for one feature, agent, model, kind and complexity. */
import type { Complexity } from "./complexity.ts";
import { noteCoverage, type Coverage } from "./coverage.ts";
import { addSums, createSparseSums, packedAmount, SUM_NAMES, type SumName, type Sums } from "./sums.ts";

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

/** How much is told apart; 2: all there is; 1: who, and no longer for what; 0: neither (`detail.ts`). */
export type Detail = 0 | 1 | 2;

export interface Cell {
  of: Subjects;
  sums: Sums;
  /** Hours of the UTC day in which there was work, a bit each. */
  hours: number;
  coverage: Coverage[];
  /** Less than 2 once it was put together with others. */
  detail: Detail;
  /** Position and value of each sum that is not zero, where it is as it was stored. */
  packed?: readonly number[];
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
  return { of, sums: createSparseSums(), hours: 0, coverage: [], detail: 2 };
}

/** Different for different subjects, whatever text they are. */
export function cellKey(of: Subjects): string {
  const { feature, role, agent, model, kind, complexity } = of;
  return `${part(feature)}${part(role)}${part(agent)}${part(model)}${part(kind)}${complexity ?? ""}`;
}

const part = (text: string | null) => (text === null ? "-" : `${text.length}:${text}`);

/** Sums of what is packed are named only where somebody asks for them. */
export function amountOf(cell: Cell, name: SumName): number {
  return cell.packed === undefined ? cell.sums[name] : packedAmount(cell.packed, name);
}

export function addCell(to: Cell, from: Cell): void {
  if (from.detail < to.detail) to.detail = from.detail;
  addSums(to.sums, from.sums);
  to.hours |= from.hours;
  for (const measured of from.coverage) noteCoverage(to.coverage, measured);
}

type WireSuite = [suite: string, time_ms: number, percent: number, lines: number | null];

/** As JSON: subjects, hours, then position and value of each sum that is not zero, then coverage and detail where there is any to tell. */
export type WireCell = [
  subjects: (string | null)[],
  hours: number,
  sums: number[],
  coverage?: WireSuite[],
  detail?: Detail,
];

export function encodeCell({ of, sums, hours, coverage, detail }: Cell): WireCell {
  const filled: number[] = [];
  for (const [i, name] of SUM_NAMES.entries()) if (sums[name] !== 0) filled.push(i, sums[name]);
  const subjects = SUBJECTS.map((name) => of[name]);
  if (coverage.length === 0 && detail === 2) return [subjects, hours, filled];
  const suites = coverage.map(({ suite, time_ms, percent, lines }): WireSuite => [
    suite,
    time_ms,
    percent,
    lines,
  ]);
  return detail === 2 ? [subjects, hours, filled, suites] : [subjects, hours, filled, suites, detail];
}

export function decodeCell([subjects, hours, filled, coverage = [], detail = 2]: WireCell): Cell {
  const [feature = null, role = null, agent = null, model = null, kind = null, complexity = null] = subjects;
  const cell = createCell({ feature, role, agent, model, kind, complexity: complexity as Complexity | null });
  cell.hours = hours;
  cell.detail = detail;
  for (let i = 0; i < filled.length; i += 2) {
    const name: SumName | undefined = SUM_NAMES[filled[i] ?? -1];
    if (name !== undefined) cell.sums[name] = filled[i + 1] ?? 0;
  }
  cell.coverage = coverage.map(([suite, time_ms, percent, lines]) => ({ suite, time_ms, percent, lines }));
  return cell;
}

/**
 * The same, to be read alone: a question about a long log passes over most of its cells and adds up the rest, so
 * their sums are named only where somebody asks for one.
 */
export class StoredCell implements Readonly<Cell> {
  readonly of: Subjects;
  readonly hours: number;
  readonly detail: Detail;
  readonly packed: readonly number[];
  readonly #wire: WireCell;
  #sums: Sums | null = null;

  constructor(wire: WireCell) {
    const [[feature = null, role = null, agent = null, model = null, kind = null, complexity = null]] = wire;
    // The archive wrote it from one of these.
    this.of = { feature, role, agent, model, kind, complexity: complexity as Complexity | null };
    this.hours = wire[1];
    this.packed = wire[2];
    this.detail = wire[4] ?? 2;
    this.#wire = wire;
  }

  get sums(): Sums {
    this.#sums ??= decodeCell(this.#wire).sums;
    return this.#sums;
  }

  get coverage(): Coverage[] {
    return this.#wire[3] === undefined ? NONE : decodeCell(this.#wire).coverage;
  }
}
const NONE: Coverage[] = [];
