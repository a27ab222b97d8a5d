/** Files below folders, each once, in the order of their names. */
import { readdirSync, realpathSync, statSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../command/user-error.ts";
import { explainAccess, isFolder } from "./lines.ts";
import type { Tally } from "./outgoing.ts";

/** Folders deep; the deepest tree of a known tool has five. */
const MAX_FOLDER_DEPTH = 12;

/** Paths that are named are taken whatever they are called; in folders those that `wanted` knows. */
export function findFiles(
  paths: readonly string[],
  wanted: (path: string) => boolean,
  tally: Pick<Tally, "note">,
): string[] {
  const found = new Map<string, string>();
  const walk = (folder: string, depth: number): void => {
    let entries;
    try {
      entries = readdirSync(folder, { withFileTypes: true });
    } catch (error) {
      // One folder that may not be read is no reason to leave the others.
      if (depth === 0) throw new UserError(`cannot read ${folder}: ${explainAccess(error)}`);
      return tally.note(`a folder that cannot be read: ${explainAccess(error)}`, folder);
    }
    for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = join(folder, entry.name);
      if (entry.isDirectory() && depth < MAX_FOLDER_DEPTH) walk(path, depth + 1);
      else if (entry.isFile() && wanted(path)) found.set(realpathSync(path), path);
      else if (entry.isSymbolicLink()) follow(path);
    }
  };
  /** To files. Behind a link to a folder may be the whole disk, or this folder again. */
  const follow = (path: string): void => {
    let stats;
    try {
      stats = statSync(path);
    } catch {
      return tally.note("a link that leads nowhere", path);
    }
    if (stats.isFile() && wanted(path)) found.set(realpathSync(path), path);
    if (stats.isDirectory()) tally.note("a link to a folder: name it, and it is read too", path);
  };
  for (const path of paths) {
    if (path === "-") {
      found.set(path, path);
      continue;
    }
    if (isFolder(path)) walk(path, 0);
    else found.set(realpathSync(path), path);
  }
  return [...found.values()];
}
