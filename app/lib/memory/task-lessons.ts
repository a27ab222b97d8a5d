/** What lessons had to do with a task, read off its events: which it was handed, which were held back, and which it taught. */
import type { StoredEvent } from "../../../schema/event/event.ts";
import { deedWords } from "./deed-words.ts";

export interface TaskLesson {
  lesson_id: string;
  /** Of its newest event. */
  seq: number;
  /** What happened to it here, in words: `handed over, called helpful`. */
  words: string;
  /** As an event of this task says it; null: only its name is told. */
  headline: string | null;
}

export interface TaskLessons {
  /** On their way to the work, or found by it. */
  handed: TaskLesson[];
  withheld: TaskLesson[];
  taught: TaskLesson[];
}

type Part = keyof TaskLessons;
/** Where an event puts a lesson; what is only said of one leaves it where it is. */
const PART: ReadonlyMap<string, Part> = new Map([
  ["lesson_retrieved", "handed"],
  ["lesson_withheld", "withheld"],
  ["lesson_learned", "taught"],
]);

interface Found {
  seq: number;
  parts: Set<Part>;
  words: Set<string>;
  headline: string | null;
}

/** In any order; answers the newest first. */
export function lessonsOfTask(events: readonly StoredEvent[]): TaskLessons {
  const found = new Map<string, Found>();
  for (const event of events.toSorted((a, b) => a.seq - b.seq)) {
    if (!event.event_type.startsWith("lesson_")) continue;
    const { metadata = {}, event_type, seq } = event;
    const named = metadata["lesson_id"];
    // Without a name it is called by its place, as the book does.
    const id = typeof named === "string" ? named : event_type === "lesson_learned" ? `lesson-${seq}` : null;
    if (id === null) continue;
    const lesson = found.get(id) ?? { seq, parts: new Set(), words: new Set(), headline: null };
    found.set(id, lesson);
    lesson.seq = seq;
    const part = PART.get(event_type);
    if (part !== undefined) lesson.parts.add(part);
    const said = wordsOf(event);
    if (said !== null) {
      // The newest word is the last one, and stands once.
      lesson.words.delete(said);
      lesson.words.add(said);
    }
    const headline = metadata["headline"];
    if (typeof headline === "string" && headline.trim() !== "") lesson.headline = headline;
  }
  const told: TaskLessons = { handed: [], withheld: [], taught: [] };
  for (const [lesson_id, { seq, parts, words, headline }] of [...found].toSorted(
    ([, a], [, b]) => b.seq - a.seq,
  )) {
    const one = { lesson_id, seq, headline, words: [...words].join(", ") };
    // A task that searched for what was held back from it has it after all.
    const part = parts.has("taught")
      ? "taught"
      : parts.has("withheld") && !parts.has("handed")
        ? "withheld"
        : "handed";
    told[part].push(one);
  }
  return told;
}

const VIA: ReadonlyMap<string, string> = new Map([
  ["search", "found by a search"],
  ["hook", "handed over by Claude Code's hook"],
  ["mcp", "handed over by MCP"],
  ["http", "handed over by the API"],
]);

function wordsOf({ event_type, metadata = {} }: StoredEvent): string | null {
  const { via, helpful } = metadata;
  switch (event_type) {
    case "lesson_retrieved":
      return (typeof via === "string" ? VIA.get(via) : undefined) ?? "handed over";
    case "lesson_withheld":
      return "held back by chance, to measure what lessons do";
    case "lesson_learned":
      return "learned here";
    default:
      return deedWords(event_type, helpful);
  }
}
