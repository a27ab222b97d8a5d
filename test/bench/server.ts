/** A bundled Worker with rooms, served by Miniflare directly, as `npm start` does. */
import { build } from "esbuild";
import { Miniflare, convertV4MiniflareOptions } from "miniflare";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { collectOften } from "../../scripts/serve/collector.ts";

export interface Server {
  port: number;
  stop: () => Promise<void>;
}

const MIGRATIONS = join(import.meta.dirname, "../../schema/table/migrations");
const SECRETS = {
  AUTH_SECRET: "auth-secret-of-the-benchmark-0123456789abcdef",
  KEY_SECRET: "key-secret-of-the-benchmark-0123456789abcdef",
};

/** `data` keeps what the Durable Objects store; `database` gives the Worker a migrated D1 there. */
export async function startServer(
  entry: string,
  data: string,
  objects: Record<string, string> = {},
  database = false,
): Promise<Server> {
  const bundle = await build({
    entryPoints: [join(import.meta.dirname, entry)],
    bundle: true,
    write: false,
    format: "esm",
    target: "esnext",
    conditions: ["workerd", "worker", "browser"],
    define: { "process.env.NODE_ENV": '"production"' },
    external: ["cloudflare:*", "node:*"],
  });
  const classes = Object.entries({ ROOM: "ProjectRoom", ...objects });
  collectOften(process.env);
  const server = new Miniflare(
    convertV4MiniflareOptions({
      modules: [{ type: "ESModule", path: "bench.mjs", contents: bundle.outputFiles[0]?.text ?? "" }],
      modulesRoot: "/",
      compatibilityDate: "2026-10-23",
      compatibilityFlags: ["nodejs_compat"],
      // The rates are not what is measured.
      bindings: {
        ...SECRETS,
        MAX_EVENTS_PER_SECOND_PER_PROJECT: "10000000",
        MAX_REQUESTS_PER_SECOND_PER_KEY: "1000000",
      },
      durableObjects: Object.fromEntries(
        classes.map(([binding, className]) => [binding, { className, useSQLite: true }]),
      ),
      ...(database ? { d1Databases: { DB: "bench" } } : {}),
      resourcePersistencePath: data,
      cf: false,
      port: 0,
    }),
  );
  const { port } = await server.ready;
  if (database) await migrate(server);
  return { port: Number(port), stop: () => server.dispose() };
}

async function migrate(server: Miniflare): Promise<void> {
  // Loaded late: wrangler takes a second.
  const { unstable_splitSqlQuery: statementsOf } = await import("wrangler");
  const db = await server.getD1Database("DB");
  const names = (await readdir(MIGRATIONS)).filter((name) => name.endsWith(".sql")).sort();
  for (const name of names) {
    const text = await readFile(join(MIGRATIONS, name), "utf8");
    await db.batch(statementsOf(text).map((sql) => db.prepare(sql)));
  }
}

/** A folder for one benchmark's data, which goes when the work is done or has failed. */
export async function withFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "clusterfork-bench-"));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** GET or POST; the text of an answer that is good. */
export async function ask({ port }: Pick<Server, "port">, path: string, body?: string): Promise<string> {
  const reply = await fetch(
    `http://127.0.0.1:${port}${path}`,
    body === undefined ? {} : { method: "POST", headers: { "content-type": "application/json" }, body },
  );
  const text = await reply.text();
  if (!reply.ok) throw new Error(`${path} answered ${reply.status}: ${text}`);
  return text;
}
