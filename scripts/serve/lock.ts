import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Stop } from "../bootstrap/say.mjs";

interface Holder {
  pid: number;
  /** Start of the process in clock ticks since boot, where /proc tells: a reused pid has another. */
  started: string;
}

/** State letter and start of a process, where the system has /proc. */
function lookUp(pid: number): { state: string; started: string } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    return { state: fields[0] ?? "", started: fields[19] ?? "" };
  } catch {
    return undefined;
  }
}

function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, name);
  } catch (error) {
    // EPERM: it is there, and another user's.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/** Whether the process runs. In containers nobody may reap the dead: a zombie still takes signals. */
const runs = (pid: number) => signal(pid, 0) && lookUp(pid)?.state !== "Z";

function holderOf(file: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Holder;
  } catch {
    return undefined; // Gone, or cut by a crash: nobody's.
  }
}

/**
 * Takes the data folder for this process, which leads its process group: two servers on one
 * SQLite would corrupt each other's view. Answers the release.
 */
export function lockFolder(folder: string): () => void {
  const file = join(folder, "lock.json");
  const mine: Holder = { pid: process.pid, started: lookUp(process.pid)?.started ?? "" };
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, JSON.stringify(mine));
  try {
    for (;;) {
      try {
        linkSync(draft, file); // Fails when the lock exists, and is never seen half written.
        break;
      } catch (error) {
        if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
      }
      const holder = holderOf(file);
      if (holder && runs(holder.pid) && (lookUp(holder.pid)?.started ?? "") === holder.started)
        throw new Stop(
          `${folder} is in use by the server with process id ${holder.pid}. Stop that one first, or give another folder with --data.`,
        );
      recover(file, holder);
    }
  } finally {
    rmSync(draft, { force: true });
  }
  return () => {
    if (holderOf(file)?.pid === process.pid) rmSync(file, { force: true });
  };
}

/** Clears the lock of a server that was killed, and what is left of its process group. */
function recover(file: string, holder: Holder | undefined): void {
  // The leader is dead and a live group still has its number: those are its own orphans.
  if (holder && !runs(holder.pid)) signal(-holder.pid, "SIGKILL");
  const aside = `${file}.stale.${process.pid}`;
  try {
    renameSync(file, aside);
  } catch {
    return; // Another start was faster.
  }
  const taken = holderOf(aside);
  if (taken && holder && taken.pid !== holder.pid) linkSync(aside, file); // It was a fresh one: give it back.
  rmSync(aside, { force: true });
}
