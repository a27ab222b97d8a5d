/** What a specification leaves open: the coder asks, the task waits, the architect answers. */
import { ANSWER } from "./duration.ts";
import type { Process } from "./engine.ts";
import { UNCLEAR_ARCHITECT } from "./plant.ts";
import { CLARIFICATION } from "./rates.ts";
import type { Attempt } from "./task.ts";
import { callModel } from "./thinking.ts";
import { drawMs, emit, noteTruth, work, type World } from "./world.ts";

const QUESTIONS = [
  "Which of the two dates counts when they differ?",
  "May this fail in silence, or must the guest see it?",
  "What happens to bookings that exist already?",
  "Who may see this: hosts, or admins only?",
  "Is the empty case an error or an answer?",
] as const;

export function* askArchitect(world: World, { job, coder, luck }: Attempt): Process {
  // A bug's report is no specification.
  if (job.kind === "bug") return;
  const { unclear_specs_percent } = world.planted;
  const unclear = unclear_specs_percent !== null && job.architect.id === UNCLEAR_ARCHITECT;
  const chance = world.streams(`${job.key}/clarification`);
  if (!chance.chance(unclear ? unclear_specs_percent / 100 : CLARIFICATION)) return;
  if (unclear) noteTruth(world, "unclear-specs", job.architect, job.about);
  emit(world, "clarification_requested", coder, job.about, {
    question: chance.pick(QUESTIONS),
    to: job.architect.id,
    about_role: "architect",
  });
  emit(world, "task_blocked", coder, job.about, { reason: `waits for an answer of ${job.architect.id}` });
  yield* work(world, drawMs(chance, ANSWER));
  yield* callModel(world, job.architect, job.about, { time: chance, tokens: luck.tokens });
  emit(world, "task_unblocked", job.architect, job.about, { reason: "the question is answered" });
}
