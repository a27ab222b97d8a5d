/**
 * The reflection on one feature, as a durable job.
 *
 *   room: its events, the live state, the metrics ─▶ report ─┐
 *                                                           ├─▶ patterns ─▶ 0–3 lessons ─▶ reflection_made, lesson_learned
 *   what closed before it ──────────────────────────────────┘     └ word.ts ┘              in the log, all or nothing
 *                                                              (where a model is wanted)
 *
 * And because work has ended, it looks at what lessons did: those that harm, or help too little, retire (effect/verdict.ts),
 * or are put to a person where people decided about them.
 *
 * Reading changes nothing, and what is said has ids of its cause, so every step may run twice (B2). It is the same after
 * a restart: nothing in it but the log. The index hears of lessons from the log (worker/room/lessons.ts).
 */
import {
  WorkflowEntrypoint,
  type WorkflowEvent,
  type WorkflowStep,
  type WorkflowStepConfig,
} from "cloudflare:workers";
import type { AppendPort } from "../../../schema/event/own.ts";
import type { Task } from "../../../schema/state/state.ts";
import type { Env } from "../../env.ts";
import { retiring } from "../effect/effects.ts";
import { drawnTasks } from "../effect/known.ts";
import type { Drawn } from "../query/book.ts";
import { liveTasks, look, type ReflectedRoom } from "./look.ts";
import { against, saying, type Reflected } from "./say.ts";
import type { ReflectionParams } from "./start.ts";
import { wordLessons, type Told, type Wordsmith } from "./word.ts";

export interface Opened {
  room: ReflectedRoom;
  append: AppendPort;
  /** Which tasks were given a lesson, and from which it was held back; empty where nobody keeps a book. */
  drawn: () => Promise<Drawn>;
  smith: Wordsmith;
  /** Those of these tasks that the archive has. */
  archived: (ids: readonly string[]) => Promise<Task[]>;
}
export type OpenReflected = (project_id: string) => Opened;

const STEP: WorkflowStepConfig = {
  // A room that is busy, or being moved, is back within a minute or two.
  retries: { limit: 5, delay: 2_000, backoff: "exponential" },
  timeout: 60_000,
};

export class Reflection extends WorkflowEntrypoint<Env, ReflectionParams> {
  readonly #open: OpenReflected;

  constructor(ctx: ExecutionContext, env: Env, open: OpenReflected) {
    super(ctx, env);
    this.#open = open;
  }

  override async run(
    { payload }: Readonly<WorkflowEvent<ReflectionParams>>,
    step: WorkflowStep,
  ): Promise<{ lessons: number }> {
    const { room, append, drawn, smith, archived } = this.#open(payload.project_id);
    // As text: what a step answers is kept, and must be plain.
    const found = await step.do("look at it", STEP, async () =>
      JSON.stringify(told(await look(room, payload, Date.now()))),
    );
    const reflected = JSON.parse(found) as Told | null;
    if (reflected === null) return { lessons: 0 };
    const events = await wordLessons(reflected, { smith, append, step });
    await step.do("say it", STEP, () => append(events));
    await step.do("retire what does not help", STEP, async () => {
      const draws = await drawn();
      if (draws.draws.length === 0) return;
      const tasks = await drawnTasks(draws, await liveTasks(room), archived);
      const found = retiring(draws, tasks, Date.now());
      if (found.length > 0) await append(found.map((lesson) => against(lesson, reflected)));
    });
    return { lessons: reflected.drafts.length };
  }
}

/** What is said of it, and no more: a report of a thousand tasks is more than a step may answer. */
const told = (found: Reflected | null): Told | null =>
  found === null ? null : { at: found.at, events: saying(found), drafts: found.lessons };
