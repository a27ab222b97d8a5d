/**
 * A log that has reached what an object may store. It stays readable and whole, and takes nothing more: no waiting
 * helps, so its senders and its operator are told so, and not that they may try again in a moment.
 */
import { FULL_DATABASE_BYTES } from "./limits.ts";

/** True when SQLite says that it is full and the database is what is full, not the machine's disk, which somebody may clear. */
export function isStorageFull(error: unknown, database_bytes: number): boolean {
  return (
    error instanceof Error && error.message.includes("SQLITE_FULL") && database_bytes >= FULL_DATABASE_BYTES
  );
}
