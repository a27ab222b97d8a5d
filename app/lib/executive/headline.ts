/** The sentence of the executive overview: what lands when, whether the money lasts, who is needed. */
import { counted, NumberWord, numberWord, soFar, type Clause, type Part } from "../headline/headline.ts";

export interface Numbers {
  /** Whether anything ever happened. */
  any: boolean;
  /** The day of the last event, where that is so long ago that nobody works; else null. */
  silent: string | null;
  open: number;
  shipped: number;
  /** Open features with a forecast that can be told. */
  foretold: number;
  /** Open features whose forecast is too far ahead to be told. */
  far: number;
  /** The next that lands, by P80; null: none is foretold. */
  next: { title: string; href: string; p80: string; samples: number } | null;
  /** The current sprint; null: none is going on. */
  sprint: {
    name: string;
    href: string;
    /** `over`: its end has passed; `endless`: nobody said when it ends. */
    end: "ahead" | "over" | "endless";
    features: number;
    done: number;
    likely: number;
    doubtful: { count: number; title: string; href: string } | null;
    /** Finished tasks that the weakest of its forecasts rests on. */
    samples: number;
  } | null;
  /** Why nothing is foretold, as the forecast says it. */
  why: string | null;
  /** Open features that are stuck, the first of them. */
  stuck: { count: number; title: string; href: string } | null;
  budget:
    | { kind: "none" | "hidden" }
    | { kind: "used_up"; name: string; href: string }
    | { kind: "unknown"; name: string; href: string; days: number }
    | { kind: "runs_out"; name: string; href: string; when: string; percentile: "P50" | "P80"; days: number }
    | { kind: "lasts"; name: string; href: string; days: number };
  alerts: { critical: number; waiting: number; href: string };
}

const text = (words: string): Part => ({ text: words });

function sprintParts(sprint: NonNullable<Numbers["sprint"]>): Part[] {
  const { name, href, end, features, done, likely, doubtful, samples } = sprint;
  const of = (count: number) =>
    `${count === 0 ? "None" : NumberWord(count)} of ${counted(features, "feature")}`;
  const named: Part = { text: name, href };
  if (done === features)
    return [
      text(features === 1 ? "The one feature of " : `All ${counted(features, "feature")} of `),
      named,
      text(features === 1 ? " is done." : " are done."),
    ];
  if (end !== "ahead")
    return [
      text(`${of(done)} ${done === 1 ? "is" : "are"} done; `),
      named,
      text(end === "over" ? " is past its end." : " has no end."),
    ];
  if (features === 1) {
    if (doubtful !== null)
      return [{ text: doubtful.title, href: doubtful.href }, text(" may not land in "), named, text(".")];
    return likely === 1
      ? [text("The one feature of "), named, text(` lands in time at P80${soFar(samples)}.`)]
      : [text("When the one feature of "), named, text(" lands is unknown.")];
  }
  if (likely === 0 && doubtful === null)
    return [
      text(`${of(done)} ${done === 1 ? "is" : "are"} done in `),
      named,
      text(
        `; when ${counted(features - done, "other")} ${features - done === 1 ? "lands" : "land"} is unknown.`,
      ),
    ];
  const landing = done + likely;
  const unknown = features - landing - (doubtful?.count ?? 0);
  const verb = landing === 1 ? "lands" : "land";
  const others = (doubtful?.count ?? 0) - 1;
  return [
    text(
      `${landing === features && features > 1 ? `All ${counted(features, "feature")}` : of(landing)} ${verb} in `,
    ),
    named,
    text(likely === 0 ? "." : ` at P80${soFar(samples)}.`),
    ...(doubtful === null
      ? []
      : [
          text(" "),
          { text: doubtful.title, href: doubtful.href },
          text(others === 0 ? " may not." : ` and ${counted(others, "other")} may not.`),
        ]),
    ...(unknown <= 0
      ? []
      : [text(` When ${counted(unknown, "other")} ${unknown === 1 ? "lands" : "land"} is unknown.`)]),
  ];
}

