/** How a person is called in the log of a project. */
import { eq } from "drizzle-orm";
import { user } from "../../schema/table/tables.ts";
import type { Database } from "./database.ts";

/** The id where the person is gone meanwhile. */
export async function personName(database: Database, user_id: string): Promise<string> {
  const [row] = await database.select({ name: user.name }).from(user).where(eq(user.id, user_id));
  return row === undefined || row.name === "" ? user_id : row.name;
}
