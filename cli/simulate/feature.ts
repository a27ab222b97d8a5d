/**
 * The way of a request through the team:
 *
 *   user ─▶ scout ─▶ architect ─▶ tasks (coders, reviewers, merge queue) ─▶ QA ─▶ merged ─▶ bugs, if any
 */
import { BUG_FOUND, CALLS, PERSON } from "./duration.ts";
import type { Process } from "./engine.ts";
import type { FeaturePlan } from "./feature-plan.ts";
import { learnLesson } from "./lesson.ts";
import type { ThinkingAgent } from "./people.ts";
import { checkIntegration } from "./quality.ts";
import { FRAGILE_BUG } from "./plant.ts";
import { ABANDONED, BUG_AFTER_MERGE } from "./rates.ts";
import { createJob, runTask, type Job } from "./task.ts";
import { think, type Luck } from "./thinking.ts";
import { drawMs, emit, noteTruth, release, work, type About, type World } from "./world.ts";

export function* runFeature(world: World, key: string, plan: FeaturePlan): Process {
  const about = { feature_id: `${plan.slug}-${world.tag.slice(0, 4)}` };
  const luck = { time: world.streams(`${key}/time`), tokens: world.streams(`${key}/tokens`) };
  emit(world, "feature_requested", world.team.user, about, {
    title: plan.title,
    description: plan.wish,
    kind: "feature",
    priority: plan.priority,
    requested_by: world.team.user.id,
    labels: [plan.area],
  });
  world.sprints.take(world, about.feature_id);
  yield* scoutOut(world, about, luck, plan);
  if (luck.time.chance(ABANDONED)) {
    yield* work(world, drawMs(luck.time, PERSON));
    emit(world, "feature_abandoned", world.team.user, about, { reason: "no longer needed" });
    world.sprints.finish(about.feature_id);
    return;
  }
  const jobs = yield* drawUpPlan(world, key, about, luck, plan);
  for (const job of jobs) world.engine.start(runTask(world, job));
  for (const job of jobs) yield job.merged;
  yield* mergeFeature(world, key, about, luck, plan, jobs);
  world.sprints.finish(about.feature_id);
  yield* mendBugs(world, key, about, luck, jobs);
}

function* scoutOut(world: World, about: About, luck: Luck, plan: FeaturePlan): Process {
  const scout = yield* world.pools.scout.acquire();
  emit(world, "agent_reasoning_started", scout, about, { about: `where ${plan.title} belongs` });
  const files = plan.tasks.flatMap((task) => task.files);
  yield* think(world, scout, about, luck, luck.time.int(3, 7), files);
  emit(world, "agent_submitted", scout, about, {
    summary: `${new Set(files).size} files will change, most of them in server/${plan.area}`,
    to: "architect",
  });
  release(world, scout);
}

function* drawUpPlan(world: World, key: string, about: About, luck: Luck, plan: FeaturePlan): Process<Job[]> {
  const architect = yield* world.pools.architect.acquire();
  emit(world, "agent_reasoning_started", architect, about, { about: plan.title });
  yield* think(world, architect, about, luck, luck.time.int(2, 5));
  emit(world, "decision_recorded", architect, about, {
    title: `${plan.title}: cut into ${plan.tasks.length} tasks`,
    rationale: "Each can be reviewed on its own, and those that touch the same files follow each other.",
    alternatives: ["one change for all of it", "the pages first, with made-up data"],
    status: "accepted",
  });
  const jobs: Job[] = [];
  for (const [place, planned] of plan.tasks.entries()) {
    const job = createJob(world, `${key}/${place}`, about, architect, planned);
    job.after = planned.after.flatMap((needed) => jobs[needed] ?? []);
    jobs.push(job);
    announceTask(world, architect, job, luck);
  }
  emit(
    world,
    "feature_planned",
    architect,
    about,
    { title: plan.title, tasks: jobs.map((job) => job.about.task_id) },
    { task_count: jobs.length, file_count: new Set(plan.tasks.flatMap((task) => task.files)).size },
  );
  release(world, architect);
  return jobs;
}

