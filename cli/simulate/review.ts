/** Reviews: submitted, read, answered; again until it is accepted, or the Board decides. */
import { codeTask } from "./coding.ts";
import { PERSON, REVIEW_PICKUP } from "./duration.ts";
import type { Process } from "./engine.ts";
import { FIRST_REVIEW_CHANGES, LATER_REVIEW_CHANGES, MAX_REVIEW_CYCLES, REVIEW_REJECTS } from "./rates.ts";
import type { Attempt } from "./task.ts";
import { callModel, think } from "./thinking.ts";
import { drawMs, emit, release, work, type World } from "./world.ts";

const REMARKS = {
  correctness: "Two requests at once book the same room.",
  tests: "The empty list is not tested.",
  style: "The name says what it was, not what it is.",
  security: "A guest can read another guest's booking by its number.",
  performance: "One query for each row; fetch them together.",
} as const;
const CATEGORIES = [
  "correctness",
  "correctness",
  "tests",
  "tests",
  "style",
  "security",
  "performance",
] as const;

/** `points`: what a delivered lesson adds to the chance that the first review asks for changes, in hundredths. */
export function* reviewTask(world: World, attempt: Attempt, points: number): Process {
  const { job, coder, luck } = attempt;
  const chance = world.streams(`${job.key}/review-${attempt.number}`);
  emit(
    world,
    "agent_submitted",
    coder,
    job.about,
    { summary: job.title, to: "reviewer", branch: `task/${job.about.task_id}`, files: job.files },
    { files_changed: job.files.length, duration_ms: world.engine.now_ms - attempt.started_ms },
  );
  for (let cycle = 1; ; cycle++) {
    const asks = chance.chance(
      cycle === 1 ? Math.min(1, Math.max(0, FIRST_REVIEW_CHANGES + points / 100)) : LATER_REVIEW_CHANGES,
    );
    if (cycle === 1) emit(world, "review_requested", coder, job.about, { author: coder.id, cycle });
    const reviewer = yield* world.pools.reviewer.acquire();
    yield* work(world, drawMs(luck.time, REVIEW_PICKUP));
    const began_ms = world.engine.now_ms;
    yield* think(world, reviewer, job.about, luck, luck.time.int(1, 3), job.files);
    yield* callModel(world, reviewer, job.about, luck);
    const answer = { reviewer: reviewer.id, author: coder.id, cycle };
    const duration_ms = world.engine.now_ms - began_ms;
    if (!asks) {
      emit(world, "reviewer_approved", reviewer, job.about, answer, { comment_count: 0, duration_ms });
      release(world, reviewer);
      return;
    }
    const category = chance.pick(CATEGORIES);
    emit(
      world,
      chance.chance(REVIEW_REJECTS) ? "reviewer_rejected" : "reviewer_changes_requested",
      reviewer,
      job.about,
      { ...answer, category, comments: [REMARKS[category]], files: job.files.slice(0, 1) },
      { comment_count: 1, duration_ms },
    );
    release(world, reviewer);
    if (cycle === MAX_REVIEW_CYCLES) yield* letBoardDecide(world, attempt, cycle);
    yield* codeTask(world, attempt, luck.time.int(1, 5), false);
    emit(world, "coder_resubmitted", coder, job.about, {
      author: coder.id,
      cycle: cycle + 1,
      changes: `answers the remark about ${category}`,
    });
  }
}

function* letBoardDecide(world: World, { job, coder, luck }: Attempt, cycles: number): Process {
  const { user } = world.team;
  emit(world, "escalated_to_board", coder, job.about, {
    reason: `${cycles} reviews asked for changes`,
    kind: "decision",
  });
  yield* work(world, drawMs(luck.time, PERSON));
  emit(world, "human_intervened", user, job.about, { action: "decided", by: user.id });
}
