/**
 * Tells `early.js` what a project's page will import, so that the browser fetches it while the app's script is still on
 * its way. Kit finds a route's files only when it has started, one round trip and its own start later; on a slow phone
 * that is a tenth of a second before anything is to be read.
 */
import { globSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { filesOf, nodesOf, readManifest, stylesOf } from "./first-load.ts";

const PROJECT = "/[team]/[project]";
const PREFIX = "_app/immutable/";
/** The line of `early.js` that is filled in; as it stands nothing is fetched ahead. */
const PLACE = "const AHEAD = {};";

/** By the view's name, as the third part of the address has it: files below `_app/immutable`. */
export type Ahead = Record<string, string[]>;

/** Without what the page itself names already. */
export function aheadOf(filesByView: Record<string, readonly string[]>, html: string): Ahead {
  const ahead: Ahead = {};
  for (const [view, files] of Object.entries(filesByView))
    ahead[view] = files
      .filter((file) => !html.includes(file))
      .map((file) => {
        if (!file.startsWith(PREFIX)) throw new Error(`${file} is not below ${PREFIX}`);
        return file.slice(PREFIX.length);
      });
  return ahead;
}

export function withAhead(script: string, ahead: Ahead): string {
  if (!script.includes(PLACE)) throw new Error(`early.js has no line "${PLACE}"`);
  return script.replace(PLACE, () => `const AHEAD = ${JSON.stringify(ahead)};`);
}

/** Of the app as it was built last in `root`, into its `early.js`. */
export function writeAhead(root: string): void {
  const { manifest, app_source } = readManifest(root);
  const filesByView: Record<string, string[]> = {};
  for (const page of globSync("*/**/+page.svelte", { cwd: join(root, "app/routes/[team]/[project]") })) {
    const route = page.replaceAll("\\", "/").replace(/\/\+page\.svelte$/, "");
    // A page below a view, as of one feature, is opened from it.
    if (route.includes("/") && !route.endsWith("/[...feature]")) continue;
    const [view = ""] = route.split("/");
    const nodes = nodesOf(app_source, `${PROJECT}/${route}`);
    filesByView[view] = [
      ...new Set([...(filesByView[view] ?? []), ...filesOf(manifest, nodes), ...stylesOf(manifest, nodes)]),
    ];
  }
  const script = join(root, "build/early.js");
  const html = readFileSync(join(root, "build/index.html"), "utf8");
  writeFileSync(script, withAhead(readFileSync(script, "utf8"), aheadOf(filesByView, html)));
}
