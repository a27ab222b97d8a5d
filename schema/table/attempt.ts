/** Counts of attempts (worker/account/attempts.ts), so that their limits hold over every isolate. */
import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

export const attempt = sqliteTable("attempt", {
  /** `<action> <address>`, or a person or a share link in the address's place. */
  key: text("key").primaryKey(),
  /** Start of the window that is being counted, ms since the epoch. */
  window_start: integer("window_start").notNull(),
  count: integer("count").notNull(),
});
