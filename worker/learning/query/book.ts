/**
 * What may be asked of a team's book of lessons. One book per team, addressed by the team's id: no call names
 * another team's, so no answer crosses one (T1).
 *
 * `project` is the one that asks. It sees its own lessons, and those of the whole team.
 */
import type { StoredEvent } from "../../../schema/event/event.ts";
import type { LessonEffectsResponse } from "../../../schema/wire/lesson-effect.ts";
import type {
  Lesson,
  LessonCategory,
  LessonHit,
  LessonStatus,
  LessonWeights,
} from "../../../schema/wire/lesson.ts";
import type { TaskOutcome } from "../effect/outcome.ts";

/** Part of a project's log: its events about lessons after `since`, up to `to`. */
export interface Telling {
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
  /** The key that asks; null: a person does. */
  key: string | null;
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

/** A lesson that fitted a task, on which side the coin fell, and that nobody knows the end of. */
export interface DrawnLesson {
  lesson_id: string;
  status: LessonStatus;
  task_id: string;
  withheld: boolean;
  /** The chance with which it would be held back, above 0. */
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

/** What lessons do, as far as it is known now. */
export interface Look {
  project: string;
  /** What is known of tasks that were drawn, by their ids; null: nobody knows such a task. What has ended is kept. */
  ends: readonly (readonly [task_id: string, outcome: TaskOutcome | null])[];
  now_ms: number;
}

export interface Looked {
  effects: LessonEffectsResponse;
  against: Against[];
}

/** An active lesson of the project's own that retires by what it does, or would. */
export interface Against {
  lesson_id: string;
  reason: string;
  /** That speak. */
  tasks: number;
  /** A person taught or approved it, or the team shares it: it stays until one says otherwise (T5). */
  is_decided: boolean;
  /** Without the tasks of one key that did not teach it, not enough speaks: it stays until a person says otherwise (T5). */
  is_one_keys: boolean;
}

export interface MayAsk {
  project: string;
  /** What it is about. */
  cause: readonly (string | number)[];
  per_day: number;
  /** Of all projects in this book; null: it is no team's. */
  team_per_day: number | null;
  now_ms: number;
  /** What is kept of it; null: nothing but that it was asked. */
  asking: Asking | null;
}

/** Who is asked, and what led to it: enough to say later that it cost something nobody knows. */
export interface Asking {
  model: string;
  provider: string;
  /** Of the lesson's event. */
  cause: readonly (string | number)[];
  /** RFC 3339. */
  at: string;
}

export interface KeptAsking extends Asking {
  /** What it cost is in the log, as far as it is known. */
  is_settled: boolean;
  /** Null: the built-in ones stood. */
  words: LessonWords | null;
}
export type LessonWords = Record<"headline" | "explanation" | "context", string>;

/** `before`: it was asked already; null: nobody knows what came of that, or the bound is reached. */
export type Allowance = { may: true } | { may: false; before: KeptAsking | null };

export interface SettledAsking extends Pick<MayAsk, "project" | "cause"> {
  /** False: it was not asked after all. */
  asked: boolean;
  words: LessonWords | null;
}

/** RPC surface of the Durable Object. Every method may be called twice. */
export interface BookRpc {
  /** Answers up to where it knows the project's log: whoever told less begins there. */
  take(told: Telling): Promise<number>;
  list(ask: ListAsk): Promise<Listed>;
  /** Null: this project sees no such lesson. */
  get(project: string, id: string): Promise<Lesson | null>;
  /** Lessons of a project that a key taught, or that rest on its events, and that are or may be given out. */
  taughtBy(project: string, key_id: string): Promise<Pick<Lesson, "id" | "status" | "updated_at">[]>;
  /** Begins to make the vectors that are missing or of another embedder; answers how many there are, as far as it knows. */
  reindex(): Promise<number>;
  search(ask: SearchAsk): Promise<Searched>;
  /** Searches, tosses the coin for each lesson, and says in the log what was given and what was held back. */
  deliver(ask: DeliverAsk): Promise<Delivered>;
  /** Of the lessons that this project sees, for its own tasks, in the order in which they were drawn: whose end is open. */
  drawn(project: string): Promise<Drawn>;
  /** Keeps the ends of tasks with their draws, each once and for good, and tells what lessons do. */
  look(ask: Look): Promise<Looked>;
  /** Whether a language model may be asked about it now; a yes is counted, and not given again. */
  mayAskModel(ask: MayAsk): Promise<Allowance>;
  /** What came of a yes. */
  settleModel(ask: SettledAsking): Promise<void>;
  /** Somebody searched for himself, and what he found is no more held back from this task: noted, and said in the log. */
  noteSearched(ask: {
    project: string;
    task: string;
    feature: string | null;
    hits: LessonHit[];
    via: string;
    /** Null: a person searched. */
    key: string | null;
    now_ms: number;
  }): Promise<void>;
}
