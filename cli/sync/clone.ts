/** What is this clone's own and in no commit: its writer's name, and the lock that keeps two syncs apart. */
import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../command/user-error.ts";

/** Of chance: 48 bits tell the clones of a repository apart. */
const WRITER_BYTES = 6;

function readOrNull(path: string): string | null {
  try {
    return readFileSync(path, "utf8").trim();
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
}

/** `state`: the folder inside git's own that `openRepository` names. */
export function writerOf(state: string): string {
  const path = join(state, "writer");
  const known = readOrNull(path);
  if (known !== null && /^[0-9a-f]{12}$/.test(known)) return known;
  const writer = randomBytes(WRITER_BYTES).toString("hex");
  writeFileSync(path, `${writer}\n`);
  return writer;
}

/** Runs `work` while no other sync of this clone does. */
export async function alone<T>(state: string, work: () => Promise<T>): Promise<T> {
  mkdirSync(state, { recursive: true });
  const path = join(state, "lock");
  for (;;) {
    try {
      writeFileSync(path, String(process.pid), { flag: "wx" });
      break;
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
    }
    const holder = Number(readOrNull(path) ?? Number.NaN);
    if (isRunning(holder))
      throw new UserError(
        `another sync of this clone is at work (process ${holder}). Wait for it; if that is no sync, remove ${path}.`,
      );
    // Whoever held it was killed.
    rmSync(path, { force: true });
  }
  try {
    return await work();
  } finally {
    rmSync(path, { force: true });
  }
}

function isRunning(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0 || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's process may not be asked, and runs.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
