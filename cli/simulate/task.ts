/**
 * The way of a task:
 *
 *   dependencies merged ─▶ a coder is free ─▶ code ─▶ checks ─▶ review ─▶ done ─▶ merge queue ─▶ merged
 *                              └◀── failed, reopened ◀──┘  ◀──┘ changes
 */
import { codeTask } from "./coding.ts";
import { CALLS, INTEGRATION_RUN } from "./duration.ts";
import { Gate, type Process } from "./engine.ts";
import { deliverLessons } from "./lesson.ts";
import type { ThinkingAgent } from "./people.ts";
import { checkIntegration, checkWork, measureCoverage } from "./quality.ts";
import { reviewTask } from "./review.ts";
import type { Luck } from "./thinking.ts";
import { drawMs, emit, release, work, type About, type World } from "./world.ts";

export interface Job {
  /** Names its streams of luck. */
  key: string;
  about: Required<About>;
  kind: string;
  title: string;
  files: string[];
  /** Who specified it. */
  architect: ThinkingAgent;
  after: Job[];
  merged: Gate;
}

export function createJob(
  world: World,
  key: string,
  about: About,
  architect: ThinkingAgent,
  planned: { kind: string; title: string; files: readonly string[] },
): Job {
  world.tasks += 1;
  const task_id = `${world.tag.slice(0, 4)}-${world.tasks}`;
  return {
    key,
    about: { feature_id: about.feature_id ?? "", task_id },
    kind: planned.kind,
    title: planned.title,
    files: [...planned.files],
    architect,
    after: [],
    merged: new Gate(),
  };
}

/** What one coder does in one attempt at a task. */
export interface Attempt {
  job: Job;
  coder: ThinkingAgent;
  luck: Luck;
  /** From 1. */
  number: number;
  started_ms: number;
}

export function* runTask(world: World, job: Job): Process {
  for (const other of job.after) yield other.merged;
  const luck = { time: world.streams(`${job.key}/time`), tokens: world.streams(`${job.key}/tokens`) };
  let attempt: Attempt;
  let number = 0;
  do {
    number += 1;
    const coder = yield* world.pools.coder.acquire();
    attempt = { job, coder, luck, number, started_ms: world.engine.now_ms };
  } while (!(yield* attemptTask(world, attempt)));
  yield* mergeTask(world, attempt);
  world.engine.open(job.merged);
}

/** False when the coder gave up: the task failed and was reopened. */
function* attemptTask(world: World, attempt: Attempt): Process<boolean> {
  const { job, coder, luck } = attempt;
  world.taken.set(coder.id, (world.taken.get(coder.id) ?? 0) + 1);
  emit(world, "task_claimed", coder, job.about, { assignee: coder.id, attempt: attempt.number });
  const review_points = deliverLessons(world, coder, job);
  emit(world, "task_started", coder, job.about, {
    branch: `task/${job.about.task_id}`,
    files: job.files,
    attempt: attempt.number,
  });
  const calls = Math.max(2, Math.round(luck.time.logNormal(CALLS)));
  yield* codeTask(world, attempt, calls, true);
  if (!(yield* checkWork(world, attempt))) {
    emit(world, "task_failed", coder, job.about, {
      reason: "the tests still fail after all attempts",
      attempt: attempt.number,
      retryable: true,
    });
    release(world, coder);
    yield* work(world, drawMs(luck.time, INTEGRATION_RUN));
    emit(world, "task_reopened", job.architect, job.about, { reason: "somebody else tries" });
    return false;
  }
  yield* reviewTask(world, attempt, review_points);
  measureCoverage(world, attempt);
  emit(
    world,
    "task_completed",
    coder,
    job.about,
    { summary: job.title, commit: luck.time.hex(40), branch: `task/${job.about.task_id}`, files: job.files },
    { duration_ms: world.engine.now_ms - attempt.started_ms, files_changed: job.files.length },
  );
  release(world, coder);
  return true;
}

function* mergeTask(world: World, attempt: Attempt): Process {
  const { job, luck } = attempt;
  const queue = yield* world.merge_queue.acquire();
  yield* work(world, drawMs(luck.time, { median: 20_000, sigma: 0.3 }));
  // A red run after the merge is repeated once the queue has rebased; the second is green.
  if (!(yield* checkIntegration(world, queue, job.about, luck.time, job.title)))
    yield* checkIntegration(world, queue, job.about, luck.time, job.title, true);
  emit(
    world,
    "task_merged",
    queue,
    job.about,
    { commit: luck.time.hex(40), branch: "main", files: job.files },
    {
      files_changed: job.files.length,
      insertions: luck.time.int(8, 240),
      deletions: luck.time.int(0, 80),
    },
  );
  world.merge_queue.release(queue);
}
