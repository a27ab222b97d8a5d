import { Stop } from "../bootstrap/say.mjs";
import type { Migration } from "../build/served.ts";

/** What is needed of D1 here; Miniflare's own type brings the globals of Workers with it. */
interface Statement {
  bind(...values: unknown[]): Statement;
  all(): Promise<{ results: unknown[] }>;
}
export interface Database {
  prepare(sql: string): Statement;
  batch(statements: Statement[]): Promise<unknown>;
}

/** wrangler's own table, so that `wrangler d1 migrations` agrees about what was applied. */
const TABLE = `CREATE TABLE IF NOT EXISTS "d1_migrations"(
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  name       TEXT UNIQUE,
  applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL
)`;

/** Applies the migrations that are missing; each of them whole or not at all. */
export async function migrate(db: Database, migrations: readonly Migration[]): Promise<void> {
  await db.prepare(TABLE).all();
  const { results } = await db.prepare('SELECT name FROM "d1_migrations"').all();
  const applied = new Set((results as { name: string }[]).map((row) => row.name));
  for (const { name, statements } of migrations) {
    if (applied.has(name)) continue;
    try {
      await db.batch([
        ...statements.map((sql) => db.prepare(sql)),
        db.prepare('INSERT INTO "d1_migrations" (name) VALUES (?)').bind(name),
      ]);
    } catch (error) {
      throw new Stop(
        `Migration ${name} failed, nothing of it was kept: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }
}
