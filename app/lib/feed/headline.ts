/** What the log comes to, in a sentence: how long it is, how fast it grows, and since when it is silent or cut. */
import type { Clause } from "../headline/headline.ts";

export interface LogNumbers {
  events: number;
  /** The moment on screen, in words; null: the present. */
  until: string | null;
  /** Since when the stream is cut, in words; null: it is not. */
  cut: string | null;
  /** The day of the last event of a log that went silent; null: it did not. */
  silent: string | null;
  /** Events of the last minute; null: unknown, as where nothing is heard. */
  pace: number | null;
  /** Where the newest event stands. */
  newest_href: string;
}

const figure = (n: number) => n.toLocaleString("en");
const head = ({ events }: LogNumbers) => `${figure(events)} ${events === 1 ? "event" : "events"}`;

export const LOG_TABLE: readonly Clause<LogNumbers>[] = [
  [
    { when: ({ events }) => events === 0, say: () => [{ text: "No events yet." }] },
    {
      when: ({ until }) => until !== null,
      say: (log) => [{ text: `${head(log)} until ${log.until ?? ""}.` }],
    },
    {
      when: ({ cut }) => cut !== null,
      say: (log) => [{ text: `${head(log)} until ${log.cut ?? ""}; the stream is cut.` }],
    },
    {
      when: ({ silent }) => silent !== null,
      say: (log) => [
        { text: `${head(log)}, none since ` },
        { text: log.silent ?? "", href: log.newest_href },
        { text: "." },
      ],
    },
    { when: ({ pace }) => pace === null, say: (log) => [{ text: `${head(log)}.` }] },
    {
      when: () => true,
      say: (log) => [
        { text: `${head(log)}, ${log.pace === 0 ? "none" : figure(log.pace ?? 0)} in the last minute.` },
      ],
    },
  ],
];
