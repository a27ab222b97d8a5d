/**
 * Takes a project's events about lessons into the book, each once and in order (B2).
 *
 *   lesson_learned ─▶ known by its name? edit ─▶ said before? count ─▶ else a new lesson
 *   rated, applied ─▶ votes       approved, quarantined, retired, purged ─▶ status, by Clusterfork's own events alone
 */
import { eventTime, type StoredEvent } from "../../../schema/event/event.ts";
import { witnessedBy } from "../../../schema/event/witness.ts";
import type { LessonScope } from "../../../schema/wire/lesson.ts";
import type { LessonIndex } from "../index/contract.ts";
import type { TaughtEvent, Telling } from "../query/book.ts";
import { overlap, wordSet } from "../retrieve/words.ts";
import { forgetWords } from "./allowance.ts";
import { dropVerdict, keepVerdict, underVerdict } from "./judged.ts";
import { approve, edit, learn, mayEdit, merge, setStatus, indexText, type Kept } from "./kept.ts";
import { TWIN_CANDIDATES } from "./limits.ts";
import { purge } from "./purge.ts";
import { isTrusted, nameOf, sayingOf, type Saying } from "./saying.ts";
import type { Place, Shelf } from "./shelf.ts";
import { surplus } from "./surplus.ts";
import { vote } from "./vote.ts";

export interface Desk {
  storage: DurableObjectStorage;
  shelf: Shelf;
  index: LessonIndex;
  /** Gives what waits to the index. Does not throw. */
  settle: () => Promise<void>;
}

export async function take(desk: Desk, told: Telling): Promise<number> {
  const { sql } = desk.storage;
  let seq = seqOf(sql, told.project);
  if (told.since > seq) return seq;
  for (const taught of told.events) {
    if (taught.event.seq <= seq) continue;
    await takeOne(desk, told.project, taught);
    seq = taught.event.seq;
  }
  if (told.to > seq) desk.storage.transactionSync(() => noteSeq(sql, told.project, told.to));
  await desk.settle();
  return Math.max(seq, told.to);
}

async function takeOne(desk: Desk, project: string, taught: TaughtEvent): Promise<void> {
  const { storage, shelf } = desk;
  const { event, keys } = taught;
  const saying = event.event_type === "lesson_learned" ? sayingOf(event) : null;
  const twin = saying === null ? null : await findTwin(desk, project, event, saying);
  let destroyed: number[] = [];
  storage.transactionSync(() => {
    if (saying !== null) hear(desk, project, event, saying, keys, twin);
    else destroyed = obey(desk, project, event);
    for (const pk of surplus(storage.sql, project)) {
      const place = shelf.at(pk);
      if (place !== null) keepVerdict(storage.sql, place);
      destroyed.push(pk);
    }
    for (const pk of destroyed) shelf.destroy(pk);
    noteSeq(storage.sql, project, event.seq);
  });
  if (destroyed.length > 0) await desk.index.remove(destroyed.map(String));
  // The next one may be like this one.
  if (saying !== null) await desk.settle();
}

function hear(
  { shelf, storage: { sql } }: Desk,
  project: string,
  event: StoredEvent,
  saying: Saying,
  keys: readonly string[],
  near: Place | null,
): void {
  const name = nameOf(event);
  const known = shelf.find(project, name);
  const own = known?.kept.project === project ? known : null;
  const twin = own ?? shelf.twin(project, saying) ?? near;
  if (twin === null) {
    shelf.say(shelf.add(underVerdict(sql, learn(project, name, saying))), saying, keys, true);
    return;
  }
  const edits = own !== null && mayEdit(own.kept, saying);
  shelf.put({ pk: twin.pk, kept: edits ? edit(twin.kept, saying) : merge(twin.kept, saying) });
  shelf.name(project, name, { pk: twin.pk, seq: saying.seq });
  shelf.say(twin.pk, saying, keys, edits);
}

/** Near in meaning and mostly in the same words: of the same project and kind, so that nobody's lesson takes another team's place. */
async function findTwin(
  { index, shelf }: Desk,
  project: string,
  event: StoredEvent,
  saying: Saying,
): Promise<Place | null> {
  if (shelf.find(project, nameOf(event)) !== null || shelf.twin(project, saying) !== null) return null;
  const text = [saying.headline, saying.explanation, saying.context].filter(Boolean).join("\n");
  const filter = { project, category: [saying.category] };
  let hits: { id: string; cosine: number | null }[];
  try {
    hits = (await index.search({ text, k: TWIN_CANDIDATES, filter })).hits;
  } catch (error) {
    // Then it stands beside its twin, which is better than not at all (B1).
    console.error("the index did not answer; a lesson is taken for a new one", error);
    return null;
  }
  const words = wordSet(text);
  for (const { id, cosine } of hits) {
    const place = shelf.at(Number(id));
    if (place === null || place.kept.project !== project) continue;
    const shared = overlap(words, wordSet(indexText({ ...place.kept, tags: [] })));
    if (shared >= SAME_WORDS || (shared >= MANY_WORDS && cosine !== null && cosine >= SAME_MEANING))
      return place;
  }
  return null;
}
/** Shares of words (Jaccard), and cosine: two that reach them are one lesson. */
const SAME_WORDS = 0.8;
const MANY_WORDS = 0.6;
const SAME_MEANING = 0.93;

/** What is not a saying. Answers the lessons that are to be destroyed. */
function obey({ storage: { sql, kv }, shelf }: Desk, project: string, event: StoredEvent): number[] {
  const { event_type, metadata = {} } = event;
  if (event_type === "lesson_rated" || event_type === "lesson_applied") vote(sql, shelf, project, event);
  // Below this line nobody but Clusterfork is heard (T5).
  if (!isTrusted(event)) return [];
  if (event_type === "lessons_purged") {
    forgetWords(kv, project);
    const key_id = metadata["key_id"];
    return typeof key_id === "string" ? purge(sql, shelf, project, { key_id }) : [];
  }
  const forgotten = witnessedBy(JSON.stringify(event));
  if (forgotten.length > 0) {
    forgetWords(kv, project);
    return purge(sql, shelf, project, { seqs: forgotten });
  }
  const { lesson_id, reason } = metadata;
  const place = typeof lesson_id === "string" ? shelf.find(project, lesson_id) : null;
  // Another project's lesson is that project's to judge, and its log says what became of it.
  if (place?.kept.project !== project) return [];
  const why = typeof reason === "string" ? reason : null;
  const changed = statusAfter(place.kept, event, why);
  if (changed !== null) shelf.put({ pk: place.pk, kept: changed });
  if (event_type === "lesson_approved") dropVerdict(sql, place);
  return [];
}

function statusAfter(kept: Kept, event: StoredEvent, why: string | null): Kept | null {
  const at = eventTime(event);
  switch (event.event_type) {
    case "lesson_quarantined":
      return setStatus(kept, "quarantined", why, at);
    case "lesson_retired":
      return setStatus(kept, "retired", why, at);
    case "lesson_approved":
      return approve(kept, scopeOf(event.metadata?.["scope"]), why, at);
    default:
      return null;
  }
}

function scopeOf(value: unknown): LessonScope | null {
  return value === "project" || value === "team" ? value : null;
}

function seqOf(sql: SqlStorage, project: string): number {
  return sql.exec<{ seq: number }>("SELECT seq FROM told WHERE project = ?", project).toArray()[0]?.seq ?? 0;
}

function noteSeq(sql: SqlStorage, project: string, seq: number): void {
  sql.exec("INSERT OR REPLACE INTO told (project, seq) VALUES (?, ?)", project, seq);
}
