/** What somebody selects of a heatmap: cells on screen, filters in the address. */
import type { Filter, Heatmap } from "../../../schema/wire/query.ts";

/** Cells, both ends included; y from the lowest values. */
export interface Region {
  x: [first: number, last: number];
  y: [first: number, last: number];
}

export function selectOf({ field, x_edges, y_edges }: Heatmap, { x, y }: Region): Filter[] {
  return [...between("time", x_edges, x), ...between(field, y_edges, y)];
}

/** A cell holds its lower edge, the last one its upper edge as well. */
function between(field: string, edges: readonly number[], [first, last]: [number, number]): Filter[] {
  const [low, high] = [edges[first], edges[last + 1]];
  if (low === undefined || high === undefined) return [];
  return [
    { field, op: "ge", values: [String(low)] },
    { field, op: last + 2 === edges.length ? "le" : "lt", values: [String(high)] },
  ];
}

/** The cells that a selection lies in; null: none does. The edges may have moved since it was made. */
export function regionOf({ field, x_edges, y_edges }: Heatmap, select: readonly Filter[]): Region | null {
  const x = cellsOf("time", x_edges, select);
  const y = cellsOf(field, y_edges, select);
  return x === null || y === null ? null : { x, y };
}

function cellsOf(
  field: string,
  edges: readonly number[],
  select: readonly Filter[],
): [number, number] | null {
  const bound = (ops: readonly string[]) => {
    const found = select.find((each) => each.field === field && ops.includes(each.op));
    return found === undefined ? null : Number(found.values[0]);
  };
  const [low, high] = [bound(["ge"]), bound(["le", "lt"])];
  if (low === null || high === null) return null;
  let first = -1;
  let last = -1;
  for (let i = 0; i + 1 < edges.length; i++) {
    const [from = 0, to = 0] = [edges[i], edges[i + 1]];
    if (from >= high || to <= low) continue;
    if (first === -1) first = i;
    last = i;
  }
  return first === -1 ? null : [first, last];
}
