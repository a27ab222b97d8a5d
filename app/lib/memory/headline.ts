/** What is remembered, in a sentence. */
import type { Decision } from "../../../schema/state/entity/decision.ts";
import { counted, NumberWord, type Clause } from "#lib/headline/headline.ts";

export interface MemoryNumbers {
  /** Of the whole log. */
  decisions: number;
  /** Kept on this page; older ones are in the log alone. */
  kept: number;
  /** Of those kept: by how many agents, and how many say why, and what was rejected. */
  agents: number;
  reasoned: number;
  weighed: number;
  /** How long ago the newest was, in words; null: there is none. */
  newest: { ago: string; href: string } | null;
  /** Null: nothing was searched. */
  found: number | null;
}

export function memoryNumbers(
  decisions: readonly Decision[],
  given: Pick<MemoryNumbers, "decisions" | "newest" | "found">,
): MemoryNumbers {
  return {
    ...given,
    kept: decisions.length,
    agents: new Set(decisions.map(({ agent_id }) => agent_id)).size,
    reasoned: decisions.filter(({ rationale }) => rationale !== null).length,
    weighed: decisions.filter(({ alternatives }) => alternatives.length > 0).length,
  };
}

export const MEMORY_TABLE: readonly Clause<MemoryNumbers>[] = [
  [
    {
      when: ({ decisions }) => decisions === 0,
      say: () => [{ text: "No decision has been recorded, so nothing says why things are as they are." }],
    },
    {
      when: ({ found }) => found === 0,
      say: ({ kept }) => [{ text: `None of ${counted(kept, "decision")} here holds these words.` }],
    },
    {
      when: ({ found }) => found !== null,
      say: ({ found, kept }) => [
        {
          text: `${NumberWord(found ?? 0)} of ${counted(kept, "decision")} ${found === 1 ? "holds" : "hold"} these words.`,
        },
      ],
    },
    {
      when: () => true,
      say: ({ decisions, kept, agents, newest }) => [
        {
          text: `${NumberWord(decisions)} ${decisions === 1 ? "decision" : "decisions"}${decisions > kept ? `, the newest ${kept} here,` : ""} by ${counted(agents, "agent")}`,
        },
        ...(newest === null ? [] : [{ text: "; the newest " }, { text: newest.ago, href: newest.href }]),
        { text: "." },
      ],
    },
  ],
  [
    {
      when: ({ kept, reasoned, found }) => found === null && kept > 0 && reasoned < kept,
      say: ({ kept, reasoned }) => [
        {
          text: `${NumberWord(kept - reasoned)} of them ${kept - reasoned === 1 ? "does" : "do"} not say why.`,
        },
      ],
    },
    {
      when: ({ kept, weighed, found }) => found === null && kept > 0 && weighed < kept,
      say: ({ kept, weighed }) => [
        {
          text: `All say why; ${weighed === 0 ? "none" : `${weighed} of ${kept}`} ${weighed === 1 ? "says" : "say"} what was rejected.`,
        },
      ],
    },
  ],
];
