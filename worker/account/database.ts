import { drizzle } from "drizzle-orm/d1";
import * as tables from "../../schema/table/tables.ts";

/** D1 with the tables' types. Cheap: it holds no connection, so one is made per request. */
export function openDatabase(d1: D1Database) {
  return drizzle(d1, { schema: tables });
}
export type Database = ReturnType<typeof openDatabase>;
