/** Searching the book: the index finds, the tables decide who may see it, rank.ts says in which order. */
import { HANDED_CHARS } from "../../../schema/wire/lesson-limits.ts";
import { LESSON_STATUSES, type LessonHit } from "../../../schema/wire/lesson.ts";
import type { LessonIndex } from "../index/contract.ts";
import type { ListAsk, Listed, LessonFilters, SearchAsk, Searched } from "../query/book.ts";
import { rank, type Candidate } from "../retrieve/rank.ts";
import { normalised } from "../retrieve/score.ts";
import { seenBy, indexText, type Kept } from "./kept.ts";
import { CANDIDATES } from "./limits.ts";
import type { Place, Shelf } from "./shelf.ts";

/** What is delivered: nothing that waits, was taken out of use, or is over. */
const GIVEN_OUT = ["active"] as const;

export interface Found extends Searched {
  /** By the hits' ids. */
  places: Map<string, Place>;
}

/** `leave_out`: lessons that are not wanted again. */
export async function find(
  index: LessonIndex,
  shelf: Shelf,
  ask: SearchAsk,
  leave_out: ReadonlySet<number> = new Set(),
): Promise<Found> {
  const { project, text, k, tokens, now_ms } = ask;
  const wanted = { ...ask, status: ask.status ?? GIVEN_OUT };
  const found = await index.search({ text, k: CANDIDATES, filter: filterOf(wanted) });
  const vectors = await index.vectors(found.hits.map(({ id }) => id));
  const places = new Map<string, Place>();
  const candidates: Candidate<LessonHit["lesson"]>[] = [];
  for (const { id, relevance, cosine, lexical, terms } of found.hits) {
    const place = shelf.at(Number(id));
    // The index may be behind the tables, and they alone decide (T1).
    const lesson = place === null || leave_out.has(place.pk) ? null : seenBy(project, place.kept);
    if (place === null || lesson === null || !fits(lesson, wanted)) continue;
    places.set(lesson.id, place);
    candidates.push({
      ...{ lesson, relevance, cosine, lexical, terms },
      text: indexText(place.kept),
      used_at: lesson.used_at,
      importance: lesson.importance,
      vector: vectors.get(id) ?? null,
      tokens: tokensOf(place.kept),
    });
  }
  const weights = normalised(ask.weights);
  const ranked = rank(candidates, { k, tokens, weights, now_ms });
  return { ...ranked, weights, semantic: found.semantic, places };
}

function filterOf({ project, status, category, tags }: SearchAsk) {
  return {
    project,
    status: [...(status ?? LESSON_STATUSES)],
    ...(category === undefined ? {} : { category }),
    ...(tags === undefined ? {} : { tags }),
  };
}

function fits(
  lesson: Pick<Kept, "status" | "category" | "tags">,
  { status, category, tags }: LessonFilters,
): boolean {
  return (
    (status?.includes(lesson.status) ?? true) &&
    (category?.includes(lesson.category) ?? true) &&
    (tags?.some((tag) => lesson.tags.includes(tag)) ?? true)
  );
}

/** English text has about four characters to a token; the rest is what stands around a lesson when it is handed over. */
const CHARS_PER_TOKEN = 4;
const FRAME_TOKENS = 40;

/** Of what is handed over, and no more. */
export function tokensOf({
  headline,
  explanation,
  context,
}: Pick<Kept, "headline" | "explanation" | "context">): number {
  const prose = [explanation, context].map((text) => Math.min(text?.length ?? 0, HANDED_CHARS));
  const chars = prose.reduce((sum, length) => sum + length, headline.length);
  return FRAME_TOKENS + Math.ceil(chars / CHARS_PER_TOKEN);
}

/** Rows read for one page at most: where a filter lets almost nothing through, the page is short and says where to go on. */
const MAX_SCANNED = 5_000;

export function list(shelf: Shelf, ask: ListAsk): Listed {
  const { project, limit } = ask;
  const lessons: Listed["lessons"] = [];
  let before = /^\d{1,15}$/.test(ask.after ?? "") ? Number(ask.after) : Number.MAX_SAFE_INTEGER;
  for (let scanned = 0; scanned < MAX_SCANNED;) {
    const places = shelf.before(project, before, Math.min(limit + 1, MAX_SCANNED - scanned));
    if (places.length === 0) return { lessons, next: null };
    for (const { pk, kept } of places) {
      if (lessons.length === limit) return { lessons, next: String(before) };
      before = pk;
      scanned += 1;
      const lesson = seenBy(project, kept);
      if (lesson !== null && fits(lesson, ask)) lessons.push(lesson);
    }
  }
  return { lessons, next: String(before) };
}
