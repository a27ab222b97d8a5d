/**
 * Where things lie in a folder that `clusterfork sync` keeps:
 *
 *   events/.gitattributes                            merge=union, and no line end is ever converted
 *   events/<project>/clusterfork.json                the public keys that are trusted here
 *   events/<project>/<yyyy-mm-dd>.<writer>.jsonl     commits of the chain with their events, by day of arrival
 *   events/<project>/heads.<writer>.jsonl            the signed head of each sync
 *
 * A writer is one clone. Each appends to files of its own, so that clones which
 * sync the same project never meet in a merge.
 */
import { mkdirSync, readdirSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../command/user-error.ts";

export const ATTRIBUTES = "*.jsonl -text merge=union\n";
const FOLDER = "events";
const PROJECT = /^p[a-z0-9]{15}$/;
const DAY_FILE = /^(\d{4}-\d{2}-\d{2})\.([0-9a-f]{12})\.jsonl$/;
const HEADS_FILE = /^heads\.([0-9a-f]{12})\.jsonl$/;

export const attributesPath = (dir: string): string => join(dir, FOLDER, ".gitattributes");
export const projectFolder = (dir: string, project: string): string => join(dir, FOLDER, project);
export const pinPath = (folder: string): string => join(folder, "clusterfork.json");
export const dayPath = (folder: string, day: string, writer: string): string =>
  join(folder, `${day}.${writer}.jsonl`);
export const headsPath = (folder: string, writer: string): string => join(folder, `heads.${writer}.jsonl`);

/** What one clone wrote about a project. */
export interface WriterFiles {
  writer: string;
  /** Ascending. */
  days: { day: string; path: string }[];
  heads: string | null;
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  }
}

/** The projects that have a folder in `dir`. */
export function projectsIn(dir: string): string[] {
  return namesIn(join(dir, FOLDER)).filter((name) => PROJECT.test(name));
}

/** Files of other names are not ours. */
export function writersIn(folder: string): WriterFiles[] {
  const writers = new Map<string, WriterFiles>();
  const filesOf = (writer: string): WriterFiles => {
    const files = writers.get(writer) ?? { writer, days: [], heads: null };
    writers.set(writer, files);
    return files;
  };
  for (const name of namesIn(folder)) {
    const path = join(folder, name);
    const [, day, by] = DAY_FILE.exec(name) ?? [];
    if (day !== undefined && by !== undefined) filesOf(by).days.push({ day, path });
    const [, heads_by] = HEADS_FILE.exec(name) ?? [];
    if (heads_by !== undefined) filesOf(heads_by).heads = path;
  }
  return [...writers.values()];
}

/** Makes the project's folder. A link in its way could lead out of the repository, so none is followed. */
export function makeProjectFolder(dir: string, project: string): string {
  const folder = projectFolder(dir, project);
  mkdirSync(folder, { recursive: true });
  const real = projectFolder(realpathSync(dir), project);
  if (realpathSync(folder) !== real)
    throw new UserError(`${folder} leads elsewhere by a symbolic link. Remove the link.`);
  return folder;
}
