/**
 * The reflection on one feature, or on tasks of none together, as a durable job.
 *
 *   room: its events, the live state, the metrics ─▶ report ─┐
 *                                                           ├─▶ patterns ─▶ 0–3 lessons ─▶ reflection_made, lesson_learned
 *   what closed before it ──────────────────────────────────┘     └ word.ts ┘              in the log, all or nothing
 *                                                              (where a model is wanted)
 *
 * And because work has ended, it looks at what lessons did: those that harm, or help too little, retire (effect/verdict.ts),
 * or are put to a person where people decided about them, or one key alone speaks.
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
import type { Task } from "../../../schema/state/entity/task.ts";
import type { Env } from "../../env.ts";
import { drawnTasks, endsOf } from "../effect/known.ts";
import type { Drawn, Look, Looked } from "../query/book.ts";
import { liveTasks, look, type ReflectedRoom } from "./look.ts";
import { lookAtLoose } from "./loose.ts";
import { against, saying, sayingLoose, type LooseReflected, type Reflected } from "./say.ts";
import type { ReflectionParams } from "./start.ts";
import { wordLessons, type Told, type Wordsmith } from "./word.ts";

export interface Opened {
  room: ReflectedRoom;
  append: AppendPort;
  /** Null: nobody keeps one. */
  openBook: () => Promise<{
    /** Which tasks were drawn for, and have no end yet. */
    drawn: () => Promise<Drawn>;
    look: (ends: Look["ends"], now_ms: number) => Promise<Pick<Looked, "against">>;
  } | null>;
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
    const { room, append, smith, archived, openBook } = this.#open(payload.project_id);
    // As text: what a step answers is kept, and must be plain.
    const found = await step.do("look at it", STEP, async () =>
      JSON.stringify(
        payload.feature_id === ""
          ? toldLoose(await lookAtLoose(room, payload))
          : told(await look(room, payload, Date.now())),
      ),
    );
    const reflected = JSON.parse(found) as Told | null;
    if (reflected === null) return { lessons: 0 };
    const events = await wordLessons(reflected, { smith, append, step });
    await step.do("say it", STEP, () => append(events));
    await step.do("retire what does not help", STEP, async () => {
      const book = await openBook();
      if (book === null) return;
      const open = await book.drawn();
      const tasks = await drawnTasks(open, open.draws.length === 0 ? [] : await liveTasks(room), archived);
      const found = (await book.look(endsOf(open, tasks), Date.now())).against;
      if (found.length > 0) await append(found.map((lesson) => against(lesson, reflected)));
    });
    return { lessons: reflected.drafts.length };
  }
}

/** What is said of it, and no more: a report of a thousand tasks is more than a step may answer. */
const told = (found: Reflected | null): Told | null =>
  found === null ? null : { at: found.at, events: saying(found), drafts: found.lessons };
const toldLoose = (found: LooseReflected): Told => ({
  at: found.at,
  events: sayingLoose(found),
  drafts: found.lessons,
});
