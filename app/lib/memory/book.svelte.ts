/**
 * The lessons that the address asks for, as the team's book has them: listed, or ranked by a question. Asked anew as the
 * log speaks of lessons. The book hears of an event a moment after the log, so it is asked once more when that is over.
 *
 *   address ──▶ GET lessons | lessons/search ──▶ list     feed: lesson_* events ──▶ asked anew
 *                GET lessons/effects ──▶ effects (by lesson)
 */
import type { LessonEffectInfo, LessonEffectsResponse } from "../../../schema/wire/lesson-effect.ts";
import {
  MAX_LESSON_TOKENS,
  MAX_LESSONS_AT_ONCE,
  MAX_LESSONS_PER_PAGE,
} from "../../../schema/wire/lesson-limits.ts";
import type { Lesson, LessonSearchResponse, LessonsResponse } from "../../../schema/wire/lesson.ts";
import { Answer } from "#lib/api/answer.svelte.ts";
import type { Result } from "#lib/api/failure.ts";
import type { Read } from "#lib/api/read.ts";
import { Refreshed } from "#lib/api/refreshed.svelte.ts";

/** Effects are read off every closed task, and move when one closes. */
const EFFECTS_EVERY_MS = 60_000;
/** Longer than the book takes to hear of an event. */
const SETTLES_MS = 2_000;

export interface Asked {
  typed: string;
  status: string | null;
  category: string | null;
  tag: string | null;
}

export interface Listed {
  /** The question that it answers: another one is another list. */
  of: string;
  lessons: Lesson[];
  more: boolean;
  /** Null: nothing was searched. */
  search: LessonSearchResponse | null;
}

export class Book {
  readonly list: Refreshed<Listed>;
  readonly #effects = new Answer<LessonEffectsResponse>();
  #pages = $state(1);

  /** Made in a component. `asked` and `said` are read reactively; `said` counts what the log says of lessons. */
  constructor(read: Read, asked: () => Asked, said: () => number) {
    this.list = new Refreshed(() => this.#ask(read, asked()), said);
    $effect(() => {
      said();
      const timer = setTimeout(this.list.retry, SETTLES_MS);
      return () => clearTimeout(timer);
    });
    $effect(() =>
      this.#effects.follow(() => read<LessonEffectsResponse>("/lessons/effects"), EFFECTS_EVERY_MS),
    );
  }

  /** Of whatever lesson ranked best; null: not known here. */
  get overall(): LessonEffectInfo | null {
    return this.#effects.value?.overall ?? null;
  }
  effectOf = (id: string): LessonEffectInfo | undefined =>
    this.#effects.value?.lessons.find(({ lesson_id }) => lesson_id === id);

  more = (): void => {
    this.#pages++;
  };

  async #ask(read: Read, asked: Asked): Promise<Result<Listed>> {
    const { typed, status, category, tag } = asked;
    // Read before the first wait, so that another page asks anew.
    const pages = this.#pages;
    const of = JSON.stringify([asked, pages]);
    const filters = {
      status: status ?? undefined,
      category: category ?? undefined,
      tags: tag ?? undefined,
    };
    if (typed !== "") {
      const found = await read<LessonSearchResponse>("/lessons/search", {
        ...{ q: typed, k: String(MAX_LESSONS_AT_ONCE), tokens: String(MAX_LESSON_TOKENS) },
        ...filters,
      });
      if (!found.ok) return found;
      const { value } = found;
      return {
        ok: true,
        value: { of, lessons: value.hits.map(({ lesson }) => lesson), more: false, search: value },
      };
    }
    const lessons: Lesson[] = [];
    let after: string | undefined;
    for (let page = 0; page < pages; page++) {
      const listed = await read<LessonsResponse>("/lessons", {
        ...filters,
        after,
        limit: String(MAX_LESSONS_PER_PAGE),
      });
      if (!listed.ok) return listed;
      lessons.push(...listed.value.lessons);
      after = listed.value.next ?? undefined;
      if (after === undefined) break;
    }
    return { ok: true, value: { of, lessons, more: after !== undefined, search: null } };
  }
}
