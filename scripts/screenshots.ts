import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { ROOT } from "./bootstrap/root.mjs";
import { run } from "./bootstrap/say.mjs";
import { build } from "./build/build.ts";
import { openServer } from "./serve/open.ts";
import { onStop } from "./serve/stop.ts";
import { shoot } from "./screenshots/shoot.ts";
import { prepareTeam } from "./screenshots/team.ts";
import { startOptions } from "./start/options.mjs";
import { findBrowser } from "./test/browser.ts";

/**
 * `npm run screenshots [-- FOLDER]`: the pictures of the README, of a simulated team on a server of their own.
 *
 *   build ─▶ server on an empty folder ─▶ a team, hours of work ─▶ browser, dark and light ─▶ docs/screenshot/*.png
 */
const data = mkdtempSync(join(tmpdir(), "clusterfork-screenshots-"));
process.once("exit", () => rmSync(data, { recursive: true, force: true }));
const closing: (() => Promise<void>)[] = [];
onStop(async () => {
  for (const close of closing.reverse()) await close();
});

await run(async () => {
  const folder = resolve(process.env.INIT_CWD ?? ".", process.argv[2] ?? join(ROOT, "docs/screenshot"));
  const options = startOptions(["--data", data, "--port", "0"]);
  if (options === "help") return;
  const browser = await findBrowser();
  const server = await openServer(options, () => build());
  closing.push(() => server.stop());
  const spending = await prepareTeam(server.url, data, { budget: true });
  const working = await prepareTeam(server.url, data, { budget: false });
  await shoot({ spending, working, browser, folder, say: console.log });
});
for (const close of closing.reverse()) await close();
process.exit();
