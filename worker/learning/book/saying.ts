/** What a `lesson_learned` event says, within the limits of a lesson. */
import { eventTime, type Json, type StoredEvent } from "../../../schema/event/event.ts";
import { evidenceSeqs } from "../../../schema/event/evidence.ts";
import { OWN_KEY_ID } from "../../../schema/event/own.ts";
import {
  MAX_CONTEXT_CHARS,
  MAX_EXPLANATION_CHARS,
  MAX_HEADLINE_CHARS,
  MAX_LESSON_NAME_CHARS,
  MAX_LESSON_TAG_CHARS,
  MAX_LESSON_TAGS,
} from "../../../schema/wire/lesson-limits.ts";
import { LESSON_CATEGORIES, type LessonCategory, type LessonSource } from "../../../schema/wire/lesson.ts";
import { flagsOf } from "../guard/flag.ts";
import { plainOf } from "../retrieve/words.ts";

/** How names of lessons begin that Clusterfork's reflections give, and nobody else. */
export const REFLECTION_NAME = "reflection-";

/** The words of one saying. */
export interface Saying {
  category: LessonCategory;
  headline: string;
  explanation: string | null;
  context: string | null;
  tags: string[];
  importance: number;
  confidence: number | null;
  source_task: string | null;
  source_feature: string | null;
  evidence: number[];
  wants_team: boolean;
  flags: string[];
  /** Whoever it quotes took no part in the work. */
  is_unvouched: boolean;
  kind: LessonSource;
  by: string;
  key_id: string | null;
  seq: number;
  at: number;
}

/** Clusterfork's own events alone: what people do is said in its name, and no sender's key can speak so (T5). */
export function isTrusted({ key_id }: Pick<StoredEvent, "key_id">): boolean {
  return key_id === OWN_KEY_ID;
}

/**
 * The name by which its project's log calls the lesson of an event. Those of reflections can be worked out beforehand: a sender
 * who says one is not heard, or he would count as the teacher of what a reflection says after him.
 */
export function nameOf(event: StoredEvent): string {
  const said = cutText(event.metadata?.["lesson_id"], MAX_LESSON_NAME_CHARS);
  const is_taken = said !== null && said.startsWith(REFLECTION_NAME) && !isTrusted(event);
  return said === null || is_taken ? `lesson-${String(event.seq)}` : said;
}

export function sayingOf(event: StoredEvent): Saying | null {
  const { metadata = {}, metrics = {} } = event;
  const headline = cutText(metadata["headline"], MAX_HEADLINE_CHARS);
  if (headline === null) return null;
  const explanation = cutText(metadata["explanation"], MAX_EXPLANATION_CHARS);
  const context = cutText(metadata["context"], MAX_CONTEXT_CHARS);
  const tags = tagsOf(metadata["tags"]);
  const given = cutText(metadata["category"], MAX_LESSON_TAG_CHARS);
  const category = categoryOf(given);
  const by = cutText(metadata["by"], MAX_HEADLINE_CHARS);
  const trusted = isTrusted(event);
  return {
    category,
    ...{ headline, explanation, context },
    // A word of the sender's own for it is worth finding it by.
    tags:
      given === null || given === category ? tags : [...tags, given.toLowerCase()].slice(0, MAX_LESSON_TAGS),
    importance: importanceOf(metrics["importance"]),
    confidence: metrics["confidence"] ?? null,
    source_task: cutText(metadata["source_task"], MAX_LESSON_NAME_CHARS) ?? event.task_id ?? null,
    source_feature: cutText(metadata["source_feature"], MAX_LESSON_NAME_CHARS) ?? event.feature_id ?? null,
    evidence: evidenceSeqs(metadata["evidence"]),
    wants_team: metadata["scope"] === "team",
    flags: flagsOf([headline, explanation, context, ...tags, nameOf(event), by].join("\n")),
    is_unvouched: metadata["unvouched"] === true,
    kind: !trusted ? "key" : by === null ? "reflection" : "person",
    by: trusted && by !== null ? by : event.agent_id,
    key_id: trusted ? null : event.key_id,
    seq: event.seq,
    at: eventTime(event),
  };
}

/** What sayings that are the same in words have in common; empty where there are no letters to compare. */
export function wordsKey({ headline, explanation }: Pick<Saying, "headline" | "explanation">): string {
  return plainOf(`${headline} ${explanation ?? ""}`);
}

/** Cut, never refused: it is in the log as it is. */
function cutText(value: Json | undefined, max_chars: number): string | null {
  if (typeof value !== "string") return null;
  const trimmed = value.trim();
  if (trimmed === "") return null;
  return trimmed.length <= max_chars ? trimmed : `${trimmed.slice(0, max_chars - 1).toWellFormed()}…`;
}

function tagsOf(value: Json | undefined): string[] {
  if (!Array.isArray(value)) return [];
  const tags = value.flatMap((tag) => cutText(tag, MAX_LESSON_TAG_CHARS)?.toLowerCase() ?? []);
  return [...new Set(tags)].slice(0, MAX_LESSON_TAGS);
}

const DEFAULT_IMPORTANCE = 5;

/** 1–10; below 1 it is a share of the whole, as some senders say it. */
export function importanceOf(value: number | undefined): number {
  if (value === undefined || !Number.isFinite(value) || value < 0) return DEFAULT_IMPORTANCE;
  const tens = value < 1 ? value * 10 : value;
  return Math.min(10, Math.max(1, Math.round(tens)));
}

/** Other words for the four. */
const CATEGORY_OF: ReadonlyMap<string, LessonCategory> = new Map<string, LessonCategory>([
  ...LESSON_CATEGORIES.map((category): [string, LessonCategory] => [category, category]),
  ...["design", "structure", "interface", "schema"].map((w): [string, LessonCategory] => [w, "architecture"]),
  ...["bug", "review", "mistake", "gotcha", "anti-pattern", "antipattern", "security", "failure"].map(
    (w): [string, LessonCategory] => [w, "pitfall"],
  ),
  ...["performance", "cost", "speed", "efficiency"].map((w): [string, LessonCategory] => [w, "optimization"]),
]);

function categoryOf(given: string | null): LessonCategory {
  return CATEGORY_OF.get(given?.toLowerCase() ?? "") ?? "pattern";
}
