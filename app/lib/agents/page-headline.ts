/** What one agent's page says first: what it is doing, how its work ended, and whether it drifts. */
import { counted, NumberWord, numberWord, soFar, type Clause, type Part } from "../headline/headline.ts";

export interface AgentPageNumbers {
  name: string;
  /** False: no event of it is in the state. */
  known: boolean;
  now: Part | null;
  /** Closed in the period. */
  done: number;
  failed: number;
  over: string;
  plan: string | null;
  drift: { kind: "unknown" } | { kind: "calm"; n: number } | { kind: "slower" | "faster"; n: number };
}

const text = (words: string): Part => ({ text: words });

export const AGENT_PAGE_TABLE: readonly Clause<AgentPageNumbers>[] = [
  [
    {
      when: ({ known, done, failed }) => !known && done + failed === 0,
      say: ({ name }) => [text(`Of ${name} nothing is known here.`)],
    },
    {
      when: ({ plan }) => plan !== null,
      say: ({ name, plan }) => [text(`${name} requires a Performance Improvement Plan: ${plan ?? ""}.`)],
    },
  ],
  [
    {
      when: ({ now }) => now !== null,
      say: ({ name, now, plan }) => [
        text(plan === null ? `${name} works on ` : "It works on "),
        ...(now === null ? [] : [now]),
        text("."),
      ],
    },
  ],
  [
    {
      when: ({ done, failed }) => done + failed > 0,
      say: ({ name, now, plan, done, failed, over }) => [
        text(
          `${now === null && plan === null ? `${name}: ` : ""}${now === null && plan === null ? numberWord(done) : NumberWord(done)} ${done === 1 ? "task" : "tasks"} done and ${failed === 0 ? "none" : counted(failed, "task")} failed in the ${over}.`,
        ),
      ],
    },
    {
      when: ({ known }) => known,
      say: ({ over, name, now, plan }) => [
        text(
          `${now === null && plan === null ? `${name} closed no` : "No"} task ${now === null && plan === null ? "" : "closed "}in the ${over}.`,
        ),
      ],
    },
  ],
  [
    {
      when: ({ drift }) => drift.kind === "slower" || drift.kind === "faster",
      say: ({ drift }) => [
        {
          text: `Its tasks have become ${drift.kind === "slower" ? "slower" : "faster"} than those of its role`,
          href: "#drift",
        },
        text("."),
      ],
    },
    {
      when: ({ drift }) => drift.kind === "calm",
      say: ({ drift }) => [text(`No drift${drift.kind === "calm" ? soFar(drift.n) : ""}.`)],
    },
  ],
];
