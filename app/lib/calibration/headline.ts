/** How far forecasts can be trusted, in a sentence. */
import { counted, listed, NumberWord, type Clause, type Part } from "#lib/headline/headline.ts";
import type { Kind } from "./calibrate.ts";
import { kindWords } from "./kind.ts";
import { knowledgeOf, verdictOf } from "./verdict.ts";

export interface CalibrationNumbers {
  scored: number;
  /** Foretold, and not over yet. */
  waiting: number;
  /** Tasks that are over. */
  finished: number;
  /** Kinds by what can be said of them; each a link to its evidence. */
  holds: Part[];
  narrow: Part[];
  wide: Part[];
  few: Part[];
  blind: Part[];
}

export function calibrationNumbers(
  kinds: readonly Kind[],
  hrefOf: (kind: string) => string,
  { waiting, finished }: Pick<CalibrationNumbers, "waiting" | "finished">,
): CalibrationNumbers {
  const numbers: CalibrationNumbers = {
    scored: kinds.reduce((sum, { n }) => sum + n, 0),
    ...{ waiting, finished },
    ...{ holds: [], narrow: [], wide: [], few: [], blind: [] },
  };
  for (const kind of kinds) {
    const part = { text: lower(kindWords(kind.kind).name), href: hrefOf(kind.kind) };
    if (kind.shape === "interval") {
      const verdict = verdictOf(kind);
      const where = { holds: "holds", "too narrow": "narrow", "too wide": "wide", "too few": "few" } as const;
      numbers[where[verdict]].push(part);
    } else {
      const where = { "knows more": "holds", "knows no more": "blind", "too few": "few" } as const;
      numbers[where[knowledgeOf(kind)]].push(part);
    }
  }
  return numbers;
}

export const CALIBRATION_TABLE: readonly Clause<CalibrationNumbers>[] = [
  [
    {
      when: ({ scored }) => scored === 0,
      say: () => [{ text: "No forecast has been held against what came yet." }],
    },
    {
      when: ({ narrow }) => narrow.length > 0,
      say: ({ narrow }) => [
        { text: "Promises are too narrow for " },
        ...listed(narrow),
        { text: ": more comes outside of them than they say." },
      ],
    },
    {
      when: ({ holds, wide }) => holds.length > 0 && wide.length === 0,
      say: ({ holds }) => [
        { text: "Forecasts keep what they promise for " },
        ...listed(holds),
        { text: "." },
      ],
    },
    {
      when: ({ wide }) => wide.length > 0,
      say: ({ wide }) => [
        { text: "Forecasts promise less than they could for " },
        ...listed(wide),
        { text: "." },
      ],
    },
  ],
  [
    {
      // As of an import: what is over when it is first heard of was foretold by nobody.
      when: ({ scored, waiting, finished }) => scored === 0 && waiting === 0 && finished > 0,
      say: ({ finished }) => [
        {
          text: `${finished === 1 ? "One task was" : `${NumberWord(finished)} tasks were`} over before anything could be foretold, as in an import: forecasts begin with the next task that begins.`,
        },
      ],
    },
    {
      when: ({ scored, waiting }) => scored === 0 && waiting > 0,
      say: ({ waiting }) => [
        {
          text: `${NumberWord(waiting)} ${waiting === 1 ? "forecast waits" : "forecasts wait"} for what comes.`,
        },
      ],
    },
  ],
  [
    {
      when: ({ blind }) => blind.length > 0,
      say: ({ blind }) => [
        { text: "Probabilities for " },
        ...listed(blind),
        { text: " know no more than the plain rate." },
      ],
    },
  ],
  [
    {
      when: ({ few, scored }) => few.length > 0 && scored > 0,
      say: ({ few, scored }) => [
        {
          text: `${NumberWord(few.length)} ${few.length === 1 ? "kind has" : "kinds have"} too few to tell so far, of ${counted(scored, "forecast")}.`,
        },
      ],
    },
  ],
];

const lower = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);