export const EXECUTIVE_HEADLINE: readonly Clause<Numbers>[] = [
  [
    { when: (n) => !n.any, say: () => [text("Nothing has happened yet.")] },
    {
      // What nobody works on lands by no forecast.
      when: (n) => n.silent !== null,
      say: (n) => [
        text(
          `Nothing has happened since ${n.silent ?? ""}; ${numberWord(n.open)} ${n.open === 1 ? "feature is" : "features are"} open.`,
        ),
      ],
    },
    {
      when: (n) => n.sprint !== null && n.sprint.features > 0,
      say: ({ sprint }) => (sprint === null ? [] : sprintParts(sprint)),
    },
    {
      when: (n) => n.open === 0,
      say: (n) => [
        text(
          n.shipped === 0
            ? "No feature is known."
            : `No feature is open; ${counted(n.shipped, "has", "have")} closed.`,
        ),
      ],
    },
    {
      when: (n) => n.next === null && n.far > 0,
      say: ({ open, far }) => [
        text(
          `${NumberWord(open)} ${open === 1 ? "feature is" : "features are"} open; when ${open === 1 ? "it lands" : "they land"} is ${far === open ? "" : "unknown, or "}too far ahead to say.`,
        ),
      ],
    },
    {
      when: (n) => n.next === null,
      say: (n) => [
        text(
          `${NumberWord(n.open)} ${n.open === 1 ? "feature is" : "features are"} open; when ${n.open === 1 ? "it lands" : "they land"} is unknown${n.why === null ? "" : `: ${n.why}`}.`,
        ),
      ],
    },
    {
      when: () => true,
      say: ({ open, foretold, next }) =>
        next === null
          ? []
          : [
              text(`${NumberWord(open)} ${open === 1 ? "feature is" : "features are"} open`),
              ...(foretold < open ? [text(` (${numberWord(foretold)} foretold)`)] : []),
              text(open === 1 ? ": " : "; next, "),
              { text: next.title, href: next.href },
              text(` lands by ${next.p80} at P80${soFar(next.samples)}.`),
            ],
    },
  ],
  [
    {
      when: (n) => n.stuck !== null && n.stuck.count === 1,
      say: ({ stuck }) =>
        stuck === null ? [] : [{ text: stuck.title, href: stuck.href }, text(" is stuck.")],
    },
    {
      when: (n) => n.stuck !== null,
      say: ({ stuck }) =>
        stuck === null
          ? []
          : [
              { text: stuck.title, href: stuck.href },
              text(` and ${counted(stuck.count - 1, "other", "others")} are stuck.`),
            ],
    },
  ],
  [
    {
      when: (n) => n.budget.kind === "used_up",
      say: ({ budget }) =>
        budget.kind === "used_up"
          ? [{ text: `${budget.name} is used up`, href: budget.href }, text(".")]
          : [],
    },
    {
      when: (n) => n.budget.kind === "runs_out",
      say: ({ budget }) =>
        budget.kind === "runs_out"
          ? [
              text(`${budget.name} `),
              { text: `runs out on ${budget.when}`, href: budget.href },
              text(` at ${budget.percentile}${soFar(budget.days)}.`),
            ]
          : [],
    },
    {
      when: (n) => n.budget.kind === "lasts",
      say: ({ budget }) =>
        budget.kind === "lasts"
          ? [{ text: `${budget.name} lasts`, href: budget.href }, text(` at P80${soFar(budget.days)}.`)]
          : [],
    },
    {
      when: (n) => n.budget.kind === "unknown",
      say: ({ budget }) =>
        budget.kind === "unknown"
          ? [
              text(`Whether `),
              { text: budget.name.replace(/^The /, "the "), href: budget.href },
              text(
                budget.days === 0
                  ? " lasts is unknown: no whole day of spending is over."
                  : ` lasts is unknown: ${counted(budget.days, "whole day", "whole days")} of spending ${budget.days === 1 ? "says" : "say"} too little.`,
              ),
            ]
          : [],
    },
  ],
  [
    {
      when: (n) => n.alerts.critical > 0,
      say: ({ alerts }) => [
        {
          text: `${NumberWord(alerts.critical)} critical ${alerts.critical === 1 ? "alert waits" : "alerts wait"}.`,
          href: alerts.href,
        },
      ],
    },
    {
      when: (n) => n.alerts.waiting > 0,
      say: ({ alerts }) => [
        {
          text: `${NumberWord(alerts.waiting)} ${alerts.waiting === 1 ? "alert waits" : "alerts wait"} for a person.`,
          href: alerts.href,
        },
      ],
    },
    { when: (n) => n.any, say: () => [text("No alert waits.")] },
  ],
];
