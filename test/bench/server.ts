/** A bundled Worker with rooms, served by Miniflare directly, as `npm start` does. */
import { build } from "esbuild";
import { Miniflare, convertV4MiniflareOptions } from "miniflare";
import { join } from "node:path";

export interface Server {
  port: number;
  stop: () => Promise<void>;
}

/** `data` keeps what the Durable Objects store. */
export async function startServer(
  entry: string,
  data: string,
  objects: Record<string, string> = {},
): Promise<Server> {
  const bundle = await build({
    entryPoints: [join(import.meta.dirname, entry)],
    bundle: true,
    write: false,
    format: "esm",
    target: "esnext",
    external: ["cloudflare:*", "node:*"],
  });
  const classes = Object.entries({ ROOM: "ProjectRoom", ...objects });
  const server = new Miniflare(
    convertV4MiniflareOptions({
      modules: [{ type: "ESModule", path: "bench.mjs", contents: bundle.outputFiles[0]?.text ?? "" }],
      modulesRoot: "/",
      compatibilityDate: "2026-10-23",
      compatibilityFlags: ["nodejs_compat"],
      // The rates are not what is measured.
      bindings: { MAX_EVENTS_PER_SECOND_PER_PROJECT: "10000000", MAX_REQUESTS_PER_SECOND_PER_KEY: "1000000" },
      durableObjects: Object.fromEntries(
        classes.map(([binding, className]) => [binding, { className, useSQLite: true }]),
      ),
      resourcePersistencePath: data,
      port: 0,
    }),
  );
  return { port: Number((await server.ready).port), stop: () => server.dispose() };
}
