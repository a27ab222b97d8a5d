/**
 * A few lessons by their names, as the team's book has them now: what a task's events or a report only name. The list
 * is asked for once, and again where there is news; what the book does not answer stays unknown, and is no failure: the
 * log has said what it says.
 */
import { untrack } from "svelte";
import { SvelteMap } from "svelte/reactivity";
import { MAX_LESSONS_PER_PAGE } from "../../../schema/wire/lesson-limits.ts";
import type { Lesson, LessonsResponse } from "../../../schema/wire/lesson.ts";
import type { Read } from "#lib/api/read.ts";

/** Names looked up at once: a task is handed a handful, a feature teaches three. */
const MAX_LOOKED_UP = 30;
/** A thousand lessons, the newest first: what lies behind them stays unknown, and is called by what the log says. */
const MAX_PAGES = 5;

export class KnownLessons {
  /** By the name that was asked for; null: the book has none of that name. */
  readonly #known = new SvelteMap<string, Lesson | null>();
  #turn = 0;
  #asked = "";

  /** Made in a component. `names` and `news` are read reactively; null: nobody may ask (a visitor by a link). */
  constructor(read: Read | null, names: () => readonly string[], news: () => unknown = () => undefined) {
    $effect(() => {
      const asked = names().slice(0, MAX_LOOKED_UP);
      // The same names in a new list are no news.
      const question = JSON.stringify([asked, news()]);
      if (read === null || question === this.#asked) return;
      this.#asked = question;
      untrack(() => void this.#ask(read, asked));
    });
  }

  of = (name: string): Lesson | null | undefined => this.#known.get(name);

  /** By the list, which says what there is: one lesson asked for that is gone is an error in the browser's console. */
  async #ask(read: Read, names: readonly string[]): Promise<void> {
    const turn = ++this.#turn;
    let missing = names;
    let after: string | undefined;
    for (let page = 0; page < MAX_PAGES && missing.length > 0; page++) {
      const listed = await read<LessonsResponse>("/lessons", { after, limit: String(MAX_LESSONS_PER_PAGE) });
      if (turn !== this.#turn || !listed.ok) return;
      for (const lesson of listed.value.lessons)
        if (missing.includes(lesson.id)) this.#known.set(lesson.id, lesson);
      missing = missing.filter((name) => !listed.value.lessons.some(({ id }) => id === name));
      after = listed.value.next ?? undefined;
      if (after === undefined) {
        for (const name of missing) this.#known.set(name, null);
        return;
      }
    }
  }
}
