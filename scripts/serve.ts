import { enableCompileCache, flushCompileCache } from "node:module";
import { join, relative } from "node:path";
import { ROOT } from "./bootstrap/root.mjs";
import { run } from "./bootstrap/say.mjs";
import { build } from "./build/build.ts";
import { firstEvent } from "./serve/first-event.ts";
import { openServer } from "./serve/open.ts";
import type { Server } from "./serve/server.ts";
import { onStop } from "./serve/stop.ts";
import type { StartOptions } from "./start/options.mjs";

/** `npm start`: builds what changed and serves it until it is told to stop. Argument: StartOptions as JSON. */
const options = JSON.parse(process.argv[2] ?? "{}") as StartOptions;

// Miniflare is 5 MB of source, which a second start need not compile again. Where the folder is read-only, it does.
enableCompileCache(join(ROOT, "node_modules/.cache/compiled"));

let server: Server | undefined;
onStop(async () => {
  await server?.stop();
  console.log("Stopped.");
});

await run(async () => {
  server = await openServer(options, () => build());
  const { url } = server;
  const folder = relative(process.env.INIT_CWD ?? ".", options.data);
  console.log(`
Clusterfork runs at ${url}
Data and secrets: ${folder.startsWith("..") ? options.data : folder}

Next: open ${url}/sign-up and create your team. It shows two API keys, once. Then send the first event:

${firstEvent(url)}

Ctrl-C stops it.`);
  // Now: a server that is killed comes to no end at which Node would.
  flushCompileCache();
});
// A failed start leaves nothing to wait for; a running server holds the process open.
if (server === undefined) process.exit();
