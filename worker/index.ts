/** The Worker's only wiring: what Cloudflare calls, and the Durable Object class it makes rooms of. */
import type { Env } from "./env.ts";
import { Archive } from "./archive/archive.ts";
import { Forward } from "./forward/forward.ts";
import { app } from "./http/app.ts";
import { ProjectRoom as Room } from "./room/room.ts";

/** The room with its archive in D1 and the way to another installation, which it knows only as ports. */
export class ProjectRoom extends Room {
  constructor(ctx: DurableObjectState, env: Env) {
    super(
      ctx,
      env,
      (project_id) => new Archive(env.DB, project_id),
      (project_id) => new Forward(env.DB, project_id, env.KEY_SECRET),
    );
  }
}

export default { fetch: app.fetch } satisfies ExportedHandler<Env>;
