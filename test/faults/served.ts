/**
 * The product as `npm start` serves it, on a data folder of its own, to be killed and started again.
 *
 *   serve() ─▶ npm start's launcher ─▶ node ─▶ workerd
 *                └──────── kill(): all of them at once, SIGKILL ────────┘   start(): the same folder and port
 */
import { family, killFamily } from "../e2e/process-group.ts";
import { dataFolder, LAUNCHER, startServer, type Running } from "../e2e/server.ts";

export interface Served {
  /** Origin, without a slash at the end. It stays the same over restarts. */
  readonly url: string;
  /** The data folder. */
  readonly data: string;
  /** What the present process printed so far. */
  words(): string;
  /** Of workerd, which serves: one process, unless it is being replaced. */
  workerd(): number[];
  /** SIGKILL for everything of it at once; resolves when nothing of it runs. */
  kill(): Promise<void>;
  /** After `kill` or `stop`. Resolves when it serves: milliseconds since it was launched. */
  start(): Promise<number>;
  /** As Ctrl-C does; the data stay. */
  stop(): Promise<void>;
  /** Whatever state it is in: nothing runs, and a data folder made here is gone. */
  end(): Promise<void>;
}

export interface ServeOptions {
  /** A folder that exists; otherwise one is made. */
  data?: string;
  /** Beside the environment of this process: limits, mostly. */
  env?: Record<string, string>;
  /** What is run, for a start under other conditions. */
  command?: string[];
}

/** How often a server that starts is asked whether it serves. */
const ASK_EVERY_MS = 10;

export async function serve({ data, env = {}, command = LAUNCHER }: ServeOptions = {}): Promise<Served> {
  const folder = data === undefined ? dataFolder() : { path: data, remove: () => undefined };
  let running: Running | null = null;
  let url = "";
  const launch = async (): Promise<number> => {
    const started = performance.now();
    const port = url === "" ? "0" : new URL(url).port;
    running = await startServer(folder.path, ["--port", port], command, undefined, env);
    url = running.url;
    while (!(await answers(url))) await new Promise((wake) => setTimeout(wake, ASK_EVERY_MS));
    return performance.now() - started;
  };
  const kill = async () => {
    if (running?.process.pid !== undefined) await killFamily(running.process.pid);
    running = null;
  };
  try {
    await launch();
  } catch (error) {
    folder.remove();
    throw error;
  }
  return {
    url,
    data: folder.path,
    words: () => running?.words() ?? "",
    workerd: () =>
      family(running?.process.pid ?? 0)
        .filter(({ command }) => command.includes("workerd"))
        .map(({ pid }) => pid),
    kill,
    start: launch,
    async stop() {
      await running?.stop();
      running = null;
    },
    async end() {
      await kill();
      folder.remove();
    },
  };
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/healthz`)).ok;
  } catch {
    return false;
  }
}
