/**
 * `--write` and `--undo` on disk: all of a tool's files are computed first and written after, so that a refusal
 * leaves none of them half done.
 *
 *   file ──put──▶ changed? ──backup, unless ours stand there already──▶ replace
 *   file ──take──▶ says what the backup says? its bytes : ours taken out ──▶ replace, backup removed
 */
import type { Sender } from "../../schema/wire/sender.ts";
import { backupPath, keepBackup, readText, removeFile, replaceText, type FileText } from "./file.ts";
import type { Part, Tool } from "./part.ts";

export interface Change {
  path: string;
  kind: "written" | "unchanged" | "restored" | "removed" | "absent";
  /** The file as it was before; null where there was none. */
  backup: string | null;
}

/** Read and write for the owner alone, whatever the file allowed before. */
const OWNER_ONLY = 0o600;

export function writeSettings(tool: Tool, sender: Sender): Change[] {
  const plans = tool.parts.map((part) => {
    const seen = readText(part.path);
    return { part, seen, text: part.put(seen.text, sender) };
  });
  return plans.map(({ part, seen, text }) => {
    const mode = part.secret ? OWNER_ONLY : (seen.mode ?? 0o644);
    if (seen.mode !== null && seen.text === text && seen.mode === mode)
      return { path: part.path, kind: "unchanged", backup: knownBackup(part) };
    if (seen.text !== text && !holdsOurs(part, seen.text)) {
      // What an earlier time left behind is not how the file was before this one.
      removeFile(backupPath(part.path));
      keepBackup(part.path, seen);
    }
    replaceText(part.path, text, seen, mode);
    return { path: part.path, kind: "written", backup: knownBackup(part) };
  });
}

export function undoSettings(tool: Tool): Change[] {
  const plans = tool.parts.map((part) => {
    const seen = readText(part.path);
    const backup = readText(backupPath(part.path));
    const before = backup.mode === null ? null : backup.text;
    return { part, seen, backup, text: holdsOurs(part, seen.text) ? part.take(seen.text, before) : null };
  });
  return plans.map(({ part, seen, backup, text }) => {
    if (text === null) return { path: part.path, kind: "absent", backup: knownBackup(part) };
    const kind = restore(part, seen, backup, text);
    removeFile(backupPath(part.path));
    return { path: part.path, kind, backup: null };
  });
}

function restore(part: Part, seen: FileText, backup: FileText, text: string): Change["kind"] {
  if (backup.mode === null && part.same(text, "")) {
    // We made it, and nobody added anything.
    removeFile(part.path);
    return "removed";
  }
  const as_before = backup.mode !== null && part.same(text, backup.text);
  replaceText(part.path, as_before ? backup.text : text, seen, backup.mode ?? seen.mode ?? OWNER_ONLY);
  return "restored";
}

function holdsOurs(part: Part, text: string): boolean {
  return part.address(text) !== null;
}

function knownBackup(part: Part): string | null {
  const path = backupPath(part.path);
  return readText(path).mode === null ? null : path;
}
