/** How the features stand, in a sentence. */
import { counted, listed, NumberWord, type Clause, type Part } from "#lib/headline/headline.ts";

export interface FeaturesNumbers {
  total: number;
  open: number;
  shipped: number;
  abandoned: number;
  stuck: Part[];
  /** The open one that lands next, by its P80, with the words of the moment; null: nothing is foretold. */
  next: (Part & { by: string }) | null;
  /** The day of the last event, where that is so long ago that nobody works; else null. */
  silent: string | null;
  /** Open ones with a forecast. */
  foretold: number;
  /** False: nobody has answered when they land, so that nothing is known of what can be foretold. */
  answered: boolean;
}

/** More claims than this are no longer a sentence. */
const MOST = 2;

export const FEATURES_TABLE: readonly Clause<FeaturesNumbers>[] = [
  [
    { when: ({ total }) => total === 0, say: () => [{ text: "No feature is known yet." }] },
    {
      when: () => true,
      say: ({ open, shipped, abandoned, total }) => [
        {
          text: `${open === 0 ? "None" : NumberWord(open)} of ${counted(total, "feature")} ${open <= 1 ? "is" : "are"} open, ${shipped.toLocaleString("en")} shipped${abandoned === 0 ? "" : `, ${abandoned.toLocaleString("en")} abandoned`}.`,
        },
      ],
    },
  ],
  [
    {
      when: ({ stuck }) => stuck.length > MOST,
      say: ({ stuck }) => [
        ...stuck.slice(0, MOST).flatMap((part, i) => (i === 0 ? [part] : [{ text: ", " }, part])),
        { text: ` and ${stuck.length - MOST} more are stuck: nothing of them moves.` },
      ],
    },
    {
      when: ({ stuck }) => stuck.length > 0,
      say: ({ stuck }) => [
        ...listed(stuck),
        {
          text: stuck.length === 1 ? " is stuck: nothing of it moves." : " are stuck: nothing of them moves.",
        },
      ],
    },
  ],
  [
    {
      when: ({ open, silent }) => open > 0 && silent !== null,
      say: ({ silent }) => [{ text: `Nothing has happened since ${silent ?? ""}.` }],
    },
    {
      when: ({ next }) => next !== null,
      say: ({ next }) =>
        next === null ? [] : [next, { text: ` lands next, four times in five by ${next.by}.` }],
    },
    {
      when: ({ open, answered }) => open > 0 && answered,
      say: () => [{ text: "When they land cannot be foretold yet." }],
    },
  ],
];
