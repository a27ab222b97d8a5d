/** What was done with a lesson, as its events say it: one table for its own page and for that of a task. */
const DEEDS = {
  lesson_learned: "learned",
  lesson_rated: "judged",
  lesson_applied: "applied",
  lesson_approved: "approved",
  lesson_quarantined: "put into quarantine",
  lesson_retired: "retired",
} as const;

/** Events that say something of a lesson. Where it was handed over or held back is counted elsewhere. */
export const DEED_TYPES: readonly string[] = Object.keys(DEEDS);

/** `called helpful`, `retired`; null: it says nothing of it. */
export function deedWords(event_type: string, helpful: unknown): string | null {
  if (event_type === "lesson_rated" && typeof helpful === "boolean")
    return `called ${helpful ? "helpful" : "harmful"}`;
  return Object.hasOwn(DEEDS, event_type) ? DEEDS[event_type as keyof typeof DEEDS] : null;
}
