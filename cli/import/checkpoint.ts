/**
 * How far an import came, kept outside the repository that it reads. The name
 * is a hash of format, files (path, size, time of change), address and project,
 * so a changed file or another project begins anew.
 */
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import type { Connection } from "../client/connection.ts";

export interface Checkpoint {
  /** Events acknowledged so far; 0 when there is nothing to resume. */
  readonly sent: number;
  save(sent: number): void;
  clear(): void;
}

/** For sources that do not give the same events in the same order each time: all is sent again, and adds nothing. */
export const NO_CHECKPOINT: Checkpoint = { sent: 0, save: () => undefined, clear: () => undefined };

/** `cfk_<project>_<key id>_…` → project; another key of the same project resumes too. */
function projectOf(key: string): string {
  return key.split("_")[1] ?? "";
}

export function openCheckpoint(
  format: string,
  files: readonly string[],
  connection: Connection,
  env: NodeJS.ProcessEnv = process.env,
): Checkpoint {
  // Standard input cannot be read twice: there is nothing to resume.
  if (files.includes("-")) return NO_CHECKPOINT;
  const identity = files.map((file) => {
    const { size, mtimeMs } = statSync(file);
    return [resolve(file), size, mtimeMs];
  });
  const name = createHash("sha256")
    .update(JSON.stringify([format, identity, connection.url, projectOf(connection.key)]))
    .digest("hex")
    .slice(0, 32);
  const folder = join(env["XDG_STATE_HOME"] || join(homedir(), ".local", "state"), "clusterfork", "imports");
  const path = join(folder, `${name}.json`);
  return {
    sent: readSent(path),
    save(sent) {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      writeFileSync(path, JSON.stringify({ sent }), { mode: 0o600 });
    },
    clear() {
      rmSync(path, { force: true });
    },
  };
}

function readSent(path: string): number {
  try {
    const value: unknown = JSON.parse(readFileSync(path, "utf8"));
    if (typeof value === "object" && value !== null && "sent" in value) {
      const { sent } = value;
      if (typeof sent === "number" && Number.isSafeInteger(sent) && sent > 0) return sent;
    }
  } catch {
    // No checkpoint, or a damaged one: sending all again is right and adds nothing.
  }
  return 0;
}
