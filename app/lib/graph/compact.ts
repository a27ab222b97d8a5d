/**
 * Draws a component together: dagre leaves a lane for every long edge, which
 * makes dense graphs many screens wide. Order within a wave is kept; positions
 * are squeezed to `limit` and moved apart again, each as little as possible
 * (least squares, by pooling adjacent violators: Ayer et al. 1955).
 */

export interface Slot {
  /** Wanted centre, px. */
  x: number;
  width: number;
}

/** Centres of one wave's nodes, given from left to right, within 0…limit where they fit. */
export function compactRow(slots: Slot[], scale: number, gap: number, limit: number): number[] {
  // Subtracting what must lie to the left of each node turns "no overlap" into "not decreasing".
  const offsets: number[] = [];
  let used = 0;
  for (const slot of slots) {
    offsets.push(used + slot.width / 2);
    used += slot.width + gap;
  }
  const slack = Math.max(0, limit - (used - gap));
  const pools: { sum: number; count: number }[] = [];
  slots.forEach((slot, index) => {
    let pool = { sum: slot.x * scale - (offsets[index] ?? 0), count: 1 };
    for (let last = pools.at(-1); last !== undefined && mean(last) > mean(pool); last = pools.at(-1)) {
      pools.pop();
      pool = { sum: pool.sum + last.sum, count: pool.count + last.count };
    }
    pools.push(pool);
  });
  const shifts = pools.flatMap((pool) =>
    new Array<number>(pool.count).fill(Math.min(slack, Math.max(0, mean(pool)))),
  );
  return offsets.map((offset, index) => offset + (shifts[index] ?? 0));
}

const mean = (pool: { sum: number; count: number }) => pool.sum / pool.count;
