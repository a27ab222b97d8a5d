/** Do recalibrated targets breach as often as they say, on work that they had not seen? */
import { Pool } from "../../worker/insight/target/pool.ts";
import { TARGET_ALPHA, targetOf } from "../../worker/insight/target/target.ts";
import { strataOf } from "../../worker/insight/target/stratum.ts";
import type { WorkRecord } from "../../worker/insight/work/record.ts";
import { live } from "./history.ts";
import { share, type Row } from "./row.ts";
import type { Log } from "./source.ts";

const MEASURES = [
  ["lead", "created → closed", "created"],
  ["work", "claimed → closed", "started"],
] as const;
/** Percent: 5 ± 1.5. */
const ASKED = { low: 3.5, high: 6.5, words: "5 ± 1.5 %" };

export function targetRows({ name, events, is_recorded }: Log): Row[] {
  return MEASURES.flatMap(([measure, words, begins]) => {
    const pool = new Pool(measure);
    // The same order statistics without adapting, to show what that is worth.
    const still = new Pool(measure, 0);
    const at_start = new Map<string, number | null>();
    const count = { adapted: 0, still: 0, stated: 0, n: 0, stated_n: 0 };
    live(events, {
      moment({ what, record }) {
        if (record.is !== "task") return;
        if (what === begins) at_start.set(record.id, targetNow(pool, record));
        if (what !== "closed") return;
        const stated = at_start.get(record.id) ?? null;
        at_start.delete(record.id);
        const plain = still.close(record);
        const found = pool.close(record);
        if (found === null || found.target === null) return;
        count.n += 1;
        count.adapted += found.breached ? 1 : 0;
        count.still += plain?.breached === true ? 1 : 0;
        if (stated === null) return;
        count.stated_n += 1;
        count.stated += found.value > stated ? 1 : 0;
      },
    });
    const row = (what: string, hits: number, n: number, asked: boolean): Row => ({
      data: name,
      what: `${what}, ${words}`,
      value: share(hits, n),
      unit: "%",
      n,
      ...(asked && is_recorded ? { target: ASKED } : {}),
    });
    return [
      row("tasks beyond their target", count.adapted, count.n, true),
      row(`the same without adapting (${TARGET_ALPHA * 100} % as it stands)`, count.still, count.n, false),
      row("tasks beyond the target stated when they began", count.stated, count.stated_n, false),
    ];
  });
}

const targetNow = (pool: Pool, record: WorkRecord): number | null => targetOf(pool, strataOf(record)).value;
