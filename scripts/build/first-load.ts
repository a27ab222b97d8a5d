/**
 * What a browser has to fetch of script before a page is drawn, from the build's manifest: the start-up, the layouts
 * and the page of a route, and all that these import. What is imported on demand is not in it.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

interface Chunk {
  file: string;
  imports?: string[];
  css?: string[];
  dynamicImports?: string[];
}
export type Manifest = Readonly<Record<string, Chunk>>;

export interface Script {
  file: string;
  gzip_bytes: number;
}

const CLIENT = ".svelte-kit/output/client";
const GENERATED = ".svelte-kit/generated/build/client-optimized";

/** Of the app as it was built last in `root`; `route` as its folder is called, `/[team]/[project]/flow/[...feature]`. */
export function firstLoad(root: string, route: string): Script[] {
  const { manifest, app_source } = readManifest(root);
  const nodes = nodesOf(app_source, route);
  return filesOf(manifest, nodes).map((file) => ({
    file,
    // As the server does it: by zlib's usual level.
    gzip_bytes: gzipSync(readFileSync(join(root, CLIENT, file))).length,
  }));
}

export function readManifest(root: string): { manifest: Manifest; app_source: string } {
  return {
    manifest: JSON.parse(readFileSync(join(root, CLIENT, ".vite/manifest.json"), "utf8")) as Manifest,
    app_source: readFileSync(join(root, GENERATED, "app.js"), "utf8"),
  };
}

/** The layouts and the page of a route, by number: Kit's own table, `"/route": [~page,[layout, …]]`. The root layout is 0. */
export function nodesOf(app_source: string, route: string): number[] {
  const line = app_source.split("\n").find((text) => text.includes(`${JSON.stringify(route)}:`));
  if (line === undefined) throw new Error(`there is no route ${route}: is it called otherwise now?`);
  const numbers =
    line.slice(line.lastIndexOf(`${JSON.stringify(route)}:`) + route.length + 3).match(/\d+/g) ?? [];
  return [0, ...numbers.map(Number)];
}

/** Every script that is fetched without being asked for. */
export const filesOf = (manifest: Manifest, nodes: readonly number[]): string[] =>
  chunksOf(manifest, nodes)
    .map(({ file }) => file)
    .filter((file) => file.endsWith(".js"));

export const stylesOf = (manifest: Manifest, nodes: readonly number[]): string[] => [
  ...new Set(chunksOf(manifest, nodes).flatMap(({ css }) => css ?? [])),
];

function chunksOf(manifest: Manifest, nodes: readonly number[]): Chunk[] {
  const entries = Object.keys(manifest).filter(
    (name) =>
      name.endsWith("/runtime/client/entry.js") ||
      name.endsWith("/runtime/client/client-entry.js") ||
      name.endsWith("client-optimized/app.js") ||
      nodes.some((node) => name.endsWith(`client-optimized/nodes/${node}.js`)),
  );
  if (entries.length < nodes.length + 2)
    throw new Error("the manifest lacks an entry: has Kit renamed them?");
  const found = new Map<string, Chunk>();
  const visit = (name: string) => {
    const chunk = manifest[name];
    if (chunk === undefined || found.has(chunk.file)) return;
    found.set(chunk.file, chunk);
    for (const each of chunk.imports ?? []) visit(each);
  };
  for (const name of entries) visit(name);
  return [...found.values()];
}
