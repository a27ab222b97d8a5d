import { mkdirSync } from "node:fs";
import { QUIET } from "../build/quiet.ts";
import { Stop } from "../bootstrap/say.mjs";
import type { StartOptions } from "../start/options.mjs";
import { lockFolder } from "./lock.ts";
import { freePort } from "./port.ts";
import { localSecrets } from "./secrets.ts";
import type { Server } from "./server.ts";

/**
 * Everything from a folder and a port to a running server. `prepare` builds what is to be served:
 * it runs after the checks that fail fast and before workerd starts.
 */
export async function openServer(options: StartOptions, prepare: () => Promise<void>): Promise<Server> {
  Object.assign(process.env, QUIET);
  try {
    // It holds e-mail addresses, sessions and logs: other users of the machine have no business there.
    mkdirSync(options.data, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new Stop(
      `The data folder ${options.data} cannot be made: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  const release = lockFolder(options.data);
  // Also when something below fails, and when a signal ends this process.
  process.once("exit", release);
  const port = await freePort(options.port, options.host);
  const secrets = localSecrets(options.data);
  await prepare();
  // Loaded late: wrangler takes a second, and a wrong port should be told at once.
  const { startServer } = await import("./server.ts");
  return startServer({ ...options, port }, secrets);
}
