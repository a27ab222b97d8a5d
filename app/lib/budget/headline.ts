/** What the budgets come to, in a sentence: what is used up, what will be, and what nobody can say. */
import { counted, listed, NumberWord, soFar, type Clause, type Part } from "../headline/headline.ts";

export interface BudgetNumbers {
  total: number;
  used_up: Part[];
  /** Expected to be used up within their period, the first of them first. */
  runs_out: { part: Part; when: string; basis: string; days: number }[];
  lasting: number;
  /** The fewest days that one of the lasting rests on. */
  fewest_days: number;
  unknown: number;
  /** Calls of unknown cost, in no budget's sum. */
  unknown_calls: number;
}

const text = (words: string): Part => ({ text: words });
const MOST = 3;
const named = (parts: readonly Part[]): Part[] =>
  listed(
    parts.length <= MOST ? parts : [...parts.slice(0, MOST - 1), text(`${parts.length - MOST + 1} more`)],
  );

export const BUDGET_TABLE: readonly Clause<BudgetNumbers>[] = [
  [
    {
      when: ({ total }) => total === 0,
      say: () => [text("No budget is set: nothing tells when money runs out.")],
    },
    {
      when: ({ used_up }) => used_up.length > 0,
      say: ({ used_up }) => [
        ...named(used_up),
        text(used_up.length === 1 ? " is used up." : " are used up."),
      ],
    },
  ],
  [
    {
      when: ({ runs_out }) => runs_out.length === 1,
      say: ({ runs_out }) =>
        runs_out.flatMap(({ part, when, basis, days }) => [
          part,
          text(` will be used up ${when} ${basis}${soFar(days)}.`),
        ]),
    },
    {
      when: ({ runs_out }) => runs_out.length > 1,
      say: ({ runs_out }) => [
        ...named(runs_out.map(({ part }) => part)),
        text(
          ` will be used up within their period, the first ${runs_out[0]?.when ?? ""}${soFar(runs_out[0]?.days ?? 0)}.`,
        ),
      ],
    },
    {
      when: ({ total, lasting }) => total > 0 && lasting === total,
      say: ({ total, fewest_days }) => [
        text(
          total === 1
            ? `The budget lasts its period at the rates of today and of the last seven days${soFar(fewest_days)}.`
            : `All ${counted(total, "budget")} last their period at the rates of today and of the last seven days${soFar(fewest_days)}.`,
        ),
      ],
    },
  ],
  [
    {
      when: ({ unknown }) => unknown > 0,
      say: ({ unknown, total }) => [
        text(
          unknown === total && total === 1
            ? "When it ends is unknown: there is less than a day of calls."
            : `When ${counted(unknown, "budget ends", "budgets end")} is unknown: less than a day of calls.`,
        ),
      ],
    },
  ],
  [
    {
      when: ({ unknown_calls }) => unknown_calls > 0,
      say: ({ unknown_calls }) => [
        text(
          `${NumberWord(unknown_calls)} ${unknown_calls === 1 ? "call is" : "calls are"} of unknown cost and in no sum.`,
        ),
      ],
    },
  ],
];
