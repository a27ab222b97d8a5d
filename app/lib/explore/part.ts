/** What the rows of the question share. */
import type { Question } from "./question.ts";

export interface PartProps {
  question: Question;
  hrefOf: (change: Partial<Question>) => string;
  /** Goes to an address: every change is one, so that back undoes it. */
  onask: (href: string) => void;
}

/** A list of thousands is slower to open than to type. */
export const MAX_OPTIONS = 200;

export const without = <T>(list: readonly T[], index: number): T[] => list.filter((_, i) => i !== index);
