/**
 * Settings files on disk. Written whole beside the old one and renamed over it, so that an agent that reads at
 * this moment reads one or the other; a link stays a link; what holds a key is readable by its owner alone.
 */
import {
  chmodSync,
  closeSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { UserError } from "../command/user-error.ts";

/** Read and write for the owner: the file holds a key. */
const SECRET_MODE = 0o600;
/** Links to links; a circle ends here. */
const MAX_LINKS = 20;

export interface FileText {
  text: string;
  /** Permission bits; null where there is no file. */
  mode: number | null;
}

export const backupPath = (path: string): string => `${path}.before-clusterfork`;

export function readText(path: string): FileText {
  try {
    return { text: readFileSync(path, "utf8"), mode: statSync(path).mode & 0o777 };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return { text: "", mode: null };
    throw new UserError(`cannot read ${path}: ${(error as Error).message}`);
  }
}

/** Where a write must go so that links in the way stay links, also where they lead nowhere yet. */
function targetOf(path: string): string {
  let target = path;
  for (let links = 0; links < MAX_LINKS; links += 1) {
    if (!lstatSync(target, { throwIfNoEntry: false })?.isSymbolicLink()) return target;
    target = resolve(dirname(target), readlinkSync(target));
  }
  throw new UserError(`${path} is a link that leads in a circle. Nothing was changed.`);
}

/** `seen` is what was read before: who else wrote meanwhile is not overwritten. */
export function replaceText(path: string, text: string, seen: FileText, mode = SECRET_MODE): void {
  try {
    const target = targetOf(path);
    mkdirSync(dirname(target), { recursive: true, mode: 0o700 });
    const fresh = join(dirname(target), `.${basename(target)}.${process.pid}.clusterfork`);
    const file = openSync(fresh, "w", SECRET_MODE);
    try {
      writeFileSync(file, text);
      fsyncSync(file);
      chmodSync(fresh, mode);
      const now = readText(path);
      if (now.text !== seen.text || (now.mode === null) !== (seen.mode === null))
        throw new UserError(`${path} was changed by somebody else just now. Run this again.`);
      renameSync(fresh, target);
    } finally {
      closeSync(file);
      rmSync(fresh, { force: true });
    }
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(`cannot write ${path}: ${(error as Error).message}`);
  }
}

/** The file as it is, with its permissions. */
export function keepBackup(path: string, { text, mode }: FileText): void {
  if (mode === null) return;
  replaceText(backupPath(path), text, readText(backupPath(path)), mode);
}

export function removeFile(path: string): void {
  rmSync(path, { force: true });
}
