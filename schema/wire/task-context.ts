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

/** A way of working that the project adopted, in the version that holds now. */
export interface ContextSop {
  id: string;
  version: string | null;
  title: string | null;
  text: string;
  /** Of its adoption. */
  seq: number;
  /** RFC 3339. */
  at: string;
}

export interface ContextResponse {
  /** Null: the live state knows no such task, or none was named. */
  task: { id: string; title: string | null; feature_id: string | null; status: string } | null;
  /** What the lessons and decisions are, and are not. */
  notice: string;
  lessons: LessonHit[];
  decisions: ContextDecision[];
  /** Those for the role and the kind of the task first. */
  sops: ContextSop[];
  forecast: TaskForecast | null;
  /** All of it, ready to paste, as Markdown; empty where there is nothing to say. */
  text: string;
}
