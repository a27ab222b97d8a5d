/**
 * What a start needs to know of wrangler.toml and of the migrations, read when the Worker is built: wrangler takes most
 * of a second to load, and a server that was killed should serve again within two.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../bootstrap/root.mjs";

export const SERVED = "dist/worker/served.json";
const MIGRATIONS = join(ROOT, "schema/table/migrations");

/** Paths of this machine; and rules for finding modules, which have nothing to do, since the bundle holds everything. */
const LEFT_OUT = new Set(["rootPath", "directory", "modulesRules"]);

export interface Migration {
  name: string;
  statements: string[];
}

export interface Served {
  /** Options of Miniflare for the Worker, without any path of the machine that built it. */
  worker: Record<string, unknown> & { d1Databases: { DB: { id: string } }; assets: Record<string, unknown> };
  /** In the order of their names. */
  migrations: Migration[];
}

export async function writeServed(): Promise<void> {
  const { unstable_getMiniflareWorkerOptions, unstable_splitSqlQuery } = await import("wrangler");
  const { workerOptions } = unstable_getMiniflareWorkerOptions(join(ROOT, "wrangler.toml"));
  const names = readdirSync(MIGRATIONS).filter((name) => name.endsWith(".sql"));
  const migrations = names.sort().map((name): Migration => {
    const text = readFileSync(join(MIGRATIONS, name), "utf8");
    return { name, statements: unstable_splitSqlQuery(text) };
  });
  const text = JSON.stringify(
    { worker: workerOptions, migrations },
    (name, value: unknown) => (LEFT_OUT.has(name) ? undefined : value),
    2,
  );
  writeFileSync(join(ROOT, SERVED), text);
}

/** After the Worker was built. */
export const readServed = (): Served => JSON.parse(readFileSync(join(ROOT, SERVED), "utf8")) as Served;
