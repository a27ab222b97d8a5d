/**
 * The files of a spool and whose they are.
 *
 *   <order>.<owner>.ndjson      one event per line
 *
 * `order` sorts by time; `owner` names a process for as long as it lives (host,
 * pid, start time) or is `free`. Only the owner reads, writes or removes a file;
 * a file of nobody becomes one's own by renaming it, which only one can do.
 */
import { readFileSync, readdirSync, renameSync, statSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";

/** A file of another host (a shared folder) counts as abandoned when nobody wrote to it for so long, ms. */
const FOREIGN_ABANDONED_MS = 60 * 60 * 1000;
const FREE = "free";
const NAME = /^([0-9a-z-]+)\.([A-Za-z0-9_-]+)\.ndjson$/;

export interface SpoolFile {
  path: string;
  order: string;
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}

/** When a process started, in the kernel's ticks: a pid alone is given out again. `0` where /proc is not. */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "0";
  } catch {
    return "0";
  }
}

const host = (): string =>
  hostname()
    .replace(/[^A-Za-z0-9]/g, "")
    .slice(0, 40) || "host";

/** This process, and within it this sender (`tag`). */
export function ownerName(tag: string): string {
  return [host(), process.pid, startOf(process.pid), tag].join("-");
}

function isAbandoned(folder: string, name: string, owner: string): boolean {
  if (owner === FREE) return true;
  const [owner_host, pid_text = "", start] = owner.split("-");
  if (owner_host !== host()) return Date.now() - statSync(join(folder, name)).mtimeMs > FOREIGN_ABANDONED_MS;
  const pid = Number(pid_text);
  try {
    process.kill(pid, 0);
  } catch (error) {
    // ESRCH: nobody has this pid. EPERM: somebody else's process has it.
    return error instanceof Error && "code" in error && error.code === "ESRCH";
  }
  return startOf(pid) !== start;
}

export function fileOf(folder: string, order: string, owner: string): SpoolFile {
  return { order, path: join(folder, `${order}.${owner}.ndjson`) };
}

/** Takes over what dead processes and closed senders left, the oldest first. */
export function adopt(folder: string, owner: string): SpoolFile[] {
  const adopted: SpoolFile[] = [];
  for (const name of readdirSync(folder).sort()) {
    const [, order, left_by] = NAME.exec(name) ?? [];
    if (order === undefined || left_by === undefined) continue;
    try {
      if (!isAbandoned(folder, name, left_by)) continue;
      const file = fileOf(folder, order, owner);
      renameSync(join(folder, name), file.path);
      adopted.push(file);
    } catch (error) {
      // Another process was quicker: the file is in good hands.
      if (!isMissing(error)) throw error;
    }
  }
  return adopted;
}

/** Gives a file to whoever comes next. */
export function free(folder: string, file: SpoolFile): void {
  renameSync(file.path, fileOf(folder, file.order, FREE).path);
}

/** Bytes of all processes' files. */
export function folderBytes(folder: string): number {
  let bytes = 0;
  for (const name of readdirSync(folder)) {
    try {
      if (NAME.test(name)) bytes += statSync(join(folder, name)).size;
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
  }
  return bytes;
}
