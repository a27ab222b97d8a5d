/**
 * What the metrics of one agent or role come to, in words, by a documented rule:
 *
 * 1. "no work yet" without a closed task; "new, ramping up" with fewer than RAMP_TASKS of them.
 * 2. Else quality, then pace, then tokens, each beside the median of its peers (the other agents, or roles):
 *    `high quality` from HIGH_PASS on, `low quality` below LOW_PASS; faster or slower, cheaper or dearer from
 *    NOTABLE on, `slightly` below MARKED.
 * 3. "as usual" where nothing of it stands out.
 */
import type { Row } from "./measure.ts";

/** Closed tasks. With fewer, a share moves by more than a fifth with each task. */
export const RAMP_TASKS = 5;
/** Shares of reviewers' verdicts that approve: two refusals for eight approvals, and one for each. */
export const HIGH_PASS = 0.8;
export const LOW_PASS = 0.5;
/** Of the peers' median: less is noise at the sizes that teams of agents have. */
export const NOTABLE = 0.15;
export const MARKED = 0.5;

/** `rows` of one group; `peers`: those of all groups of the same kind. */
export function verdictOf(rows: readonly Row[], peers: readonly Row[]): string {
  const of = (metric: string) => rows.find((row) => row.metric === metric);
  const tasks = of("throughput")?.n ?? 0;
  if (tasks === 0) return "no work yet";
  if (tasks < RAMP_TASKS) return "new, ramping up";
  const pass = of("reviewer_pass_rate")?.value ?? null;
  const words: string[] = [];
  if (pass !== null && pass >= HIGH_PASS) words.push("high quality");
  if (pass !== null && pass < LOW_PASS) words.push("low quality");
  const compare = (metric: string, more: string, less: string) => {
    const value = of(metric)?.value ?? null;
    const usual = median(
      peers.flatMap((row) => (row.metric === metric && row.value !== null ? [row.value] : [])),
    );
    if (value === null || usual === null || usual === 0) return;
    const apart = value / usual - 1;
    if (Math.abs(apart) < NOTABLE) return;
    words.push(`${Math.abs(apart) < MARKED ? "slightly " : ""}${apart > 0 ? more : less}`);
  };
  compare("throughput", "faster", "slower");
  compare("tokens_per_task", "dearer", "cheaper");
  return words.length === 0 ? "as usual" : words.join(", ");
}

/** Null below two: nobody is compared with himself alone. */
function median(values: readonly number[]): number | null {
  if (values.length < 2) return null;
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
}
