/** What an agent is handed at the beginning of its work. */
import type { TaskForecast } from "./forecast.ts";
import type { LessonHit } from "./lesson.ts";

/** A choice that the project made, which the work may touch. */
export interface ContextDecision {
  seq: number;
  /** RFC 3339. */
  at: string;
  agent_id: string;
  task_id: string | null;
  feature_id: string | null;
  title: string | null;
  rationale: string | null;
}

export interface ContextResponse {
  /** Null: the live state knows no such task, or none was named. */
  task: { id: string; title: string | null; feature_id: string | null; status: string } | null;
  /** What the lessons and decisions are, and are not. */
  notice: string;
  lessons: LessonHit[];
  decisions: ContextDecision[];
  forecast: TaskForecast | null;
  /** All of it, ready to paste, as Markdown; empty where there is nothing to say. */
  text: string;
}
