/** Lessons as they are read: what was understood, by whom, how far it is trusted, and why it was found. */

export const LESSON_CATEGORIES = ["architecture", "pattern", "pitfall", "optimization"] as const;
export type LessonCategory = (typeof LESSON_CATEGORIES)[number];

/** `proposed` waits for somebody's approval, `quarantined` and `retired` are kept to be looked at; `active` alone is given out. */
export const LESSON_STATUSES = ["proposed", "active", "quarantined", "retired"] as const;
export type LessonStatus = (typeof LESSON_STATUSES)[number];

/** Who finds it: its own project, or every project of the team. */
export const LESSON_SCOPES = ["project", "team"] as const;
export type LessonScope = (typeof LESSON_SCOPES)[number];

/** Who said it: Clusterfork's own reflection, a person of the team, or a sender's key. */
export const LESSON_SOURCES = ["reflection", "person", "key"] as const;
export type LessonSource = (typeof LESSON_SOURCES)[number];

/** Where it comes from, so that whoever reads it can judge it. */
export interface LessonProvenance {
  kind: LessonSource;
  /** The agent or person that said it. */
  by: string;
  /** Null: no key did. */
  key_id: string | null;
  /** The events that say it, the first ones: sequence numbers of its project's log. */
  seqs: number[];
}

export interface Lesson {
  /** As the project that asks calls it: its own by their name, another's as `<project>.<name>`. */
  id: string;
  /** Where it was learned. */
  project: string;
  category: LessonCategory;
  headline: string;
  explanation: string | null;
  /** When it applies. */
  context: string | null;
  tags: string[];
  /** 1–10. */
  importance: number;
  /** 0–1; null where nobody said. */
  confidence: number | null;
  source_task: string | null;
  source_feature: string | null;
  /** The events that it rests on: sequence numbers of its project's log. */
  evidence: number[];
  provenance: LessonProvenance;
  status: LessonStatus;
  /** Why it has this status; null while nothing was said. */
  reason: string | null;
  scope: LessonScope;
  /** True: other projects shall see it too, once somebody approves. */
  wants_team: boolean;
  /** Patterns of prompt injection that its text shows; while there are any it is not given out without approval. */
  flags: string[];
  helpful: number;
  harmful: number;
  applied: number;
  /** To how many tasks and sessions it was given, and from how many it was held back to measure it. */
  delivered: number;
  withheld: number;
  /** How often it was learned: twins are counted here. */
  times: number;
  /** Event times, ms. */
  created_at: number;
  updated_at: number;
  /** Of its last useful use; its making where there was none. */
  used_at: number;
}

/** Shares of the score; whatever they add up to, they are made to add up to 1. */
export interface LessonWeights {
  recency: number;
  importance: number;
  relevance: number;
}

/** Why a lesson has its rank: `score` is the sum of weight times part. */
export interface LessonScore {
  rank: number;
  score: number;
  /** 0.995 to the power of the hours since its last useful use. */
  recency: number;
  /** A tenth of its importance. */
  importance: number;
  /** Fused from the words and the meaning that query and lesson share. */
  relevance: number;
  /** Null: found by words alone. */
  cosine: number | null;
  lexical: number;
  /** Words of the query that the lesson holds in some form. */
  terms: string[];
  /** About so many tokens when it is handed over. */
  tokens: number;
  /** The same in a sentence. */
  why: string;
}

export interface LessonHit extends LessonScore {
  lesson: Lesson;
}

export interface LessonsResponse {
  lessons: Lesson[];
  /** `after` of the next page; null: that was all. */
  next: string | null;
}

export interface LessonResponse {
  lesson: Lesson;
}

export interface LessonSearchResponse {
  query: string;
  /** By which these were ranked: the project's, added up to 1. */
  weights: LessonWeights;
  hits: LessonHit[];
  /** How many fitted the words, and were left out for being too far from the question, like another, or too long. */
  left_out: { unrelated: number; alike: number; over_budget: number };
  /** False: the embedder did not answer, and words alone were searched. */
  semantic: boolean;
}

/** It is in the log; lists and searches know it a moment later. */
export interface LessonAcceptedResponse {
  id: string;
  /** That it has then. */
  status: LessonStatus;
  /** What becomes of it, in words. */
  next: string;
}

/** In the log: these are given to nobody a moment later, until somebody approves them. */
export interface LessonsQuarantinedResponse {
  key: string;
  /** Their ids. */
  lessons: string[];
}

/** Vectors that are missing, or of another embedder, are being made; searches go on by words meanwhile. */
export interface LessonsReindexedResponse {
  /** Lessons of the team whose vector is still to be made. */
  left: number;
}

/** In the log: what the key taught is gone a moment later. */
export interface LessonsPurgedResponse {
  key: string;
}
