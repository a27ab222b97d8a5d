/**
 * Words that a sentence of a lesson begins with. There a capital says nothing, so what is none of these, in any form, and
 * not in the evidence either, is taken for a name. The words of the embedder are no such list: it knows Alice and Google.
 */
import { stemOf } from "../embed/stem.ts";
import { STOP_WORDS } from "../embed/stop-words.ts";

const WORDS = `
  add address adjust admit afterwards agent agree agreement aim allow alone already alternatively always answer anyone
  anybody anything apply approach arrange ask assign assume attempt attempting author avoid await
  balance beforehand begin beyond block both branch break bring bug build
  call capture cause change check choose choosing clarify clean clear close collect combine come command commit compare
  complete completed conflict confirm consequently consider consult context continue contention convert coordinate copy
  correct cost cover create cut
  deal debug decide decision declare defer define delay delegate deliver dependency describe design despite detail
  determine different discuss divide document done double draft drop duplicate
  early edit effort enough ensure error establish estimate even eventually everybody everyone everything evidence examine
  exactly expect explain explicit explore extend
  fail failing failure fault feature figure file finally find finish fix flag flaky focus follow format forget former full
  gather generally give go good group guard
  halt hand handle handover help hence hidden hold
  identical identify ignore immediately implement improve include inform inspect instead integrate introduce investigate
  involve isolate issue
  join keep know
  large larger last late later lead learn leave lesson limit lint list lock log long look
  maintain make making many meanwhile measure meet mend merge mind missing mistake modify module monitor most mostly move
  multiple
  name narrow near need never next nobody none note nothing notice notify
  obtain occasionally often omit open opening order organize organise otherwise overlap owner
  part parallel pass passing pause pattern people perform pick place plan planner planning plus point prefer prepare
  prevent previous previously prior prioritize prioritise problem process produce progress proper protect prove provide
  pull push put
  question quick quote
  raise read reading ready reason recheck record reduce refer refine refuse refusal reject release rely remember remove
  reopen reorder repair repeat repeated replace report request require rerun reserve reset resolve respect restart result
  retry return review reviewer revisit reword rewrite risk root rule run
  save say schedule scope seek see select send separate sequence serialize serialise serve session set settle several
  share short show shrink similar simply simultaneous single size skip slow small smaller somebody someone something
  sometimes soon sort specify spend split spread stabilize stabilise start state stay step still stop store submit
  succeed success sure
  take target task team tell test think though tidy time together tool total touch track treat trim try turn type
  unclear understand undo unless unlike unresolved untested update usually
  validate verify view
  wait waiting want warn watch way whoever whole window work worker working write writing wrong
  yes`;
const OPENERS: ReadonlySet<string> = new Set(WORDS.trim().split(/\s+/).map(stemOf));

/** `word` as it stands; "Re-run" and "Hand-over" are two. */
export function isOpener(word: string, evidence: ReadonlySet<string>): boolean {
  const parts = word
    .toLowerCase()
    .replace(/['’]s?/gu, "")
    .split(/[-‐‑–—]/u);
  return parts.every((part) => {
    if (STOP_WORDS.has(part) || part === "re") return true;
    const stem = stemOf(part);
    return OPENERS.has(stem) || evidence.has(stem);
  });
}
