/** What a project decides about data that other tools emit. */

export interface IntakeSettings {
  /** Keep prompts and outputs of model calls and tools; otherwise only their lengths and hashes are kept. */
  content: boolean;
  /**
   * How names of branches name work, first match wins: literal text with `{feature}` and `{task}`, each of which
   * matches one or more characters other than `/`. No regular expressions: a sender could make one run for ever.
   */
  branches: string[];
}

export const DEFAULT_INTAKE: IntakeSettings = {
  content: false,
  branches: ["{feature}/{task}", "{feature}"],
};
