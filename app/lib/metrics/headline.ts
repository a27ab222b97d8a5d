/** What the metrics say in a sentence: how many meet their target, and what is not noise. */
import { counted, listed, NumberWord, soFar, type Clause, type Part } from "#lib/headline/headline.ts";

export interface Broken {
  label: string;
  side: "upper" | "lower";
  /** `at 14:00`, `on 18 Feb`. */
  at: string;
  href: string;
}

export interface MetricNumbers {
  /** Events of the log; 0: nothing was ever sent. */
  events: number;
  /** `last 24 hours`. */
  over: string;
  met: number;
  missed: { label: string; href: string }[];
  /** Values that are unknown. */
  unknown: number;
  /** All metrics asked for. */
  total: number;
  /** The fewest things that a verdict rests on. */
  fewest: number;
  /** Newest first. */
  broken: Broken[];
}

/** More claims than this are no longer a sentence. */
const MOST = 2;

const judged = ({ met, missed }: MetricNumbers) => met + missed.length;

function named(links: readonly Part[]): Part[] {
  const rest = links.length - MOST;
  if (rest <= 0) return listed(links);
  return listed([...links.slice(0, MOST), { text: `${rest} more` }]);
}

export const METRICS_TABLE: readonly Clause<MetricNumbers>[] = [
  [
    {
      // The metrics may be here before the events' snapshot is: what is measured was not nothing.
      when: ({ events, unknown, total }) => events === 0 && unknown === total,
      say: () => [{ text: "Nothing is measured yet: no event has come." }],
    },
    {
      when: (numbers) => numbers.unknown === numbers.total,
      say: ({ over }) => [
        { text: `No metric is known ${over.startsWith("since ") ? over : `for the ${over}`}.` },
      ],
    },
    {
      when: (numbers) => judged(numbers) === 0,
      say: () => [{ text: "No metric has a target that it could be held against." }],
    },
    {
      when: ({ missed }) => missed.length === 0,
      say: (numbers) => [
        {
          text:
            numbers.met === 1
              ? `The one metric that can be judged meets its target${soFar(numbers.fewest)}.`
              : `All ${counted(numbers.met, "metric")} that can be judged meet their targets${soFar(numbers.fewest)}.`,
        },
      ],
    },
    {
      when: (numbers) => judged(numbers) === 1,
      say: ({ missed, fewest }) =>
        missed.flatMap((one) => [
          { text: one.label, href: one.href },
          { text: ` misses its target${soFar(fewest)}; no other metric can be judged.` },
        ]),
    },
    {
      when: ({ missed }) => missed.length > 0,
      say: (numbers) => [
        {
          text: `${numbers.met === 0 ? "None" : NumberWord(numbers.met)} of ${counted(judged(numbers), "metric")} ${numbers.met < 2 ? "meets" : "meet"} target${soFar(numbers.fewest)}.`,
        },
      ],
    },
  ],
  [
    {
      when: ({ broken }) => broken.length > 0,
      say: ({ broken }) => [
        ...named(
          broken.map(({ label, side, at, href }, i) => ({
            text: `${i === 0 ? label : label.charAt(0).toLowerCase() + label.slice(1)} broke its ${side} control limit ${at}`,
            href,
          })),
        ),
        { text: "." },
      ],
    },
  ],
  [
    {
      when: (numbers) => numbers.missed.length > 0 && judged(numbers) > 1,
      say: ({ missed }) => [
        { text: "Missed: " },
        ...named(missed.map(({ label, href }) => ({ text: label, href }))),
        { text: "." },
      ],
    },
  ],
  [
    {
      when: ({ unknown, total }) => unknown > 0 && unknown < total,
      say: ({ unknown }) => [{ text: `${NumberWord(unknown)} ${unknown === 1 ? "is" : "are"} unknown.` }],
    },
  ],
];
