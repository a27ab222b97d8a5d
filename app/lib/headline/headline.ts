/**
 * The sentence that opens a view, made from numbers by a table of rules:
 *
 *   const TABLE: Clause<Numbers>[] = [
 *     [ { when: (n) => n.total === 0, say: () => [{ text: "No tasks yet." }] },
 *       { when: (n) => n.done < n.total, say: (n) => [{ text: `${n.done} of ${n.total} done.` }] } ],
 *     …
 *   ];
 *   headlineOf(TABLE, numbers)
 *
 * Of each clause the first rule that applies speaks, or none does; clauses stand in the order of the table. Rules
 * are pure, and a view's table has a test that goes through them.
 *
 * A sentence is never more certain than its numbers: what is unknown says what is missing, few samples say "so far"
 * (`soFar`), and a forecast names its percentile. A claim links to what proves it.
 */
export interface Part {
  text: string;
  /** Where the claim is proved. */
  href?: string;
}

export interface Headline {
  parts: Part[];
}

export interface Rule<N> {
  when: (numbers: N) => boolean;
  say: (numbers: N) => readonly Part[];
}
export type Clause<N> = readonly Rule<N>[];

export function headlineOf<N>(table: readonly Clause<N>[], numbers: N): Headline {
  const parts: Part[] = [];
  for (const clause of table) {
    const said = clause.find((rule) => rule.when(numbers))?.say(numbers) ?? [];
    if (said.length === 0) continue;
    if (parts.length > 0) parts.push({ text: " " });
    parts.push(...said);
  }
  return { parts };
}

/** What a screen reader hears and a test compares. */
export const textOf = ({ parts }: Headline): string => parts.map(({ text }) => text).join("");

/** Below it one more sample can still turn a share by ten points. */
export const FEW_SAMPLES = 10;
/** Goes behind a claim that rests on `n` samples. */
export const soFar = (n: number): string => (n < FEW_SAMPLES ? " so far" : "");

const WORDS = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];

/** `five`, `no`; figures above ten. */
export const numberWord = (n: number): string => WORDS[n] ?? n.toLocaleString("en");
/** At the beginning of a sentence. */
export const NumberWord = (n: number): string => capital(numberWord(n));
/** `one feature`, `six features`. */
export const counted = (n: number, one: string, many = `${one}s`): string =>
  `${numberWord(n)} ${n === 1 ? one : many}`;

export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** `a`, `a and b`, `a, b and c`, each as its own part, so that each keeps its link. */
export function listed(parts: readonly Part[], conjunction = "and"): Part[] {
  return parts.flatMap((part, index) => {
    if (index === 0) return [part];
    return [{ text: index === parts.length - 1 ? ` ${conjunction} ` : ", " }, part];
  });
}
