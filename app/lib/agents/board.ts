/** The table: one row per agent or role, the worst first, each figure beside its target and its peers. Pure. */
import type { AgentMetric, Performance } from "../../../schema/metric/performance.ts";
import type { Bound } from "../../../schema/metric/metric.ts";
import type { PerformanceResponse } from "../../../schema/wire/performance.ts";
import { quartilesOf, type Quartiles } from "../../../schema/metric/verdict.ts";
import { domainOf, type Domain } from "../chart/domain.ts";
import { COLUMNS, type Column } from "./column.ts";

export interface Cell {
  column: Column;
  /** Undefined: the answer has none. */
  row: AgentMetric | undefined;
  value: number | null;
  missed: boolean;
  /** Those of the others. */
  peers: number[];
  /** Of all with a value; null below two. */
  usual: Quartiles | null;
  /** Fewer things behind it than say much. */
  thin: boolean;
}

export interface AgentRow {
  /** The agent or the role; null: what belongs to none. */
  id: string | null;
  role: string | null;
  performance: Performance;
  cells: Cell[];
  missed: number;
}

export interface Head {
  column: Column;
  /** What all are held against; null: none, or not the same for all. */
  target: { bound: Bound; value: number } | null;
  varies: boolean;
  /** Where there is no target: what is usual. */
  median: number | null;
  /** The strip's axis, the same in each row. */
  domain: Domain;
}

export interface Board {
  heads: Head[];
  rows: AgentRow[];
}

/** Below it one more thing can turn a share by a third. */
export const THIN_SAMPLE = 3;

export function boardOf({ performances }: Pick<PerformanceResponse, "performances">): Board {
  const rows = performances.map((performance): AgentRow => {
    const cells = COLUMNS.map((column) => cellOf(column, performance, performances));
    return {
      id: performance.id,
      role: performance.role,
      performance,
      cells,
      missed: cells.filter(({ missed }) => missed).length,
    };
  });
  return {
    heads: COLUMNS.map((column, index) => headOf(column, rows, index)),
    // What belongs to nobody is a row where it comes to something.
    rows: rows
      .filter(({ id, cells }) => id !== null || cells.some(({ value }) => value !== null))
      .toSorted(worstFirst),
  };
}

function cellOf(column: Column, performance: Performance, all: readonly Performance[]): Cell {
  const row = rowOf(performance, column);
  const named = all.filter(({ id }) => id !== null);
  const peers = named.flatMap((other) =>
    other === performance ? [] : (valueOf(rowOf(other, column)) ?? []),
  );
  const known = named.flatMap((each) => {
    const of = rowOf(each, column);
    return of === undefined || valueOf(of) === null ? [] : [{ ...of, group: each.id }];
  });
  return {
    column,
    row,
    value: valueOf(row),
    missed: row?.status === "missed",
    peers,
    usual: quartilesOf(known, column.metric.id),
    thin: row !== undefined && valueOf(row) !== null && row.n < THIN_SAMPLE,
  };
}

const rowOf = ({ metrics }: Performance, { metric }: Column) =>
  metrics.find((row) => row.metric === metric.id);

/** What rests on nothing is not known: a reviewer's 0 tasks an hour is no pace that a coder is held against. */
const valueOf = (row: AgentMetric | undefined): number | null =>
  row === undefined || row.n === 0 ? null : row.value;

function headOf(column: Column, rows: readonly AgentRow[], index: number): Head {
  const cells = rows.flatMap(({ cells: all }) => all[index] ?? []);
  const targets = cells.flatMap(({ row }) => row?.target ?? []);
  const [first] = targets;
  const varies = targets.some(({ value, bound }) => value !== first?.value || bound !== first.bound);
  return {
    column,
    target: varies ? null : (first ?? null),
    varies,
    median: cells.find(({ usual }) => usual !== null)?.usual?.median ?? null,
    domain: domainOf([...cells.map(({ value }) => value), ...targets.map(({ value }) => value)], {
      floor: 0,
    }),
  };
}

/** A plan that is due, then how many targets are missed, then how many figures lie among the worst quarter of the peers. */
function worstFirst(a: AgentRow, b: AgentRow): number {
  return (
    Number(a.id === null) - Number(b.id === null) ||
    Number(b.performance.pip !== null) - Number(a.performance.pip !== null) ||
    b.missed - a.missed ||
    behindCount(b) - behindCount(a) ||
    Number(a.performance.verdict.rule === "no closed task") -
      Number(b.performance.verdict.rule === "no closed task") ||
    ((a.id ?? "") < (b.id ?? "") ? -1 : 1)
  );
}

const behindCount = (row: AgentRow) => row.cells.filter((cell) => behind(cell) > 0).length;

/** By how much it lies beyond the worse quartile of all, in widths of the middle half; 0: it does not. */
export function behind({ column, value, usual }: Cell): number {
  if (value === null || usual === null) return 0;
  const width = usual.q3 - usual.q1 || Math.abs(usual.median) || 1;
  const beyond = column.metric.direction === "up" ? usual.q1 - value : value - usual.q3;
  return Math.max(0, beyond / width);
}
