import { spawn } from "node:child_process";
import { ROOT } from "./root.mjs";
import { modernNode } from "./node.mjs";
import { watchParent } from "./parent.mjs";

/** How long a child may take to close its files before its whole group is killed. */
const GRACE_MS = 8_000;
/** npm forwards the Ctrl-C that the terminal has already sent to everybody: one press, two signals. */
const SAME_PRESS_MS = 400;

/**
 * Runs a .ts file under a modern Node in a process group of its own, and answers its exit code.
 *
 *   terminal ── npm ── this process ──(IPC)── script ── workerd, vitest, …
 *                                             └── one process group ──┘
 *
 * Ctrl-C and SIGTERM ask the script to stop, a second one kills the group. The group dies with
 * this process: on exit by signal, and when this process is killed the script sees its IPC channel close.
 *
 * A server is asked by message: Miniflare answers SIGTERM itself, with an exit in the middle of
 * whatever else is being closed.
 * @param {string} script @param {string[]} args @param {{ server?: boolean }} [kind]
 * @returns {Promise<number>}
 */
export function handOver(script, args, { server = false } = {}) {
  const child = spawn(modernNode(), ["--disable-warning=ExperimentalWarning", script, ...args], {
    cwd: ROOT,
    detached: true,
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const killGroup = () => {
    if (child.pid === undefined) return;
    try {
      process.kill(-child.pid, "SIGKILL");
    } catch {
      // Nobody is left: that is what was wanted.
    }
  };
  let asked_at = 0;
  const stop = () => {
    if (asked_at === 0) {
      asked_at = Date.now();
      if (server && child.connected) child.send("stop");
      else child.kill("SIGTERM");
      setTimeout(killGroup, GRACE_MS).unref();
    } else if (Date.now() - asked_at > SAME_PRESS_MS) killGroup();
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, stop);
  process.on("exit", killGroup);
  watchParent(stop);
  return new Promise((resolve) => {
    child.on("exit", (code, signal) => {
      killGroup();
      resolve(code ?? (signal === "SIGKILL" ? 137 : 143));
    });
  });
}
