import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
/** Far above the two seconds that a start takes: a loaded machine must not fail a test. */
const START_TIMEOUT_MS = 60_000;

export interface Running {
  /** Origin, without a slash at the end. */
  url: string;
  data: string;
  /** The process that was started: npm, or the launcher. */
  process: ChildProcess;
  /** Everything it printed so far. */
  words(): string;
  /** SIGTERM, then waits for the end. Keeps the data folder. */
  stop(): Promise<void>;
}

export interface Ended {
  code: number | null;
  words: string;
}

/** A new, empty data folder, and what removes it. */
export function dataFolder(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), "clusterfork-"));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

function launch(command: string[], options: string[], env: Record<string, string> = {}) {
  const [program = "node", ...args] = command;
  // What runs the tests sets one that is no origin; the product reads it as its own address.
  const { BASE_URL: _base, ...inherited } = process.env;
  const child = spawn(program, [...args, ...options], {
    cwd: ROOT,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...inherited, ...env },
  });
  let words = "";
  const hear = (chunk: Buffer) => (words += chunk.toString());
  child.stdout.on("data", hear);
  child.stderr.on("data", hear);
  return { child, words: () => words };
}

export const LAUNCHER = ["node", "scripts/start.mjs"];
export const NPM = ["npm", "start", "--"];

/** Starts the built product as a person would, on a free port, and waits for its address, which `told` finds. `env` is beside ours. */
export async function startServer(
  data: string,
  options: string[] = ["--port", "0"],
  command = LAUNCHER,
  told = /runs at (http:\/\/\S+)/,
  env: Record<string, string> = {},
): Promise<Running> {
  const { child, words } = launch(command, ["--data", data, ...options], env);
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const url = await new Promise<string>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`No address in time:\n${words()}`)), START_TIMEOUT_MS);
    const look = () => {
      const found = told.exec(words())?.[1];
      if (found === undefined) return;
      clearTimeout(timer);
      resolve(found);
    };
    child.stdout.on("data", look);
    child.once("exit", () => {
      clearTimeout(timer);
      reject(new Error(`It ended instead of serving:\n${words()}`));
    });
  });
  const stop = () => {
    child.kill("SIGTERM");
    return ended;
  };
  return { url, data, process: child, words, stop };
}

/** Starts it where it is expected to refuse, and waits for its end. */
export async function startRefused(data: string, options: string[]): Promise<Ended> {
  const { child, words } = launch(LAUNCHER, ["--data", data, ...options]);
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { code, words: words() };
}
