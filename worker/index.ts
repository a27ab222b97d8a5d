/** The Worker's only wiring: what Cloudflare calls, and the classes it makes rooms and durable jobs of. */
import type { Env } from "./env.ts";
import { openDatabase } from "./account/database.ts";
import { KeptMeasuring } from "./account/kept-measuring.ts";
import { readMeasuring } from "./account/measuring.ts";
import { Archive } from "./archive/archive.ts";
import { ChainAudit as Audit } from "./archive/audit.ts";
import { startAudit } from "./archive/start-audit.ts";
import { Forward } from "./forward/forward.ts";
import { Alerts } from "./governance/alert/watch.ts";
import { app } from "./http/app.ts";
import { localEntry } from "./http/local.ts";
import { Insight } from "./insight/watch.ts";
import { Notify } from "./notify/notify.ts";
import { appendPort } from "./room/own.ts";
import { ProjectRoom as Room } from "./room/room.ts";

/** The room with its archive in D1, its nightly audit, the way to another installation and its watchers, which it knows only as ports. */
export class ProjectRoom extends Room {
  constructor(ctx: DurableObjectState, env: Env) {
    const audits = env.CHAIN_AUDIT;
    super(ctx, env, {
      openArchive: (project_id) => new Archive(env.DB, project_id),
      startAudit: audits && ((project_id, run) => startAudit(audits, { project_id, ...run })),
      openForward: (project_id) => new Forward(env.DB, project_id, env.KEY_SECRET),
      openWatchers: (project_id) => {
        const measuring = new KeptMeasuring(() => readMeasuring(openDatabase(env.DB), project_id));
        return [new Alerts(measuring), new Insight(measuring)];
      },
      openNotify: (project_id) => new Notify(env, project_id),
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

/** The same for `npm start`, in place of Cloudflare's edge. */
export const Local = localEntry<Env>((request, env, ctx) => app.fetch(request, env, ctx));

export default { fetch: app.fetch } satisfies ExportedHandler<Env>;
