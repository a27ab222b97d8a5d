/** A database file of the running server, held by this process: what a backup, a debugger or a second server would do. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

/**
 * Nobody else can write to it until the answer is called. The server's databases are in WAL mode, in which no lock
 * from outside keeps readers out; whoever writes gets SQLITE_BUSY.
 */
export function lockFile(file: string): () => void {
  const db = new DatabaseSync(file, { timeout: LOCK_TIMEOUT_MS });
  db.exec("BEGIN EXCLUSIVE");
  return () => {
    if (!db.isOpen) return;
    db.exec("ROLLBACK");
    db.close();
  };
}

/** How long a commit of the server, which comes first, is waited for. */
const LOCK_TIMEOUT_MS = 5_000;

const DATABASE = /^[0-9a-f]{64}\.sqlite$/;

function databases(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => DATABASE.test(name))
    .map((name) => join(folder, name));
}

/** The databases of the rooms, one file each. */
export const roomFiles = (data: string): string[] => databases(join(data, "do/clusterfork-ProjectRoom"));

/** D1's one file. */
export function d1File(data: string): string {
  const [file, ...others] = databases(join(data, "d1/miniflare-D1DatabaseObject"));
  if (file === undefined || others.length > 0) throw new Error("D1 is expected in one file");
  return file;
}
