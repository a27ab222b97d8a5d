/** What a Durable Object's `storage.sql` is to an index, over Node's own SQLite. */
import { DatabaseSync } from "node:sqlite";
import type { Sql, SqlValue } from "../../worker/learning/index/contract.ts";

export function nodeSql(path = ":memory:"): Sql {
  const database = new DatabaseSync(path);
  return {
    exec<Row extends Record<string, SqlValue>>(statement: string, ...values: SqlValue[]) {
      const rows = database
        .prepare(statement)
        .all(...values.map((value) => (value instanceof ArrayBuffer ? new Uint8Array(value) : value)))
        .map((row) =>
          Object.fromEntries(
            Object.entries(row).map(([name, value]) => [
              name,
              value instanceof Uint8Array ? value.slice().buffer : value,
            ]),
          ),
        );
      return { toArray: () => rows as Row[] };
    },
  };
}
