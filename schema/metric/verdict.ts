/**
 * What the metrics of one agent or role come to, in words, by a documented rule:
 *
 * 1. `no closed task`: what it did instead, with its role ("reviewer, 14 reviews; no task closed"); "no task closed
 *    yet" where nothing of that is known: it may be at work.
 * 2. `ramping up`: "new, ramping up" with fewer than RAMP_TASKS closed tasks.
 * 3. `compared`: quality, then pace, then tokens, each beside the median of all of its kind, itself among them:
 *    `high quality` from HIGH_PASS on, `low quality` below LOW_PASS; faster or slower, cheaper or dearer from
 *    NOTABLE on, `slightly` below MARKED. "as usual" where nothing of it stands out.
 */
import { DID_NOTHING, didWords, type Did } from "./did.ts";
import type { Row } from "./measure.ts";

/** Closed tasks. With fewer, a share moves by more than a fifth with each task. */
export const RAMP_TASKS = 5;
/** Shares of reviewers' verdicts that approve: two refusals for eight approvals, and one for each. */
export const HIGH_PASS = 0.8;
export const LOW_PASS = 0.5;
/** Of the peers' median: less is noise at the sizes that teams of agents have. */
export const NOTABLE = 0.15;
export const MARKED = 0.5;

export const VERDICT_RULES = ["no closed task", "ramping up", "compared"] as const;

export interface Verdict {
  words: string;
  rule: (typeof VERDICT_RULES)[number];
  /** What each word rests on. */
  reasons: string[];
}

export interface Judged {
  /** Of one group. */
  rows: readonly Row[];
  /** Those of all groups of the same kind. */
  peers: readonly Row[];
  did?: Did | undefined;
  role?: string | null | undefined;
}

export function verdictOf({ rows, peers, did = DID_NOTHING, role = null }: Judged): Verdict {
  const of = (metric: string) => rows.find((row) => row.metric === metric);
  const tasks = Math.max(of("throughput")?.n ?? 0, did.tasks);
  if (tasks === 0) return withoutTasks(did, role);
  if (tasks < RAMP_TASKS)
    return {
      words: "new, ramping up",
      rule: "ramping up",
      reasons: [`${tasks} closed ${tasks === 1 ? "task" : "tasks"}; from ${RAMP_TASKS} on it is compared`],
    };
  const words: string[] = [];
  const reasons: string[] = [];
  const { value: pass = null, n: verdicts = 0 } = of("reviewer_pass_rate") ?? {};
  if (pass !== null && (pass >= HIGH_PASS || pass < LOW_PASS)) {
    words.push(pass >= HIGH_PASS ? "high quality" : "low quality");
    reasons.push(`${percent(pass)} of ${verdicts} verdicts approved its work`);
  }
  const compare = (metric: string, label: string, more: string, less: string) => {
    const value = of(metric)?.value ?? null;
    const usual = quartilesOf(peers, metric)?.median ?? null;
    if (value === null || usual === null || usual === 0) return;
    const apart = value / usual - 1;
    if (Math.abs(apart) < NOTABLE) return;
    words.push(`${Math.abs(apart) < MARKED ? "slightly " : ""}${apart > 0 ? more : less}`);
    reasons.push(
      `${label} ${percent(Math.abs(apart))} ${apart > 0 ? "above" : "below"} the median of its peers`,
    );
  };
  compare("throughput", "throughput", "faster", "slower");
  compare("tokens_per_task", "tokens per task", "dearer", "cheaper");
  return { words: words.length === 0 ? "as usual" : words.join(", "), rule: "compared", reasons };
}

function withoutTasks(did: Did, role: string | null): Verdict {
  const work = didWords(did);
  const rule = "no closed task";
  if (work === null) return { words: "no task closed yet", rule, reasons: [] };
  const words = `${role === null ? "" : `${role}, `}${work}; no task closed`;
  return { words, rule, reasons: ["agents are compared by the tasks that they close"] };
}

const percent = (share: number) => `${Math.round(share * 100)} %`;

/** Between the values of all groups; `n` of them. */
export interface Quartiles {
  q1: number;
  median: number;
  q3: number;
  n: number;
}

/** Null below two: nobody is compared with himself alone. */
export function quartilesOf(peers: readonly Row[], metric: string): Quartiles | null {
  const sorted = peers
    .flatMap((row) => (row.metric === metric && row.value !== null ? [row.value] : []))
    .sort((a, b) => a - b);
  if (sorted.length < 2) return null;
  return { q1: at(sorted, 0.25), median: at(sorted, 0.5), q3: at(sorted, 0.75), n: sorted.length };
}

/** Linear between the two nearest (Hyndman and Fan's type 7). */
function at(sorted: readonly number[], share: number): number {
  const place = (sorted.length - 1) * share;
  const lower = sorted[Math.floor(place)] ?? 0;
  const upper = sorted[Math.ceil(place)] ?? 0;
  return lower + (upper - lower) * (place - Math.floor(place));
}
