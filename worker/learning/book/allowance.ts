/**
 * How often reflections may ask a language model: so often a day (UTC), and about one thing once. Counted before it is
 * asked, so that reflections at the same time share no count, and one that was killed and made anew does not pay twice:
 * a project's in its team's book, and all together in one that is no team's (worker/language-model.ts).
 */
import { hash } from "node:crypto";
import type { MayAsk } from "../query/book.ts";

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
/** Causes of days before that are known still: some 20 KB, and months of what a project is taught. */
const MAX_BEFORE = 1_000;

export function mayAsk(kv: SyncKvStorage, { project, cause, per_day, now_ms }: MayAsk): boolean {
  const key = `model asked by ${project}`;
  const day = Math.floor(now_ms / DAY_MS);
  const known = kv.get<Asked>(key);
  // A clock that was set back opens no day anew.
  const today: Asked =
    known !== undefined && known.day >= day
      ? known
      : { day, asked: [], before: [...(known?.before ?? []), ...(known?.asked ?? [])].slice(-MAX_BEFORE) };
  const before = today.before ?? [];
  const about = hash("sha256", JSON.stringify(cause), "hex").slice(0, HASH_CHARS);
  if (today.asked.length >= per_day || today.asked.includes(about) || before.includes(about)) return false;
  kv.put<Asked>(key, { day: today.day, asked: [...today.asked, about], before });
  return true;
}
