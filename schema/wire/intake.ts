/** What a project decides about data that other tools emit. */
import * as z from "zod";

export interface IntakeSettings {
  /** Keep prompts and outputs of model calls and tools; otherwise only their lengths and hashes are kept. */
  content: boolean;
  /**
   * How names of branches name work, first match wins: literal text with `{feature}` and `{task}`, each of which
   * matches one or more characters other than `/`. No regular expressions: a sender could make one run for ever.
   */
  branches: string[];
  /** Tools of Claude Code are denied while a hard budget that their agent falls under is used up. */
  enforce_budgets: boolean;
  /** Prompts of Claude Code are answered with the lessons that fit them. */
  deliver_lessons: boolean;
}

export const DEFAULT_INTAKE: IntakeSettings = {
  content: false,
  branches: ["{feature}/{task}", "{feature}"],
  enforce_budgets: false,
  deliver_lessons: false,
};

/** Patterns of a project: each is tried on every branch that is named. */
const MAX_BRANCH_PATTERNS = 20;

/** Characters of one pattern: longer than any branch that people type. */
const MAX_PATTERN_CHARS = 200;

const PLACEHOLDER = /\{([^{}]*)\}/g;

/** Null, or what is wrong with a pattern and what to do. */
function wrongPattern(pattern: string): string | null {
  const names = [...pattern.matchAll(PLACEHOLDER)].map(([, name = ""]) => name);
  const unknown = names.find((name) => name !== "feature" && name !== "task");
  if (unknown !== undefined) return `{${unknown}} is unknown. Use {feature} and {task}.`;
  if (names.length === 0) return "A pattern needs {feature} or {task}: where the name of the work stands.";
  if (new Set(names).size !== names.length) return "Use {feature} and {task} at most once each.";
  // What stands between them would be anybody's guess.
  if (pattern.includes("}{")) return "Put something between {feature} and {task}, such as / or -.";
  return null;
}

const branchPattern = z
  .string({ error: "A pattern is text such as {feature}/{task}." })
  .trim()
  .max(MAX_PATTERN_CHARS, `A pattern has at most ${MAX_PATTERN_CHARS} characters. Shorten it.`)
  .superRefine((pattern, refinement) => {
    const message = wrongPattern(pattern);
    if (message !== null) refinement.addIssue({ code: "custom", message });
  });

export const intakeSettings = z.strictObject({
  content: z.boolean({ error: "content is true or false." }),
  branches: z
    .array(branchPattern, { error: "branches is a list of patterns such as {feature}/{task}." })
    .max(MAX_BRANCH_PATTERNS, `At most ${MAX_BRANCH_PATTERNS} patterns are kept. Join some of them.`),
  enforce_budgets: z.boolean({ error: "enforce_budgets is true or false." }),
  deliver_lessons: z.boolean({ error: "deliver_lessons is true or false." }),
}) satisfies z.ZodType<IntakeSettings>;

/** As it may be stored: what a setting did not know when it was saved has its default. */
export const storedIntake = intakeSettings.extend({
  enforce_budgets: z.boolean().default(DEFAULT_INTAKE.enforce_budgets),
  deliver_lessons: z.boolean().default(DEFAULT_INTAKE.deliver_lessons),
});
