/** Counts of sign-in and sign-up attempts, so that the limit holds over every isolate. */
import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

export const attempt = sqliteTable("attempt", {
  /** `<action> <address>`. */
  key: text("key").primaryKey(),
  /** Start of the window that is being counted, ms since the epoch. */
  window_start: integer("window_start").notNull(),
  count: integer("count").notNull(),
});
