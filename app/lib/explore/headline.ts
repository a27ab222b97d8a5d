/** What the log answered, in a sentence; and how much of it was read. */
import { counted, soFar, type Clause, type Part } from "#lib/headline/headline.ts";

export interface ExploreNumbers {
  /** Events of the log. */
  events: number;
  matched: number;
  scanned: number;
  /** `in the last 24 hours`. */
  over: string;
  grouped: boolean;
  group_count: number;
  /** The one at the top; null: there is none, or the order is by key. */
  top: { name: string; href: string; value: string; is_count: boolean; share: string | null } | null;
  /** `p95 of duration_ms`. */
  calculation: string;
  is_count: boolean;
  /** Ungrouped. */
  value: string | null;
  descending: boolean;
  /** Why the reading ended early; none: all was read. */
  truncated_by: readonly string[];
}

const events = (n: number) => counted(n, "event");
const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

export const EXPLORE_TABLE: readonly Clause<ExploreNumbers>[] = [
  [
    { when: (n) => n.events === 0, say: () => [{ text: "There is nothing to ask yet: no event has come." }] },
    {
      when: (n) => n.scanned === 0,
      say: (n) => [{ text: `No event happened ${n.over}.` }],
    },
    {
      when: (n) => n.matched === 0,
      say: (n) => [{ text: `None of ${events(n.scanned)} ${n.over} fits.` }],
    },
    {
      when: (n) => n.top !== null && n.top.is_count,
      say: (n) =>
        top(n, (t) => [
          { text: t.name, href: t.href },
          {
            text: ` ${n.descending ? "has the most" : "has the fewest"}: ${t.value} of ${events(n.matched)}${t.share === null ? "" : ` (${t.share})`} ${n.over}${soFar(n.matched)}.`,
          },
        ]),
    },
    {
      when: (n) => n.top !== null,
      say: (n) =>
        top(n, (t) => [
          { text: `${capital(n.calculation)} is ${n.descending ? "highest" : "lowest"} for ` },
          { text: t.name, href: t.href },
          { text: `: ${t.value}, of ${events(n.matched)} ${n.over}${soFar(n.matched)}.` },
        ]),
    },
    {
      when: (n) => !n.grouped && !n.is_count && n.value !== null,
      say: (n) => [
        {
          text: `${capital(n.calculation)} is ${n.value}, of ${events(n.matched)} ${n.over}${soFar(n.matched)}.`,
        },
      ],
    },
    {
      when: (n) => !n.grouped && !n.is_count,
      say: (n) => [
        {
          text: `${capital(n.calculation)} is unknown: none of ${events(n.matched)} ${n.over} has such a number.`,
        },
      ],
    },
    {
      when: (n) => n.matched < n.scanned,
      say: (n) => [
        { text: `${capital(events(n.matched))} of ${n.scanned.toLocaleString("en")} ${n.over} fit.` },
      ],
    },
    { when: () => true, say: (n) => [{ text: `${capital(events(n.matched))} ${n.over}.` }] },
  ],
  [
    {
      when: (n) => n.truncated_by.some((bound) => bound !== "groups"),
      say: (n) => [
        {
          text: `Only the newest ${n.scanned.toLocaleString("en")} were read, so older ones are missing here.`,
        },
      ],
    },
  ],
  [
    {
      when: (n) => n.truncated_by.includes("groups"),
      say: () => [{ text: "There are more groups than can be told apart." }],
    },
  ],
];

const top = (n: ExploreNumbers, say: (of: NonNullable<ExploreNumbers["top"]>) => Part[]): Part[] =>
  n.top === null ? [] : say(n.top);
