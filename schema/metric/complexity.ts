/** How complex work is, by the files it touched. */
export const COMPLEXITIES = ["simple", "medium", "complex"] as const;
export type Complexity = (typeof COMPLEXITIES)[number];

/** Numbers of files. */
export interface ComplexityBounds {
  /** Fewer are simple. */
  medium_from: number;
  /** More are complex. */
  medium_to: number;
}

export const COMPLEXITY_BOUNDS: ComplexityBounds = { medium_from: 5, medium_to: 20 };

/** Files: more than one change touches; a bound beyond it sorts nothing. */
export const MAX_BOUND_FILES = 10_000;

/** Null where nobody told of any file: not known is not simple. */
export function complexityOf(
  file_count: number | null,
  { medium_from, medium_to }: ComplexityBounds = COMPLEXITY_BOUNDS,
): Complexity | null {
  if (file_count === null) return null;
  if (file_count < medium_from) return "simple";
  return file_count <= medium_to ? "medium" : "complex";
}
