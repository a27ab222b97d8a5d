/**
 * Planted truths: what a run is made to hold, so that whoever looks for such
 * things can be scored. Each changes one rate or one factor and nothing else;
 * all other luck stays that of the same seed without it.
 * test/README.md says for each what a detector should find.
 */
export interface Planted {
  /** `coder-b` uses so many per cent more tokens in every call. */
  coder_tokens_percent: number;
  /** So many per cent of the tasks that `architect-b` specified need an answer; null: the ordinary rate. */
  unclear_specs_percent: number | null;
  /** Files with this ending break after merge; null: none does. */
  fragile_files: string | null;
  /** Points by which a delivered lesson changes the chance that a first review asks for changes; null: no lesson is tried. */
  helpful_lesson_points: number | null;
  harmful_lesson_points: number | null;
  /** From `BURN_FROM_MS` on every call uses so many per cent more tokens. */
  burn_percent: number;
  /** `coder-c` repeats one tool call so often, on its second task and each tenth after it; 0: never. */
  loop_calls: number;
}

export const NOTHING_PLANTED: Planted = {
  coder_tokens_percent: 0,
  unclear_specs_percent: null,
  fragile_files: null,
  helpful_lesson_points: null,
  harmful_lesson_points: null,
  burn_percent: 0,
  loop_calls: 0,
};

export const HUNGRY_CODER = "coder-b";
export const UNCLEAR_ARCHITECT = "architect-b";
export const LOOPING_CODER = "coder-c";
/** The team's second morning: the first day is the baseline. 09:00 and 22 hours are 07:00. */
export const BURN_FROM_MS = 22 * 3_600_000;
/** Share of merged tasks with a fragile file that break, against 4 % of the others. */
export const FRAGILE_BUG = 0.4;
/** Tasks between two loops of the same agent, in its own tasks. */
export const LOOP_EVERY_TASKS = 10;

export interface Plant {
  /** What follows `=`; empty: it takes none. */
  value: string;
  byDefault: string;
  about: string;
  /** Null where the text is no value of it. */
  read(text: string, planted: Planted): Planted | null;
}

/** A whole number within these; null else. */
function whole(text: string, lowest: number, highest: number): number | null {
  const value = Number(text);
  return /^-?\d+$/.test(text) && value >= lowest && value <= highest ? value : null;
}

function numeric<K extends keyof Planted>(
  field: K & { [P in keyof Planted]: number extends Planted[P] ? P : never }[keyof Planted],
  [lowest, highest]: [number, number],
  byDefault: number,
  unit: string,
  about: string,
): Plant {
  return {
    value: `${unit} ${lowest}–${highest}`,
    byDefault: String(byDefault),
    about,
    read(text, planted) {
      const value = whole(text, lowest, highest);
      return value === null ? null : { ...planted, [field]: value };
    },
  };
}

export const PLANTS: Readonly<Record<string, Plant>> = {
  "coder-tokens": numeric(
    "coder_tokens_percent",
    [0, 400],
    15,
    "per cent",
    `${HUNGRY_CODER} uses so many per cent more tokens in every call`,
  ),
  "unclear-specs": numeric(
    "unclear_specs_percent",
    [0, 100],
    40,
    "per cent",
    `so many per cent of the tasks that ${UNCLEAR_ARCHITECT} specified need clarification (ordinary: 8)`,
  ),
  "fragile-files": {
    value: "ending",
    byDefault: "sql",
    about: "40 % of merged tasks with a file of this ending break after the merge (ordinary: 4)",
    read: (text, planted) => (/^[a-z]{1,10}$/.test(text) ? { ...planted, fragile_files: text } : null),
  },
  "helpful-lesson": numeric(
    "helpful_lesson_points",
    [0, 35],
    20,
    "points",
    "a lesson for `api` tasks, given to half of them: first reviews ask for changes so much less often (ordinary: 35 %)",
  ),
  "harmful-lesson": numeric(
    "harmful_lesson_points",
    [0, 60],
    20,
    "points",
    "a lesson for `ui` tasks, given to half of them: first reviews ask for changes so much more often",
  ),
  burn: numeric(
    "burn_percent",
    [0, 400],
    30,
    "per cent",
    "from the team's second morning on every call uses so many per cent more tokens",
  ),
  loop: numeric(
    "loop_calls",
    [0, 500],
    40,
    "calls",
    `${LOOPING_CODER} repeats one failing tool call so often, on its second task and each ${LOOP_EVERY_TASKS}th after it`,
  ),
};
