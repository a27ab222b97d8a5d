/** The sheet that a graph is laid out on: shelves of components and grids of loose nodes, from the top down. */
import type { KeptOrders } from "./kept-order.ts";
import type { NodeKey } from "./model.ts";
import { type Component, NODE_GAP, orderComponent } from "./order.ts";

/** Left margin for the wave labels, px. */
export const LABEL_WIDTH = 78;
/** Between two waves: room for a curve and the hairline, px. */
const WAVE_GAP = 18;
const SHELF_GAP = 28;
const COMPONENT_GAP = 34;
/** Height of a wave that is folded to its counts, px. */
export const FOLDED_HEIGHT = 40;

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** One horizontal strip. `wave` from 0; null holds the nodes without any link. */
export interface Band {
  wave: number | null;
  y: number;
  height: number;
  folded: boolean;
  keys: NodeKey[];
}

export function byWave(keys: NodeKey[], wave: (key: NodeKey) => number): NodeKey[][] {
  const rows: NodeKey[][] = [];
  for (const key of keys) (rows[wave(key)] ??= []).push(key);
  return Array.from(rows, (row) => row ?? []);
}

/** The picture while it grows downwards. */
export class Sheet {
  boxes = new Map<NodeKey, Box>();
  bands: Band[] = [];
  width = 0;
  height = 0;
  #target: number;
  #size: (key: NodeKey) => { width: number; height: number };

  constructor(target: number, size: (key: NodeKey) => { width: number; height: number }) {
    this.#target = target;
    this.#size = size;
  }

  /** `spine`: nodes that are to stand straight under each other. */
  addShelves(
    components: Component[],
    wave: (key: NodeKey) => number,
    spine: ReadonlySet<NodeKey>,
    kept: KeptOrders,
  ): void {
    const placed = components
      .map((component) => ({
        component,
        ...orderComponent(component, wave, (key) => this.#size(key).width, this.#target, spine, kept),
      }))
      // The largest first: it decides how wide the picture is, and it is what a lead looks for.
      .sort((a, b) => b.component.keys.length - a.component.keys.length);
    const limit = Math.max(this.#target, placed[0]?.width ?? 0);
    let shelf: typeof placed = [];
    let used = 0;
    for (const item of placed) {
      if (shelf.length > 0 && used + item.width > limit) {
        this.#addShelf(shelf, wave);
        shelf = [];
        used = 0;
      }
      shelf.push(item);
      used += item.width + COMPONENT_GAP;
    }
    if (shelf.length > 0) this.#addShelf(shelf, wave);
  }

  #addShelf(
    shelf: { component: Component; x: Map<NodeKey, number>; width: number }[],
    wave: (key: NodeKey) => number,
  ): void {
    if (this.bands.length > 0) this.height += SHELF_GAP - WAVE_GAP;
    const rows = byWave(
      shelf.flatMap((item) => item.component.keys),
      wave,
    );
    const tops = rows.map((keys, index) => {
      const y = this.height;
      const height = Math.max(0, ...keys.map((key) => this.#size(key).height));
      this.bands.push({ wave: index, y, height, folded: false, keys });
      this.height += height + WAVE_GAP;
      return y;
    });
    let left = LABEL_WIDTH;
    for (const item of shelf) {
      for (const key of item.component.keys) {
        const { width, height } = this.#size(key);
        this.boxes.set(key, {
          x: left + (item.x.get(key) ?? 0) - width / 2,
          y: tops[wave(key)] ?? 0,
          width,
          height,
        });
      }
      left += item.width + COMPONENT_GAP;
    }
    this.width = Math.max(this.width, left - COMPONENT_GAP - LABEL_WIDTH);
  }

  /** One wave wrapped into rows; larger nodes first, so that rows keep one height where they can. */
  addGrid(wave: number | null, keys: NodeKey[], folded: boolean): void {
    const y = this.height;
    if (folded) {
      this.bands.push({ wave, y, height: FOLDED_HEIGHT, folded, keys });
      this.height += FOLDED_HEIGHT + 1;
      this.width = Math.max(this.width, this.#target);
      return;
    }
    const area = (key: NodeKey) => this.#size(key).width * this.#size(key).height;
    const sorted = [...keys].sort((a, b) => area(b) - area(a));
    let x = 0;
    let row_y = y;
    let row_height = 0;
    for (const key of sorted) {
      const { width, height } = this.#size(key);
      if (x > 0 && x + width > this.#target) {
        row_y += row_height + NODE_GAP;
        x = row_height = 0;
      }
      this.boxes.set(key, { x: LABEL_WIDTH + x, y: row_y, width, height });
      x += width + NODE_GAP;
      row_height = Math.max(row_height, height);
      this.width = Math.max(this.width, x - NODE_GAP);
    }
    const height = row_y + row_height - y;
    this.bands.push({ wave, y, height, folded, keys: sorted });
    this.height += height + WAVE_GAP;
  }
}
