/** What selected events have in common that the others do not: the shares of every value of every field, side by side. */
import { ENVELOPE_FIELDS } from "../../../schema/column/field.ts";
import type { CompareResponse, Difference, LogComparison } from "../../../schema/wire/query.ts";
import { leastDifference, quantileFor } from "./difference.ts";
import { conditionsOf, fitting, inRange } from "./filter.ts";
import { First } from "./first.ts";
import { MAX_COMPARED_FIELDS } from "./limits.ts";
import { Scan } from "./scan.ts";
import type { LogSource, Refused } from "./source.ts";
import { Tally } from "./tally.ts";

export type Comparison = Omit<CompareResponse, "elapsed_ms">;

/** Said of each event alone, or of the sender and not of the work. */
const NEVER_COMPARED: readonly string[] = ["id", "seq", "time"];

export async function compare<R extends Refused>(
  source: LogSource<R>,
  comparison: LogComparison,
  known: readonly string[],
): Promise<{ ok: true; answer: Comparison } | R> {
  const asked = [...comparison.where, ...comparison.select].map(({ field }) => field);
  // What was selected by differs because it was selected by.
  const selected_by = comparison.select.map(({ field }) => field);
  const candidates = [...ENVELOPE_FIELDS, ...known].filter(
    (field) => !NEVER_COMPARED.includes(field) && !selected_by.includes(field),
  );
  const tallies = new Map(candidates.slice(0, MAX_COMPARED_FIELDS).map((field) => [field, new Tally()]));
  const where = conditionsOf(comparison.where);
  const select = conditionsOf(comparison.select);
  const scan = new Scan(source);
  let scanned = 0;
  let selected = 0;
  let rest = 0;

  const refused = await scan.read(
    comparison,
    [...new Set([...asked, ...tallies.keys()])],
    (cells, is_inside) => {
      const range = inRange(cells, is_inside, comparison);
      const chosen = fitting(cells, range, where);
      const picked = fitting(cells, chosen, select);
      const is_selected = new Uint8Array(chosen.length);
      let at = 0;
      // Both are in order, so one walk finds where the picked ones are.
      for (let i = 0; i < chosen.length; i += 1) {
        if (chosen[i] !== picked[at]) continue;
        is_selected[i] = 1;
        at += 1;
      }
      scanned += range.length;
      selected += picked.length;
      rest += chosen.length - picked.length;
      for (const [field, tally] of tallies) tally.add(cells.column(field), chosen, is_selected);
      return null;
    },
  );
  if (refused !== null) return refused;

  const all = [...tallies].flatMap(([field, tally]) =>
    [...tally.found()].map((each) => ({ field, ...each })),
  );
  const z = quantileFor(all.length);
  const found = new First<Difference>(comparison.limit, (a, b) => b.at_least - a.at_least);
  for (const each of all) {
    const at_least = leastDifference(each.selected, selected, each.rest, rest, z);
    if (at_least <= 0) continue;
    const shares = { selected_share: each.selected / selected, rest_share: each.rest / rest };
    found.add({ ...each, ...shares, at_least });
  }
  const left_out = [...tallies].filter(([, { complete }]) => !complete).map(([field]) => field);
  return {
    ok: true,
    answer: {
      seq: scan.head_seq,
      from: comparison.from,
      to: comparison.to,
      scanned,
      matched: selected + rest,
      truncated: scan.truncated_by !== null,
      truncated_by: scan.truncated_by === null ? [] : [scan.truncated_by],
      selected,
      rest,
      fields: tallies.size,
      fields_left_out: [...candidates.slice(MAX_COMPARED_FIELDS), ...left_out],
      differences: found.kept,
    },
  };
}
