/**
 * Puts the scripts that stand before all others into the page itself, each a round trip less: `theme.js` and `early.js`.
 * And tells `early.js` what a project's page will import, so that the browser fetches it while the app's script is still
 * on its way. Kit finds a route's files only when it has started, one round trip and its own start later; on a slow phone
 * that is a tenth of a second before anything is to be read. The face of nearly every word is fetched ahead too: one that
 * comes after the first words breaks their lines anew, and all that stands below moves.
 */
import { transformSync } from "esbuild";
import { globSync, readFileSync, rmSync, writeFileSync } from "node:fs";
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

/** The page with the script of this file in its place. The pages' policy then allows it by its hash (headers.ts). */
export function withInline(html: string, file: string, script: string): string {
  const tag = `<script src="/${file}"></script>`;
  if (!html.includes(tag)) throw new Error(`The page has no ${tag}`);
  const { code } = transformSync(script, { minify: true, legalComments: "none" });
  if (/<\/script|<!--/i.test(code)) throw new Error(`${file} cannot stand in a page: it would end there`);
  return html.replace(tag, () => `<script>${code.trim()}</script>`);
}

/** Where the first words' face is, below `_app/immutable`. */
const FACE = "assets/geist-latin-wght-normal.*.woff2";

export const withFace = (html: string, file: string): string =>
  html.replace(
    "</title>",
    () =>
      `</title>\n    <link rel="preload" href="/${PREFIX}${file}" as="font" type="font/woff2" crossorigin />`,
  );

/** Of the app as it was built last in `root`, into its page. */
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
  const built = (file: string) => join(root, "build", file);
  const html = readFileSync(built("index.html"), "utf8");
  const scripts = {
    "early.js": withAhead(readFileSync(built("early.js"), "utf8"), aheadOf(filesByView, html)),
    "theme.js": readFileSync(built("theme.js"), "utf8"),
  };
  const [face] = globSync(FACE, { cwd: built(PREFIX) });
  if (face === undefined) throw new Error(`The build has no ${FACE}: is the face called otherwise now?`);
  let page = withFace(html, face.replaceAll("\\", "/"));
  for (const [file, script] of Object.entries(scripts)) {
    page = withInline(page, file, script);
    rmSync(built(file));
  }
  writeFileSync(built("index.html"), page);
}
