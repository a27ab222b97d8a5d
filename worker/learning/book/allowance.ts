/**
 * How often reflections may ask a language model: so often a day (UTC), and about one thing once. Noted before it is asked,
 * so that reflections at the same time share no count, and one that was killed and made anew does not pay twice:
 * a project's and its team's in the team's book, and all together in one that is no team's (worker/language-model.ts).
 *
 *   mayAsk ─▶ counted, and noted as asked ─▶ the model ─▶ its cost in the log ─▶ settleAsking: which words came of it
 *      └ asked before: those words again; or nobody settled it: whoever asked was killed, and what it cost is not known
 */
import { hash } from "node:crypto";
import type { Allowance, KeptAsking, MayAsk, SettledAsking } from "../query/book.ts";

interface Asked {
  /** Days since the epoch. */
  day: number;
  /** Causes, as hashes. */
  asked: string[];
  /** Those of the days before, newest last. */
  before?: string[];
}

const DAY_MS = 86_400_000;
/** Characters of a cause's hash: two of a day's causes are alike by chance once in 10^14 days. */
const HASH_CHARS = 16;
/** Causes of days before that are known still, with the words that came of them: some MB, and months of what a project is taught. */
const MAX_BEFORE = 1_000;

const projectKey = (project: string): string => `model asked by ${project}`;
const askingKey = (project: string, about: string): string => `model asking of ${project} ${about}`;
const TEAM = "model asked by the team";

type Cause = MayAsk["cause"];
const aboutOf = (cause: Cause): string => hash("sha256", JSON.stringify(cause), "hex").slice(0, HASH_CHARS);

export function mayAsk(kv: SyncKvStorage, ask: MayAsk): Allowance {
  const { project, cause, per_day, team_per_day, now_ms, asking } = ask;
  const today = todayOf(kv, project, now_ms);
  const before = today.before ?? [];
  const about = aboutOf(cause);
  if (today.asked.includes(about) || before.includes(about))
    return { may: false, before: kv.get<KeptAsking>(askingKey(project, about)) ?? null };
  if (today.asked.length >= per_day) return { may: false, before: null };
  if (team_per_day !== null) {
    const team = teamOf(kv, today.day);
    if (team.calls >= team_per_day) return { may: false, before: null };
    kv.put<Called>(TEAM, { ...team, calls: team.calls + 1 });
  }
  kv.put<Asked>(projectKey(project), { day: today.day, asked: [...today.asked, about], before });
  if (asking !== null)
    kv.put<KeptAsking>(askingKey(project, about), { ...asking, is_settled: false, words: null });
  return { may: true };
}

/** `asked` false: it was not asked after all, and counts as never noted. */
export function settleAsking(kv: SyncKvStorage, { project, cause, asked, words }: SettledAsking): void {
  const about = aboutOf(cause);
  const key = askingKey(project, about);
  const kept = kv.get<KeptAsking>(key);
  if (asked) {
    if (kept !== undefined) kv.put<KeptAsking>(key, { ...kept, is_settled: true, words });
    return;
  }
  kv.delete(key);
  const known = kv.get<Asked>(projectKey(project));
  if (known?.asked.includes(about) !== true) return;
  kv.put<Asked>(projectKey(project), { ...known, asked: known.asked.filter((one) => one !== about) });
  const team = kv.get<Called>(TEAM);
  if (team?.day === known.day) kv.put<Called>(TEAM, { ...team, calls: Math.max(0, team.calls - 1) });
}

/**
 * The words that came of its askings, which quote what was destroyed; which of them does is not known. That it was asked
 * stays known by the hashes, so nobody is asked twice.
 */
export function forgetWords(kv: SyncKvStorage, project: string): void {
  for (const [key] of [...kv.list({ prefix: askingKey(project, "") })]) kv.delete(key);
}

interface Called {
  day: number;
  calls: number;
}

function teamOf(kv: SyncKvStorage, day: number): Called {
  const known = kv.get<Called>(TEAM);
  return known !== undefined && known.day >= day ? known : { day, calls: 0 };
}

/** A clock that was set back opens no day anew. */
function todayOf(kv: SyncKvStorage, project: string, now_ms: number): Asked {
  const day = Math.floor(now_ms / DAY_MS);
  const known = kv.get<Asked>(projectKey(project));
  if (known !== undefined && known.day >= day) return known;
  const all = [...(known?.before ?? []), ...(known?.asked ?? [])];
  for (const about of all.slice(0, -MAX_BEFORE)) kv.delete(askingKey(project, about));
  return { day, asked: [], before: all.slice(-MAX_BEFORE) };
}
