/** A coder at a task: files are locked, questions asked, turns taken; sometimes the process dies. */
import { RECOVERY } from "./duration.ts";
import type { Process } from "./engine.ts";
import { askArchitect } from "./clarification.ts";
import { loopIfPlanted } from "./loop.ts";
import { CRASH_PER_CALL } from "./rates.ts";
import type { Attempt } from "./task.ts";
import { callModel, useTool } from "./thinking.ts";
import { drawMs, emit, work, type World } from "./world.ts";

/** `first`: the specification is read for the first time; later rounds answer checks and reviews. */
export function* codeTask(world: World, attempt: Attempt, calls: number, first: boolean): Process {
  const { job, coder, luck } = attempt;
  yield* lockFiles(world, attempt);
  if (first && attempt.number === 1) {
    yield* askArchitect(world, attempt);
    yield* loopIfPlanted(world, attempt);
  }
  for (let call = 1; call <= calls; call++) {
    yield* callModel(world, coder, job.about, luck);
    yield* useTool(world, coder, job.about, luck, job.files);
    if (first && quarterOf(call, calls) > quarterOf(call - 1, calls) && call < calls)
      emit(world, "task_progress", coder, job.about, { progress: quarterOf(call, calls) / 4 });
    if (luck.time.chance(CRASH_PER_CALL)) yield* crash(world, attempt);
  }
  for (const path of sorted(job.files)) {
    world.locks.release(path);
    emit(world, "file_unlocked", coder, job.about, { path });
  }
}

function quarterOf(call: number, calls: number): number {
  return Math.floor((4 * call) / calls);
}

/** Everybody takes locks in the same order, so that no two wait for each other. */
function sorted(files: readonly string[]): string[] {
  return [...files].sort();
}

function* lockFiles(world: World, attempt: Attempt): Process {
  const { job, coder } = attempt;
  for (const path of sorted(job.files)) {
    for (let freed = world.locks.freed(path); freed !== null; freed = world.locks.freed(path)) {
      const holder = world.locks.holderOf(path);
      if (holder !== null)
        emit(world, "lock_conflict", coder, job.about, {
          path,
          holder_agent_id: holder.agent_id,
          holder_task_id: holder.task_id,
        });
      yield freed;
    }
    world.locks.take(path, { agent_id: coder.id, task_id: job.about.task_id });
    emit(world, "file_locked", coder, job.about, { path });
  }
}

/** The orchestrator keeps the files for an agent that comes back; viewers have forgotten its locks. */
function* crash(world: World, attempt: Attempt): Process {
  const { job, coder, luck } = attempt;
  emit(world, "agent_crashed", coder, job.about, {
    reason: "the process ended",
    error_type: luck.time.pick(["out_of_memory", "connection_lost"]),
    exit_code: 137,
  });
  const duration_ms = drawMs(luck.time, RECOVERY);
  yield* work(world, duration_ms);
  emit(
    world,
    "agent_recovered",
    coder,
    job.about,
    { reason: "started again", state_restored: true },
    { duration_ms },
  );
  for (const path of sorted(job.files)) emit(world, "file_locked", coder, job.about, { path });
}
