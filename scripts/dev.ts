import { join } from "node:path";
import type { ViteDevServer } from "vite";
import { ROOT } from "./bootstrap/root.mjs";
import { run, Stop } from "./bootstrap/say.mjs";
import { build } from "./build/build.ts";
import { openServer } from "./serve/open.ts";
import { onStop } from "./serve/stop.ts";
import { startOptions } from "./start/options.mjs";

/** Editors write a file in several steps; one rebuild for all of them. */
const SETTLE_MS = 150;

/** `npm run dev`: pages by vite with hot reload, the API by the same server as `npm start`, rebuilt on change. */
const closing: (() => Promise<void>)[] = [];
onStop(async () => {
  for (const close of closing.reverse()) await close();
});

function rebuildOnChange(watcher: ViteDevServer["watcher"], reload: () => Promise<void>): void {
  let timer: NodeJS.Timeout | undefined;
  let work = Promise.resolve();
  const rebuild = async () => {
    try {
      await build("worker");
      await reload();
      console.log("Worker is up to date.");
    } catch (error) {
      // A broken edit keeps the last good Worker until the next one.
      console.error(error instanceof Stop ? error.message : error);
    }
  };
  const folders = ["worker", "schema"].map((folder) => join(ROOT, folder, "/"));
  watcher.add(folders);
  watcher.on("all", (_event, file) => {
    if (file.endsWith(".test.ts") || !folders.some((folder) => file.startsWith(folder))) return;
    clearTimeout(timer);
    timer = setTimeout(() => {
      work = work.then(rebuild);
    }, SETTLE_MS);
  });
}

await run(async () => {
  const options = startOptions(process.argv.slice(2));
  if (options === "help") throw new Stop("npm run dev -- [--port N of the Worker] [--data DIR]", 0);
  const server = await openServer(options, () => build("app", "worker"));
  closing.push(() => server.stop());
  process.env.CLUSTERFORK_DEV_WORKER = server.url;
  const { createServer } = await import("vite");
  const pages = await createServer({ root: ROOT });
  closing.push(() => pages.close());
  await pages.listen();
  rebuildOnChange(pages.watcher, () => server.reload());
  console.log(
    `\nPages with hot reload: ${pages.resolvedUrls?.local[0]}\nAPI: ${server.url}\nCtrl-C stops both.`,
  );
});
if (process.exitCode) process.exit();
