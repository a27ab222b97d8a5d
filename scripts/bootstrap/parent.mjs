import { readFileSync } from "node:fs";

/** How often the parent is looked at. Long enough to cost nothing, short enough that a port is free again at once. */
const LOOK_MS = 400;

/** Name and parent of a process, where the system has /proc. */
function lookUp(/** @type {number} */ pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const end = stat.lastIndexOf(")");
    return {
      name: stat.slice(stat.indexOf("(") + 1, end),
      parent: Number(stat.slice(end + 2).split(" ")[1]),
    };
  } catch {
    return undefined; // Gone, or no /proc (macOS): then only the direct parent is watched.
  }
}

/**
 * Calls `gone` once npm is gone. npm forwards SIGTERM only to the shell between it and us, and
 * nothing at all when it is killed with SIGKILL: whoever outlives its parent gets another one.
 * Without npm (`node scripts/start.mjs &`) a server may outlive its shell.
 */
export function watchParent(/** @type {() => void} */ gone) {
  if (process.env.npm_lifecycle_event === undefined) return;
  const parent = process.ppid;
  const shell = lookUp(parent);
  const behindShell = shell && /^(sh|dash|bash|zsh|busybox)$/.test(shell.name) ? shell.parent : undefined;
  const timer = setInterval(() => {
    const orphaned =
      process.ppid !== parent || (behindShell !== undefined && lookUp(parent)?.parent !== behindShell);
    if (!orphaned) return;
    clearInterval(timer);
    gone();
  }, LOOK_MS);
  timer.unref();
}
