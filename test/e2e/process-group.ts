import { readdirSync, readFileSync } from "node:fs";

/** How long the kernel may take to clear away what was killed. */
const KILL_TIMEOUT_MS = 10_000;

interface Process {
  pid: number;
  parent: number;
  group: number;
  command: string;
}

/** The running processes, as /proc tells; those that are dead and only wait to be reaped are left out. */
function processes(): Process[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, "utf8");
        const [state, parent, group] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
        if (state === "Z" || state === "X") return [];
        const command = readFileSync(`/proc/${name}/cmdline`, "utf8").replaceAll("\0", " ");
        return [{ pid: Number(name), parent: Number(parent), group: Number(group), command }];
      } catch {
        return []; // It ended while we looked.
      }
    });
}

/** The process and all that descends from it. */
export function family(root: number): Process[] {
  const all = processes();
  const found = all.filter((process) => process.pid === root);
  for (const known of found) found.push(...all.filter((process) => process.parent === known.pid));
  return found;
}

/** Those of `pids` that still run. */
export const alive = (pids: number[]): Process[] =>
  processes().filter((process) => pids.includes(process.pid));

/** Waits until none of `pids` runs; answers those left after `timeout_ms`. */
export async function goneWithin(pids: number[], timeout_ms: number): Promise<Process[]> {
  const end = Date.now() + timeout_ms;
  while (alive(pids).length > 0 && Date.now() < end) await new Promise((wake) => setTimeout(wake, 50));
  return alive(pids);
}

/** SIGKILL for the process and all that descends from it; resolves when none of them runs. */
export async function killFamily(root: number): Promise<void> {
  const pids = family(root).map(({ pid }) => pid);
  for (const pid of pids) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // Its parent's death ended it first.
    }
  }
  const left = await goneWithin(pids, KILL_TIMEOUT_MS);
  if (left.length > 0) throw new Error(`still running: ${left.map(({ command }) => command).join("; ")}`);
}
