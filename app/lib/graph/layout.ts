/**
 * Positions for a graph: waves from top to bottom, nodes from left to right.
 *
 *   wave 1 ─ [component A][component B]…   ┐ shelf: components side by side,
 *   wave 2 ─ [           ][           ]    ┘ as many as fit the width
 *   wave 1 ─ [component C]…                  next shelf
 *   no links ─ a grid of everything that nothing waits for
 *
 * Pure and deterministic; runs in layout.worker.ts. Never sees titles or times.
 */
import { componentsOf } from "./component.ts";
import { KeptOrders } from "./kept-order.ts";
import { type GraphModel, NODE_SIZE, type NodeKey } from "./model.ts";
import type { Component } from "./order.ts";
import { type Route, routeEdges } from "./route.ts";
import { type Band, type Box, byWave, LABEL_WIDTH, Sheet } from "./sheet.ts";
import { wavesOf } from "./wave.ts";

/** A wave with more nodes than this is wrapped into rows: nobody pans through thirty screens. */
export const MAX_WAVE_WIDTH_NODES = 24;

export interface LayoutRequest {
  model: GraphModel;
  /** Width that the picture should fill without scrolling, px at scale 1. */
  target_width: number;
  /** Waves drawn as counts only; null draws all of them. */
  folded: { open: number[] } | null;
  /** The critical path: its nodes stand under each other. */
  spine: NodeKey[];
}

export interface Layout {
  width: number;
  height: number;
  boxes: Map<NodeKey, Box>;
  bands: Band[];
  routes: Route[];
  waves: number;
  wave_of: Map<NodeKey, number>;
}

/** `kept`: of the layout before, so that what has not changed is not worked out again. */
export function layoutGraph(
  { model, target_width, folded, spine }: LayoutRequest,
  kept = new KeptOrders(),
): Layout {
  const waves = wavesOf(model);
  const size = new Map(model.nodes.map((node) => [node.key, NODE_SIZE[node.size]]));
  const sheet = new Sheet(target_width - LABEL_WIDTH, (key) => size.get(key) ?? NODE_SIZE.medium);
  const wave = (key: NodeKey) => waves.of.get(key) ?? 0;
  const { linked, isolated } = componentsOf(
    model.nodes.map((node) => node.key),
    waves.acyclic,
  );
  if (folded !== null) {
    const open = new Set(folded.open);
    const rows = byWave(
      linked.flatMap((component) => component.keys),
      wave,
    );
    rows.forEach((keys, index) => sheet.addGrid(index, keys, !open.has(index)));
    if (isolated.length > 0) sheet.addGrid(null, isolated, !open.has(rows.length));
  } else {
    const wide = linked.filter((component) => widest(component, wave) > MAX_WAVE_WIDTH_NODES);
    const narrow = linked.filter((component) => !wide.includes(component));
    for (const component of wide)
      byWave(component.keys, wave).forEach((keys, index) => sheet.addGrid(index, keys, false));
    sheet.addShelves(narrow, wave, new Set(spine), kept);
    if (isolated.length > 0) sheet.addGrid(null, isolated, false);
  }
  kept.settle();
  return {
    width: sheet.width + LABEL_WIDTH,
    height: sheet.height,
    boxes: sheet.boxes,
    bands: sheet.bands,
    routes: routeEdges(model.edges, sheet.boxes),
    waves: waves.count,
    wave_of: waves.of,
  };
}

function widest(component: Component, wave: (key: NodeKey) => number): number {
  return Math.max(...byWave(component.keys, wave).map((row) => row.length));
}
