/**
 * Lessons. Ordinary ones are learned after a merge, looked up now and then, and
 * change nothing. A planted one is on trial: half of the tasks it is for get
 * it, the other half are held back as the control, and only its effect differs.
 */
import type { FeaturePlan } from "./feature-plan.ts";
import type { ThinkingAgent } from "./people.ts";
import type { Planted } from "./plant.ts";
import { LESSON_LEARNED, LESSON_LOOKED_UP } from "./rates.ts";
import type { Job } from "./task.ts";
import { emit, noteTruth, type About, type World } from "./world.ts";

interface Trial {
  plant: "helpful-lesson" | "harmful-lesson";
  /** Kind of the tasks that it is for. */
  kind: string;
  headline: string;
  /** What it adds to the chance that a first review asks for changes, in hundredths. */
  points: number;
}

export interface Lessons {
  trials: Trial[];
  /** Ids of the ordinary ones. */
  learned: string[];
}

/** Share of eligible tasks that get a lesson on trial. */
const TREATED = 0.5;
/** Ordinary lessons that are still looked up: the newest. */
const REMEMBERED = 40;

export function createLessons({ helpful_lesson_points, harmful_lesson_points }: Planted): Lessons {
  const trials: Trial[] = [];
  if (helpful_lesson_points !== null)
    trials.push({
      plant: "helpful-lesson",
      kind: "api",
      headline: "Check in every query whose booking it is, before the first review",
      points: -helpful_lesson_points,
    });
  if (harmful_lesson_points !== null)
    trials.push({
      plant: "harmful-lesson",
      kind: "ui",
      headline: "Skip the empty state until somebody asks for it",
      points: harmful_lesson_points,
    });
  return { trials, learned: [] };
}

function lessonId(world: World, name: string): string {
  return `lesson-${world.tag.slice(0, 4)}-${name}`;
}

/** Lessons on trial are known from the beginning. */
export function announceTrials(world: World, teacher: ThinkingAgent): void {
  for (const { plant, kind, headline } of world.lessons.trials)
    emit(
      world,
      "lesson_learned",
      teacher,
      {},
      { lesson_id: lessonId(world, plant), category: "review", headline, tags: [kind] },
      { importance: 0.6, confidence: 0.5 },
    );
}

/** Gives a task's coder what fits; answers the sum of the effects, in hundredths. */
export function deliverLessons(world: World, coder: ThinkingAgent, job: Job): number {
  const chance = world.streams(`${job.key}/lesson`);
  const held_back = !chance.chance(TREATED);
  const trial = world.lessons.trials.find(({ kind }) => kind === job.kind);
  if (trial !== undefined) {
    const delivery = {
      lesson_id: lessonId(world, trial.plant),
      via: "http",
      query: job.title,
      experiment: trial.plant,
    };
    if (held_back) {
      emit(world, "lesson_withheld", coder, job.about, { ...delivery, reason: "control" }, { rank: 1 });
      return 0;
    }
    emit(world, "lesson_retrieved", coder, job.about, delivery, { rank: 1 });
    emit(world, "lesson_applied", coder, job.about, { lesson_id: delivery.lesson_id });
    noteTruth(world, trial.plant, coder, job.about);
    return trial.points;
  }
  const lookedUp = chance.chance(LESSON_LOOKED_UP);
  const place = Math.floor(chance.uniform() * world.lessons.learned.length);
  const lesson_id = world.lessons.learned[place];
  if (!lookedUp || lesson_id === undefined) return 0;
  emit(
    world,
    "lesson_retrieved",
    coder,
    job.about,
    { lesson_id, via: "http", query: job.title },
    { rank: 1 },
  );
  return 0;
}

const HEADLINES = [
  "End dates are exclusive everywhere",
  "Migrations run before the new code does",
  "Ask for the time zone of the venue, never of the browser",
  "One query per page, not one per row",
  "Every form says what went wrong beside the field",
] as const;

export function learnLesson(world: World, key: string, about: About, plan: FeaturePlan): void {
  const chance = world.streams(`${key}/lesson`);
  const teacher = world.team.reviewers[0];
  if (!chance.chance(LESSON_LEARNED) || teacher === undefined) return;
  const lesson_id = lessonId(world, plan.slug);
  world.lessons.learned.push(lesson_id);
  if (world.lessons.learned.length > REMEMBERED) world.lessons.learned.shift();
  emit(
    world,
    "lesson_learned",
    teacher,
    about,
    { lesson_id, category: "design", headline: chance.pick(HEADLINES), tags: [plan.area] },
    { importance: 0.4, confidence: 0.6 },
  );
}
