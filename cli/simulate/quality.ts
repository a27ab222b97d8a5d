/** Checks of the work: lint, tests that fail for a reason or for none, coverage, the run after a merge. */
import { codeTask } from "./coding.ts";
import { INTEGRATION_RUN, LINT_RUN, PERSON, TEST_RUN } from "./duration.ts";
import type { Process } from "./engine.ts";
import type { Agent } from "./people.ts";
import type { Random } from "./random.ts";
import {
  FLAKY_TEST,
  INTEGRATION_FAILURE,
  LINT_ERROR,
  RETRY_BUDGET,
  TEST_FAILURE,
  TEST_FAILURE_AGAIN,
} from "./rates.ts";
import type { Attempt } from "./task.ts";
import { drawMs, emit, work, type About, type World } from "./world.ts";

/** Tests of the whole product; a run's numbers are near it. */
const TESTS = 640;
/** Share of exhausted retry budgets where the person gives the task to somebody else. */
const HANDED_ON = 0.4;

/** Lint and tests until they are green; false when the retry budget is gone and the task is given up. */
export function* checkWork(world: World, attempt: Attempt): Process<boolean> {
  yield* lint(world, attempt);
  const chance = world.streams(`${attempt.job.key}/tests-${attempt.number}`);
  for (let failures = 0; ;) {
    const fails = chance.chance(failures === 0 ? TEST_FAILURE : TEST_FAILURE_AGAIN);
    const flaky = !fails && chance.chance(FLAKY_TEST);
    yield* runTests(world, attempt, fails ? "broken" : flaky ? "flaky" : "green");
    if (!fails) {
      if (flaky) yield* runTests(world, attempt, "green");
      return true;
    }
    failures += 1;
    if (failures === RETRY_BUDGET) return yield* askPerson(world, attempt, failures, chance);
    yield* codeTask(world, attempt, attempt.luck.time.int(1, 4), false);
  }
}

function* lint(world: World, attempt: Attempt): Process {
  const { job, coder, luck } = attempt;
  const duration_ms = drawMs(luck.time, LINT_RUN);
  yield* work(world, duration_ms);
  if (luck.time.chance(LINT_ERROR)) {
    const rule = luck.time.pick(["no-unused-vars", "no-floating-promises", "import-direction"]);
    emit(
      world,
      "lint_error_found",
      coder,
      job.about,
      { tool: "eslint", rule, files: job.files.slice(0, 1), evidence: "exit_code" },
      { errors: luck.time.int(1, 4), warnings: 0, duration_ms },
    );
    yield* codeTask(world, attempt, 1, false);
    yield* work(world, duration_ms);
  }
  const clean = { tool: "eslint", evidence: "exit_code" };
  emit(world, "lint_passed", coder, job.about, clean, { errors: 0, warnings: 0, duration_ms });
}

function* runTests(world: World, attempt: Attempt, outcome: "green" | "flaky" | "broken"): Process {
  const { job, coder, luck } = attempt;
  const duration_ms = drawMs(luck.time, TEST_RUN);
  yield* work(world, duration_ms);
  const run = { tool: "vitest", suite: job.kind, evidence: "exit_code" };
  if (outcome === "green") {
    emit(
      world,
      "test_passed",
      coder,
      job.about,
      { ...run, name: "unit" },
      { passed: TESTS, failed: 0, skipped: 0, duration_ms },
    );
    return;
  }
  const failed = outcome === "flaky" ? 1 : luck.time.int(1, 6);
  emit(
    world,
    "test_failed",
    coder,
    job.about,
    {
      ...run,
      name: outcome === "flaky" ? "sends the reminder once" : `${job.kind}: ${job.files[0] ?? "all"}`,
      error: outcome === "flaky" ? "timed out after 5000 ms" : "expected 2 bookings, received 3",
      ...(outcome === "flaky" ? { flaky: true } : {}),
    },
    { passed: TESTS - failed, failed, skipped: 0, duration_ms },
  );
}

/** No attempts are left: a person looks, and mends it or gives it to somebody else. */
function* askPerson(world: World, attempt: Attempt, attempts: number, chance: Random): Process<boolean> {
  const { job, coder } = attempt;
  const { user } = world.team;
  emit(
    world,
    "retry_budget_exhausted",
    coder,
    job.about,
    { reason: "the same tests fail" },
    { attempts, budget: RETRY_BUDGET },
  );
  emit(world, "escalated_to_user", coder, job.about, {
    reason: `${attempts} test runs failed`,
    question: "Is the test wrong, or the code?",
    kind: "decision",
    to: user.id,
  });
  emit(world, "task_blocked", coder, job.about, { reason: "waits for a person" });
  yield* work(world, drawMs(chance, PERSON));
  const handed_on = attempt.number === 1 && chance.chance(HANDED_ON);
  emit(world, "human_intervened", user, job.about, {
    action: handed_on ? "reassigned" : "advised",
    by: user.id,
    comment: handed_on
      ? "Let somebody else look at it."
      : "The code is wrong: the end of the day is exclusive.",
  });
  emit(world, "task_unblocked", user, job.about, { reason: "a person answered" });
  if (handed_on) return false;
  yield* codeTask(world, attempt, 2, false);
  yield* runTests(world, attempt, "green");
  return true;
}

/** Coverage drifts by tenths of a point, and stays where a product of its age has it. */
export function measureCoverage(world: World, { job, coder, luck }: Attempt): void {
  const delta = (job.kind === "tests" ? 4 : 0) + luck.time.int(-3, 4);
  const previous = world.coverage;
  // Counted in tenths, so that no sum of fractions drifts.
  const tenths = Math.min(900, Math.max(600, Math.round(previous * 10) + delta));
  world.coverage = tenths / 10;
  const delta_percent = (tenths - Math.round(previous * 10)) / 10;
  emit(
    world,
    delta_percent > 0 ? "coverage_increased" : "coverage_measured",
    coder,
    job.about,
    { tool: "vitest", evidence: "report" },
    { coverage_percent: world.coverage, previous_percent: previous, delta_percent },
  );
}

/** The tests after a merge; `again` is the run after a repair, which passes. */
export function* checkIntegration(
  world: World,
  agent: Agent,
  about: About,
  luck: Random,
  name: string,
  again = false,
): Process<boolean> {
  const duration_ms = drawMs(luck, INTEGRATION_RUN);
  yield* work(world, duration_ms);
  const run = { name, suite: "integration", tool: "vitest", evidence: "exit_code", branch: "main" };
  if (!again && luck.chance(INTEGRATION_FAILURE)) {
    const failed = luck.int(1, 3);
    emit(
      world,
      "integration_failed",
      agent,
      about,
      { ...run, error: "the page shows yesterday's bookings" },
      { passed: TESTS - failed, failed, skipped: 0, duration_ms },
    );
    return false;
  }
  emit(world, "integration_passed", agent, about, run, { passed: TESTS, failed: 0, skipped: 0, duration_ms });
  return true;
}
