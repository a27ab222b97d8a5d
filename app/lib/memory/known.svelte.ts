/**
 * A few lessons by their names, as the team's book has them now: what a task's events or a report only name. Each is
 * asked for once, and again where there is news; what the book does not answer stays unknown, and is no failure: the
 * log has said what it says.
 */
import { untrack } from "svelte";
import { SvelteMap } from "svelte/reactivity";
import type { Lesson, LessonResponse } from "../../../schema/wire/lesson.ts";
import type { Read } from "#lib/api/read.ts";

/** Names looked up at once: a task is handed a handful, a feature teaches three. */
const MAX_LOOKED_UP = 30;

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

  async #ask(read: Read, names: readonly string[]): Promise<void> {
    const turn = ++this.#turn;
    await Promise.all(
      names.map(async (name) => {
        const reply = await read<LessonResponse>(`/lessons/${encodeURIComponent(name)}`);
        if (turn !== this.#turn) return;
        if (reply.ok) this.#known.set(name, reply.value.lesson);
        else if (reply.failure.kind === "refused" && reply.failure.code === "not_found")
          this.#known.set(name, null);
      }),
    );
  }
}
