/** A planted loop: the same failing call again and again, until a person sees it. */
import type { Process } from "./engine.ts";
import { LOOP_EVERY_TASKS, LOOPING_CODER } from "./plant.ts";
import type { Attempt } from "./task.ts";
import { callModel } from "./thinking.ts";
import { emit, noteTruth, work, type World } from "./world.ts";

/** Every repetition takes as long as the one before: nothing changes. */
const REPEAT_MS = 6_000;

export function* loopIfPlanted(world: World, { job, coder }: Attempt): Process {
  const { loop_calls } = world.planted;
  if (loop_calls === 0 || coder.id !== LOOPING_CODER) return;
  if ((world.taken.get(coder.id) ?? 0) % LOOP_EVERY_TASKS !== 2) return;
  noteTruth(world, "loop", coder, job.about);
  const luck = { time: world.streams(`${job.key}/loop`), tokens: world.streams(`${job.key}/loop/tokens`) };
  for (let call = 0; call < loop_calls; call++) {
    yield* callModel(world, coder, job.about, luck);
    yield* work(world, REPEAT_MS);
    emit(
      world,
      "tool_called",
      coder,
      job.about,
      { tool: "bash", command: "npm test -- bookings", success: false, error_type: "exit_1" },
      { duration_ms: REPEAT_MS },
    );
  }
  emit(world, "human_intervened", world.team.user, job.about, {
    action: "interrupted",
    by: world.team.user.id,
    reason: "it repeats itself",
  });
}
