import { spawn, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

export interface Command {
  process: ChildProcess;
  /** Resolves when it ended: its code, null after a signal, and all its words. */
  ended: Promise<{ code: number | null; out: string; err: string }>;
}

/** `npx clusterfork …`, as the dashboard tells people to run it. */
export const NPX = ["npx", "--no-install", "clusterfork"];
/** The same program without npm in front, so that a signal meets it. */
export const DIRECT = [process.execPath, join(ROOT, "cli/bin/clusterfork.js")];

/** Runs the command with a home of its own: nothing is read from this machine's user. */
export function runCommand(
  args: string[],
  where: { url: string; key: string; home: string },
  program = DIRECT,
): Command {
  const [file = "", ...first] = program;
  const child = spawn(file, [...first, ...args], {
    cwd: ROOT,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...process.env,
      CLUSTERFORK_URL: where.url,
      CLUSTERFORK_KEY: where.key,
      XDG_CONFIG_HOME: join(where.home, "config"),
      XDG_STATE_HOME: join(where.home, "state"),
    },
  });
  let out = "";
  let err = "";
  child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (err += chunk.toString()));
  const ended = new Promise<{ code: number | null; out: string; err: string }>((resolve) =>
    child.once("close", (code) => resolve({ code, out, err })),
  );
  return { process: child, ended };
}
