/** What the page shows, as its address says it: lessons, skills or decisions, what is searched, and the one that is looked at. */
import {
  LESSON_CATEGORIES,
  LESSON_STATUSES,
  type LessonCategory,
  type LessonStatus,
} from "../../../schema/wire/lesson.ts";
import { MAX_TYPED } from "./search.ts";

/** The page's own query is read-only. */
export type Query = Pick<URLSearchParams, "get" | "toString">;

export const SECTIONS = ["lessons", "skills", "decisions"] as const;
export type Section = (typeof SECTIONS)[number];

/** Longer than any name that a lesson can have. */
const MAX_LESSON_NAME = 400;

export interface MemoryPlace {
  /** Null: the address does not say. */
  show: Section | null;
  typed: string;
  /** Its event's seq; null: none is chosen. */
  decision: number | null;
  lesson: string | null;
  /** Null: of any. */
  status: LessonStatus | null;
  category: LessonCategory | null;
}

export function readPlace(query: Query): MemoryPlace {
  const seq = query.get("decision") ?? "";
  const decision = /^\d{1,15}$/.test(seq) ? Number(seq) : null;
  const named = query.get("lesson") ?? "";
  const lesson = named === "" || named.length > MAX_LESSON_NAME ? null : named;
  const implied = decision !== null ? "decisions" : lesson !== null ? "lessons" : null;
  return {
    show: SECTIONS.find((name) => name === query.get("show")) ?? implied,
    typed: (query.get("q") ?? "").slice(0, MAX_TYPED),
    decision,
    lesson,
    status: LESSON_STATUSES.find((name) => name === query.get("status")) ?? null,
    category: LESSON_CATEGORIES.find((name) => name === query.get("category")) ?? null,
  };
}

type Change = Partial<
  Record<"show" | "q" | "lesson" | "status" | "category", string | null> & { decision: number | null }
>;

/** The address with some of it changed; null or "" takes a part away. What else it says stays. */
export function withPlace(query: Query, change: Change): string {
  const next = new URLSearchParams(query.toString());
  for (const [name, value] of Object.entries(change)) {
    if (value === null || value === "") next.delete(name);
    else next.set(name, String(value));
  }
  return `?${next.toString()}`;
}

/** What was searched and chosen in one section means nothing in another. */
export const ofSection = (query: Query, show: Section): string =>
  withPlace(query, { show, q: null, decision: null, lesson: null, status: null, category: null });
