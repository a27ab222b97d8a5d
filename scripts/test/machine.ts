import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../bootstrap/root.mjs";

/** What the search for a browser needs of a machine; its tests hand in another one. */
export interface Machine {
  env: Partial<Record<string, string>>;
  is_root: boolean;
  /** Where an npm package may be put that package.json does not name. */
  cache: string;
  exists(path: string): boolean;
  /** Runs a command to its end; true when there is such a command and it succeeded. */
  run(
    command: string,
    args: string[],
    options: { timeout_ms: number; env?: Record<string, string> },
  ): boolean;
  /** A module by its file URL. */
  load(url: string): Promise<unknown>;
  say(words: string): void;
}

export const THIS_MACHINE: Machine = {
  env: process.env,
  is_root: process.getuid?.() === 0,
  cache: join(ROOT, "node_modules/.cache/browser"),
  exists: existsSync,
  run: (command, args, { timeout_ms, env }) =>
    spawnSync(command, args, {
      timeout: timeout_ms,
      stdio: ["ignore", "ignore", command === "npm" ? "inherit" : "ignore"],
      env: { ...process.env, ...env },
    }).status === 0,
  load: (url) => import(url) as Promise<unknown>,
  say: (words) => console.log(words),
};
