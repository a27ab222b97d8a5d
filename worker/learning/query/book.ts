/**
 * What may be asked of a team's book of lessons. One book per team, addressed by the team's id: no call names
 * another team's, so no answer crosses one (T1).
 *
 * `project` is the one that asks. It sees its own lessons, and those of the whole team.
 */
import type { StoredEvent } from "../../../schema/event/event.ts";
import type {
  Lesson,
  LessonCategory,
  LessonHit,
  LessonStatus,
  LessonWeights,
} from "../../../schema/wire/lesson.ts";

/** Part of a project's log: its events about lessons after `since`, up to `to`. */
export interface Told {
  project: string;
  since: number;
  to: number;
  events: TaughtEvent[];
}

export interface TaughtEvent {
  event: StoredEvent;
  /** Keys whose events a lesson rests on: purging one of them takes the lesson too. */
  keys: string[];
}

export interface LessonFilters {
  status?: readonly LessonStatus[];
  category?: readonly LessonCategory[];
  tags?: readonly string[];
}

export interface SearchAsk extends LessonFilters {
  project: string;
  text: string;
  k: number;
  /** Budget of all hits together. */
  tokens: number;
  weights: LessonWeights;
  now_ms: number;
}

export interface Searched {
  hits: LessonHit[];
  /** By which they were ranked: as they were asked for, added up to 1. */
  weights: LessonWeights;
  left_out: { unrelated: number; alike: number; over_budget: number };
  semantic: boolean;
}

/** What asks for lessons on its way to work: each of them is given to it once. */
export interface DeliverAsk extends SearchAsk {
  /** How they reach the agent: `http`, `mcp`, `hook`. */
  via: string;
  /** What they are for: a task's id, of which the log knows. */
  task: string;
  feature: string | null;
  /** 0–1: of what would be given, held back to measure what lessons do. */
  withheld_share: number;
  /** Leave out what this task was given before. */
  only_new: boolean;
  /** When who asks goes on without an answer, ms since the epoch; null: it waits. */
  until_ms: number | null;
}

export interface Delivered {
  /** Without those that are held back: whoever asks must not know of them. */
  hits: LessonHit[];
}

export interface ListAsk extends LessonFilters {
  project: string;
  /** `next` of the page before. */
  after: string | null;
  limit: number;
}

export interface Listed {
  lessons: Lesson[];
  next: string | null;
}

/** A lesson that fitted a task, and on which side the coin fell. */
export interface DrawnLesson {
  lesson_id: string;
  status: LessonStatus;
  /** Of the project that asks; false: of its team. */
  is_own: boolean;
  /** A person taught or approved it, or the team shares it. */
  is_decided: boolean;
  task_id: string;
  withheld: boolean;
  /** The chance with which it would be held back; 0: no coin was tossed. */
  share: number;
  /** ms since the epoch. */
  at_ms: number;
  /** Among what fitted when the coin was tossed, from 1; null: nobody kept it. */
  rank: number | null;
  /** It was to be given, and who asked went on without an answer. */
  late: boolean;
  /** The task found it by a search of its own, after the coin. */
  searched: boolean;
}

export interface Drawn {
  draws: DrawnLesson[];
  /** The project holds as many draws as are kept: no coin is tossed any more, and whatever fits is given. */
  is_full: boolean;
}

export interface MayAsk {
  project: string;
  /** What it is about. */
  cause: readonly (string | number)[];
  per_day: number;
  now_ms: number;
}

/** RPC surface of the Durable Object. Every method may be called twice. */
export interface BookRpc {
  /** Answers up to where it knows the project's log: whoever told less begins there. */
  take(told: Told): Promise<number>;
  list(ask: ListAsk): Promise<Listed>;
  /** Null: this project sees no such lesson. */
  get(project: string, id: string): Promise<Lesson | null>;
  search(ask: SearchAsk): Promise<Searched>;
  /** Searches, tosses the coin for each lesson, and says in the log what was given and what was held back. */
  deliver(ask: DeliverAsk): Promise<Delivered>;
  /** Of the lessons that this project sees, for its own tasks, in the order in which they were drawn. */
  drawn(project: string): Promise<Drawn>;
  /** Whether a language model may be asked about it now; a yes is counted, and not given again. */
  mayAskModel(ask: MayAsk): Promise<boolean>;
  /** Somebody searched for himself, and what he found is no more held back from this task: noted, and said in the log. */
  noteSearched(ask: {
    project: string;
    task: string;
    feature: string | null;
    hits: LessonHit[];
    via: string;
    now_ms: number;
  }): Promise<void>;
}
