/** What the alerts come to, in a sentence. */
import { counted, NumberWord, type Clause, type Part } from "#lib/headline/headline.ts";

export interface AlertNumbers {
  /** Those that wait for somebody. */
  waiting: number;
  critical: number;
  /** The worst of those that wait, in its own words. */
  first: Part | null;
  seen: number;
  silent: number;
  /** Of those seen: nobody's. */
  unowned: number;
}

const text = (words: string): Part => ({ text: words });

export const ALERT_TABLE: readonly Clause<AlertNumbers>[] = [
  [
    {
      when: ({ waiting, seen, silent }) => waiting + seen + silent === 0,
      say: () => [text("No alert is open.")],
    },
    {
      when: ({ waiting }) => waiting === 0,
      say: () => [text("Nothing waits for anybody.")],
    },
    {
      when: ({ first, waiting }) => first !== null && waiting === 1,
      say: ({ first, critical }) => [
        text(critical === 1 ? "One critical alert waits for somebody: " : "One alert waits for somebody: "),
        ...(first === null ? [] : [first]),
        text("."),
      ],
    },
    {
      when: ({ waiting }) => waiting > 1,
      say: ({ waiting, critical, first }) => [
        text(
          `${NumberWord(waiting)} alerts wait for somebody${critical === 0 ? "" : `, ${critical === waiting ? "all" : counted(critical, "of them", "of them")} critical`}`,
        ),
        ...(first === null ? [text(".")] : [text("; first: "), first, text(".")]),
      ],
    },
  ],
  [
    {
      when: ({ seen, unowned }) => seen > 0 && unowned > 0,
      say: ({ seen, unowned }) => [
        text(
          `${NumberWord(seen)} ${seen === 1 ? "is" : "are"} seen and still open, ${unowned === seen ? (seen === 1 ? "nobody's" : "none of them somebody's") : `${counted(unowned, "of them", "of them")} nobody's`}.`,
        ),
      ],
    },
    {
      when: ({ seen }) => seen > 0,
      say: ({ seen }) => [
        text(`${NumberWord(seen)} ${seen === 1 ? "is" : "are"} seen and in somebody's hands.`),
      ],
    },
  ],
  [
    {
      when: ({ silent }) => silent > 0,
      say: ({ silent }) => [text(`${NumberWord(silent)} ${silent === 1 ? "is" : "are"} silent for a while.`)],
    },
  ],
];
