/** The table: one row per agent or role, the worst first, each figure beside its target and its peers. Pure. */
import type { AgentMetric, Performance } from "../../../schema/metric/performance.ts";
import type { Bound } from "../../../schema/metric/metric.ts";
import type { PerformanceResponse } from "../../../schema/wire/performance.ts";
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
    rows: rows.toSorted(worstFirst),
  };
}

function cellOf(column: Column, performance: Performance, all: readonly Performance[]): Cell {
  const rowOf = ({ metrics }: Performance) => metrics.find(({ metric }) => metric === column.metric.id);
  const row = rowOf(performance);
  const peers = all.flatMap((other) => {
    const value = other === performance || other.id === null ? null : (rowOf(other)?.value ?? null);
    return value === null ? [] : [value];
  });
  return {
    column,
    row,
    value: row?.value ?? null,
    missed: row?.status === "missed",
    peers,
    thin: row !== undefined && row.value !== null && row.n < THIN_SAMPLE,
  };
}

function headOf(column: Column, rows: readonly AgentRow[], index: number): Head {
  const cells = rows.flatMap(({ cells: all }) => all[index] ?? []);
  const targets = cells.flatMap(({ row }) => row?.target ?? []);
  const [first] = targets;
  const varies = targets.some(({ value, bound }) => value !== first?.value || bound !== first.bound);
  return {
    column,
    target: varies ? null : (first ?? null),
    varies,
    median: cells.find(({ row }) => (row?.peers ?? null) !== null)?.row?.peers?.median ?? null,
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
export function behind({ column, value, row }: Cell): number {
  const peers = row?.peers ?? null;
  if (value === null || peers === null) return 0;
  const width = peers.q3 - peers.q1 || Math.abs(peers.median) || 1;
  const beyond = column.metric.direction === "up" ? peers.q1 - value : value - peers.q3;
  return Math.max(0, beyond / width);
}
