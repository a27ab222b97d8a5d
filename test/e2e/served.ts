import type { Browser } from "playwright-core";
import { afterAll, beforeAll } from "vitest";
import { launchBrowser } from "./browser.ts";
import { dataFolder, startServer, type Running } from "./server.ts";

export interface Served {
  readonly server: Running;
  /** Origin, without a slash at the end. */
  readonly url: string;
  readonly browser: Browser;
  /** Where its data is, and whatever else a file writes. */
  readonly folder: string;
  /** After it was stopped or killed: the same data, served anew. */
  startAgain(options?: string[]): Promise<void>;
}

/** The built product and a browser of a file's own, from before its first hook until after its last: call it at the top. */
export function serveProduct(): Served {
  const folder = dataFolder();
  let server: Running | undefined;
  let browser: Browser | undefined;
  beforeAll(async () => {
    const [started, launched] = await Promise.allSettled([startServer(folder.path), launchBrowser()]);
    // What did start is stopped, also where the other did not.
    if (started.status === "fulfilled") server = started.value;
    if (launched.status === "fulfilled") browser = launched.value;
    for (const part of [started, launched]) if (part.status === "rejected") throw part.reason;
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
    folder.remove();
  });
  const running = <T>(part: T | undefined): T => {
    if (part === undefined) throw new Error("asked for before it was started: call this in a test or a hook");
    return part;
  };
  return {
    folder: folder.path,
    async startAgain(options) {
      server = await startServer(folder.path, options);
    },
    get server() {
      return running(server);
    },
    get url() {
      return running(server).url;
    },
    get browser() {
      return running(browser);
    },
  };
}
