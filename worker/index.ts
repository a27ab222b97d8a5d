/** The Worker's only wiring: what Cloudflare calls, and the Durable Object class it makes rooms of. */
import type { Env } from "./env.ts";
import { app } from "./http/app.ts";

export { ProjectRoom } from "./room/room.ts";

export default { fetch: app.fetch } satisfies ExportedHandler<Env>;
