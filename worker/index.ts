/** The Worker's only wiring: what Cloudflare calls, and the Durable Object class it makes rooms of. */
import type { Env } from "./env.ts";
import { Archive } from "./archive/archive.ts";
import { app } from "./http/app.ts";
import { ProjectRoom as Room } from "./room/room.ts";

/** The room with its archive in D1, which the room itself knows only as a port. */
export class ProjectRoom extends Room {
  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env, (project_id) => new Archive(env.DB, project_id));
  }
}

export default { fetch: app.fetch } satisfies ExportedHandler<Env>;
