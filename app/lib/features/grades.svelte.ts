/**
 * Grades of features as their reports have them, asked for when a row comes in sight: one after another, for each costs
 * the server a look through the project. What was answered stays until the feature is opened and closed again; what could
 * not be read is asked for again when its row comes in sight again.
 */
import { SvelteMap } from "svelte/reactivity";
import type { Letter } from "../../../schema/metric/grade.ts";
import type { FeatureReport } from "../../../schema/wire/report.ts";
import type { Read } from "#lib/api/read.ts";

/** `why` where there is no letter. */
export type GradeShown = { letter: Letter; score: number | null } | { letter: null; why: string };
const UNREAD: GradeShown = { letter: null, why: "could not be read" };
type Graded = Pick<FeatureReport, "grade">;

export class Grades {
  readonly #read: Read;
  readonly #known = new SvelteMap<string, GradeShown>();
  /** In the order in which they came in sight. */
  #wanted: { key: string; id: string }[] = [];
  #asking = false;

  constructor(read: Read) {
    this.#read = read;
  }

  of(id: string, closed_at: number): GradeShown | undefined {
    return this.#known.get(keyOf(id, closed_at));
  }

  want(id: string, closed_at: number): void {
    const key = keyOf(id, closed_at);
    if (this.#isTold(key)) return;
    this.#wanted.push({ key, id });
    void this.#askAll();
  }

  /** It went out of sight before its turn. */
  unwant(id: string, closed_at: number): void {
    const gone = keyOf(id, closed_at);
    this.#wanted = this.#wanted.filter(({ key }) => key !== gone);
  }

  #isTold(key: string): boolean {
    const known = this.#known.get(key);
    return known !== undefined && known !== UNREAD;
  }

  async #askAll(): Promise<void> {
    if (this.#asking) return;
    this.#asking = true;
    for (;;) {
      const next = this.#wanted.shift();
      if (next === undefined) break;
      const { key, id } = next;
      if (this.#isTold(key)) continue;
      const reply = await this.#read<Graded>(`/features/${encodeURIComponent(id)}/report`);
      this.#known.set(key, reply.ok ? shown(reply.value) : UNREAD);
    }
    this.#asking = false;
  }
}

const shown = ({ grade: { letter, score } }: Graded): GradeShown =>
  letter === null ? { letter, why: "no quality is told" } : { letter, score };

const keyOf = (id: string, closed_at: number) => `${closed_at} ${id}`;
