/** What the table comes to, in a sentence: who needs a plan, who misses a target, and of whom nothing is known. */
import { counted, listed, NumberWord, soFar, type Clause, type Part } from "../headline/headline.ts";
import type { AgentRow } from "./board.ts";
import { weaknessOf } from "./coaching.ts";
import type { By } from "./address.ts";

export interface AgentNumbers {
  what: By;
  over: string;
  total: number;
  /** Of those judged: at least one figure has a target and is known. */
  judged: number;
  plans: Part[];
  missing: Part[];
  /** Of those judged, where no target is missed: who lies behind its peers, the worst first, and in what. */
  behind: { who: Part; what: string }[];
  /** Of judged rows: the fewest things that one of their verdicts rests on. */
  fewest: number;
}

const text = (words: string): Part => ({ text: words });
const MOST = 3;
const named = (parts: readonly Part[]): Part[] =>
  listed(
    parts.length <= MOST ? parts : [...parts.slice(0, MOST - 1), text(`${parts.length - MOST + 1} more`)],
  );

/** What the coaching beside the table speaks of, so that the two never disagree. */
function trailing([first, ...others]: AgentNumbers["behind"]): Part[] {
  if (first === undefined) return [];
  const more =
    others.length === 0
      ? ""
      : `, and ${counted(others.length, "other")} ${others.length === 1 ? "lies" : "lie"} behind too`;
  return [text("; "), first.who, text(` lies behind its peers in ${first.what}${more}`)];
}

export const AGENT_TABLE: readonly Clause<AgentNumbers>[] = [
  [
    {
      when: ({ total }) => total === 0,
      say: ({ over, what }) => [text(`No ${what} worked in the ${over}.`)],
    },
    {
      when: ({ plans }) => plans.length > 0,
      say: ({ plans }) => [
        ...named(plans),
        text(
          plans.length === 1
            ? " requires a Performance Improvement Plan."
            : " require a Performance Improvement Plan.",
        ),
      ],
    },
    {
      when: ({ judged }) => judged === 0,
      say: ({ total, what }) => [
        text(
          `${NumberWord(total)} ${total === 1 ? what : `${what}s`} worked, and nothing is known that has a target.`,
        ),
      ],
    },
    {
      when: ({ missing }) => missing.length === 0,
      say: ({ judged, what, fewest, behind }) => [
        text(
          judged === 1
            ? `The one ${what} that can be judged meets its targets${soFar(fewest)}`
            : `${judged === 2 ? "Both" : "All"} ${judged === 2 ? `${what}s` : counted(judged, what)} that can be judged meet their targets${soFar(fewest)}`,
        ),
        ...trailing(behind),
        text("."),
      ],
    },
  ],
  [
    {
      when: ({ missing }) => missing.length > 0,
      say: ({ missing, plans, fewest }) => [
        ...named(missing),
        text(
          `${plans.length > 0 ? " also" : ""} ${missing.length === 1 ? "misses" : "miss"} a target${soFar(fewest)}.`,
        ),
      ],
    },
    {
      when: ({ plans, judged, missing }) => plans.length > 0 && judged > plans.length && missing.length === 0,
      say: ({ plans, judged, what, fewest }) => {
        const rest = judged - plans.length;
        return [
          text(
            `The other ${counted(rest, what)} that can be judged ${rest === 1 ? "meets its targets" : "meet their targets"}${soFar(fewest)}.`,
          ),
        ];
      },
    },
  ],
  [
    {
      when: ({ total, judged }) => judged > 0 && total > judged,
      say: ({ total, judged }) => {
        const rest = total - judged;
        return [text(`Of ${rest === 1 ? "one" : NumberWord(rest).toLowerCase()} too little is known.`)];
      },
    },
  ],
];

export function agentNumbers(
  rows: readonly AgentRow[],
  {
    by,
    over,
    nameOf,
    hrefOf,
  }: { by: By; over: string; nameOf: (id: string) => string; hrefOf: (id: string) => string },
): AgentNumbers {
  const part = ({ id }: AgentRow): Part[] => (id === null ? [] : [{ text: nameOf(id), href: hrefOf(id) }]);
  const own = rows.filter(({ id }) => id !== null);
  const verdicts = (row: AgentRow) =>
    row.cells.flatMap(({ row: each }) => (each === undefined || each.status === "unknown" ? [] : [each.n]));
  const judged = own.filter((row) => verdicts(row).length > 0);
  const behind = own.flatMap((row) => {
    const weakness = weaknessOf(row);
    return weakness === undefined
      ? []
      : part(row).map((who) => ({ who, what: weakness.column.metric.label.toLowerCase() }));
  });
  return {
    behind,
    what: by,
    over,
    total: own.length,
    judged: judged.length,
    plans: own.filter(({ performance }) => performance.pip !== null).flatMap(part),
    missing: own.filter(({ performance, missed }) => performance.pip === null && missed > 0).flatMap(part),
    fewest: Math.min(...judged.flatMap(verdicts)),
  };
}
