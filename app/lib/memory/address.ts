/** What the page shows, as its address says it: lessons, skills or decisions, what is searched, and the one that is looked at. */
import {
  LESSON_CATEGORIES,
  LESSON_SCOPES,
  LESSON_STATUSES,
  type LessonCategory,
  type LessonScope,
  type LessonStatus,
} from "../../../schema/wire/lesson.ts";
import { MAX_TYPED } from "./search.ts";

/** The page's own query is read-only. */
export type Query = Pick<URLSearchParams, "get" | "toString">;

export const SECTIONS = ["lessons", "skills", "decisions"] as const;
export type Section = (typeof SECTIONS)[number];

/** Longer than any name that a lesson can have. */
const MAX_LESSON_NAME = 400;
/** Longer than any tag that the book keeps. */
const MAX_TAG = 60;

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
  tag: string | null;
  scope: LessonScope | null;
}

export function readPlace(query: Query): MemoryPlace {
  const seq = query.get("decision") ?? "";
  const decision = /^\d{1,15}$/.test(seq) ? Number(seq) : null;
  const named = query.get("lesson") ?? "";
  const lesson = named === "" || named.length > MAX_LESSON_NAME ? null : named;
  const tagged = (query.get("tag") ?? "").trim().toLowerCase();
  const implied = decision !== null ? "decisions" : lesson !== null ? "lessons" : null;
  return {
    show: SECTIONS.find((name) => name === query.get("show")) ?? implied,
    typed: (query.get("q") ?? "").slice(0, MAX_TYPED),
    decision,
    lesson,
    status: LESSON_STATUSES.find((name) => name === query.get("status")) ?? null,
    category: LESSON_CATEGORIES.find((name) => name === query.get("category")) ?? null,
    // A comma would ask for two.
    tag: tagged === "" || tagged.length > MAX_TAG || tagged.includes(",") ? null : tagged,
    scope: LESSON_SCOPES.find((name) => name === query.get("scope")) ?? null,
  };
}

type Change = Partial<
  Record<"show" | "q" | "lesson" | "status" | "category" | "tag" | "scope", string | null> & {
    decision: number | null;
  }
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
  withPlace(query, { ...UNFILTERED, show, decision: null, lesson: null });

/** All of a section's lessons. */
export const UNFILTERED = { q: null, status: null, category: null, tag: null, scope: null } as const;