/** Estimates err by a quarter to either side, and are round. */
function announceTask(world: World, architect: ThinkingAgent, job: Job, luck: Luck): void {
  const calls = Math.round(luck.time.logNormal({ median: CALLS.median, sigma: 0.25 }));
  emit(
    world,
    "task_created",
    architect,
    job.about,
    {
      title: job.title,
      kind: job.kind,
      priority: 2,
      dependencies: job.after.map((other) => other.about.task_id),
      files: job.files,
      complexity: calls > CALLS.median ? "large" : "small",
    },
    { estimated_tokens: calls * 22_000, estimated_duration_ms: calls * 60_000 },
  );
}

function* mergeFeature(
  world: World,
  key: string,
  about: About,
  luck: Luck,
  plan: FeaturePlan,
  jobs: readonly Job[],
): Process {
  const qa = yield* world.pools.qa.acquire();
  yield* think(world, qa, about, luck, luck.time.int(2, 4));
  const passed = yield* checkIntegration(world, qa, about, luck.time, plan.title);
  if (!passed) {
    const cause = luck.time.pick([jobs[0] ?? null, ...jobs]);
    if (cause !== null) yield* mendBug(world, `${key}/integration`, about, luck, cause, "integration", qa);
    yield* checkIntegration(world, qa, about, luck.time, plan.title, true);
  }
  release(world, qa);
  emit(
    world,
    "feature_merged",
    world.team.merge_queue,
    about,
    { commit: luck.time.hex(40), branch: "main" },
    { files_changed: new Set(jobs.flatMap((job) => job.files)).size },
  );
  learnLesson(world, key, about, plan);
}

/** What users meet after the merge; one after the other, so that a feature is reopened and merged in turn. */
function* mendBugs(world: World, key: string, about: About, luck: Luck, jobs: readonly Job[]): Process {
  const chance = world.streams(`${key}/bugs`);
  for (const [place, job] of jobs.entries()) {
    const fragile =
      world.planted.fragile_files !== null &&
      job.files.some((file) => file.endsWith(`.${world.planted.fragile_files ?? ""}`));
    // Both are drawn, so that planting one changes no other task's luck.
    const broken = chance.chance(fragile ? FRAGILE_BUG : BUG_AFTER_MERGE);
    const found_after_ms = drawMs(chance, BUG_FOUND);
    if (!broken) continue;
    yield* work(world, found_after_ms);
    if (fragile) noteTruth(world, "fragile-files", world.team.user, job.about);
    yield* mendBug(world, `${key}/bug-${place}`, about, luck, job, "production", null);
    emit(world, "feature_merged", world.team.merge_queue, about, {
      commit: luck.time.hex(40),
      branch: "main",
    });
  }
}

function* mendBug(
  world: World,
  key: string,
  about: About,
  luck: Luck,
  cause: Job,
  found_in: "integration" | "production",
  finder: ThinkingAgent | null,
): Process {
  const reporter = finder ?? world.team.user;
  const file = [...cause.files].sort((a, b) => Number(isFragile(world, b)) - Number(isFragile(world, a)))[0];
  emit(world, "bug_reported", reporter, about, {
    title: `${cause.title}: wrong for some bookings`,
    severity: luck.time.pick(["minor", "major"]),
    caused_by: cause.about.task_id,
    files: file === undefined ? [] : [file],
    found_in,
  });
  if (found_in === "production")
    emit(world, "feature_reopened", world.team.user, about, { reason: "a bug was reported" });
  const architect = yield* world.pools.architect.acquire();
  const job = createJob(world, key, about, architect, {
    kind: "bug",
    title: `Fix: ${cause.title}`,
    files: cause.files,
  });
  announceTask(world, architect, job, luck);
  release(world, architect);
  world.engine.start(runTask(world, job));
  yield job.merged;
}

function isFragile(world: World, file: string): boolean {
  return world.planted.fragile_files !== null && file.endsWith(`.${world.planted.fragile_files}`);
}
