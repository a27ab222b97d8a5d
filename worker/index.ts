/** The Worker's only wiring: what Cloudflare calls, and the classes it makes rooms and durable jobs of. */
import type { Env } from "./env.ts";
import { createTeamOf } from "./account/team-of.ts";
import { openDatabase } from "./account/database.ts";
import { KeptMeasuring } from "./account/kept-measuring.ts";
import { readMeasuring } from "./account/measuring.ts";
import { readLearning } from "./account/settings.ts";
import { Archive } from "./archive/archive.ts";
import { ChainAudit as Audit } from "./archive/audit.ts";
import { findArchivedTasks } from "./archive/query-entity.ts";
import { startAudit } from "./archive/start-audit.ts";
import { Forward } from "./forward/forward.ts";
import { Alerts } from "./governance/alert/watch.ts";
import { app } from "./http/app.ts";
import { localEntry } from "./http/local.ts";
import { Insight } from "./insight/watch.ts";
import { costOf, isSpent, mayAskModel, modelFor, settleModel } from "./language-model.ts";
import { LessonBook as Book } from "./learning/book/book.ts";
import { builtInEmbedder } from "./learning/embed/built-in.ts";
import { workersAiEmbedder } from "./learning/embed/workers-ai.ts";
import { openEmbeddedIndex } from "./learning/index/embedded.ts";
import { openVectorizeIndex } from "./learning/index/vectorize.ts";
import { Reflection as Reflecting } from "./learning/reflect/reflection.ts";
import { startReflection } from "./learning/reflect/start.ts";
import { Notify } from "./notify/notify.ts";
import { appendPort } from "./room/own.ts";
import { ProjectRoom as Room } from "./room/room.ts";

const teamOf = createTeamOf();

/** The room with its archive in D1, its nightly audit, the way to another installation and its watchers, which it knows only as ports. */
export class ProjectRoom extends Room {
  constructor(ctx: DurableObjectState, env: Env) {
    const audits = env.CHAIN_AUDIT;
    const reflections = env.REFLECTION;
    super(ctx, env, {
      openArchive: (project_id) => new Archive(env.DB, project_id),
      startAudit: audits && ((project_id, run) => startAudit(audits, { project_id, ...run })),
      startReflection:
        reflections &&
        (async (project_id, run) => {
          // Where it cannot be read, the run stays due.
          const { reflection } = await readLearning(openDatabase(env.DB), project_id);
          if (!reflection) return "unwanted";
          await startReflection(reflections, { project_id, ...run });
          return "started";
        }),
      openForward: (project_id) => new Forward(env.DB, project_id, env.KEY_SECRET),
      openWatchers: (project_id) => {
        const measuring = new KeptMeasuring(() => readMeasuring(openDatabase(env.DB), project_id));
        return [new Alerts(measuring), new Insight(measuring)];
      },
      openNotify: (project_id) => new Notify(env, project_id),
      openLearn: (project_id) => ({
        async take(told) {
          const team_id = await teamOf(env.DB, project_id);
          // A project that was destroyed has nothing to teach.
          if (team_id === null) return told.to;
          const book = env.LESSON_BOOK.get(env.LESSON_BOOK.idFromName(team_id));
          return book.take({ project: project_id, ...told });
        },
      }),
    });
  }
}

export class ChainAudit extends Audit {
  constructor(ctx: ExecutionContext, env: Env) {
    super(ctx, env, (project_id) => {
      const room = env.ROOM.get(env.ROOM.idFromName(project_id));
      return { room, append: appendPort(room) };
    });
  }
}

export class Reflection extends Reflecting {
  constructor(ctx: ExecutionContext, env: Env) {
    super(ctx, env, (project_id) => {
      const room = env.ROOM.get(env.ROOM.idFromName(project_id));
      const bookOf = async () => {
        const team_id = await teamOf(env.DB, project_id);
        return team_id === null ? null : env.LESSON_BOOK.get(env.LESSON_BOOK.idFromName(team_id));
      };
      return {
        room,
        append: appendPort(room),
        async openBook() {
          const book = await bookOf();
          return (
            book && {
              drawn: () => book.drawn(project_id),
              look: (ends, now_ms) => book.look({ project: project_id, ends, now_ms }),
            }
          );
        },
        smith: {
          model: () => modelFor(env, project_id),
          async mayAsk(cause, asking) {
            const team = await teamOf(env.DB, project_id);
            if (team === null) return { may: false, before: null };
            const is_spent = await isSpent(room);
            return mayAskModel(env, { project: project_id, team, cause, asking, is_spent });
          },
          async settle(cause, words) {
            const team = await teamOf(env.DB, project_id);
            if (team !== null) await settleModel(env, { project: project_id, team, cause, words });
          },
          costOf,
        },
        archived: (ids) => findArchivedTasks(env.DB, project_id, ids),
      };
    });
  }
}

/** A team's lessons. */
export class LessonBook extends Book {
  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env, {
      openIndex: (sql) =>
        env.AI && env.LESSON_INDEX
          ? openVectorizeIndex({
              ...{ sql, embedder: workersAiEmbedder(env.AI), store: env.LESSON_INDEX },
              team: ctx.id.name ?? ctx.id.toString(),
            })
          : openEmbeddedIndex(sql, builtInEmbedder(env.ASSETS)),
      openLog: (project_id) => appendPort(env.ROOM.get(env.ROOM.idFromName(project_id))),
      salt: env.KEY_SECRET,
    });
  }
}

/** The same for `npm start`, in place of Cloudflare's edge. */
export const Local = localEntry<Env>((request, env, ctx) => app.fetch(request, env, ctx));

export default { fetch: app.fetch } satisfies ExportedHandler<Env>;
