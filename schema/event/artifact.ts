/**
 * Diffs, file contents and other large texts are not stored: each becomes its
 * hash, its size and its lines, so that two events about the same artifact can
 * still be told to be so.
 *
 * `stdout`, `stderr` and `output` are not on the list: a short one says why
 * something failed. A long one is reduced for its size, like any other text.
 */
import type { Json } from "./event.ts";
import { MAX_TEXT_BYTES } from "./limits.ts";

/** A change: lines added and removed are counted. */
const DIFF_NAMES = ["diff", "patch", "git_diff", "unified_diff", "structured_patch"];
/** A file or a part of one. */
const CONTENT_NAMES = [
  "content",
  "contents",
  "file_content",
  "file_contents",
  "file_text",
  "original_file",
  "source_code",
  "old_content",
  "new_content",
  "old_string",
  "new_string",
  "old_str",
  "new_str",
  "old_text",
  "new_text",
];
const KINDS: ReadonlyMap<string, "diff" | "content"> = new Map([
  ...DIFF_NAMES.map((name): [string, "diff"] => [plain(name), "diff"]),
  ...CONTENT_NAMES.map((name): [string, "content"] => [plain(name), "content"]),
]);

/** What stands in the place of an artifact. A diff has `lines_added` and `lines_removed`, anything else `lines`. */
export interface Artifact {
  sha256: string;
  /** Size in bytes of UTF-8. */
  bytes: number;
  lines_added?: number;
  lines_removed?: number;
  lines?: number;
}

/** Hex SHA-256 of a text's UTF-8. Handed in: schema runs where hashing is asynchronous, too. */
export type Sha256Hex = (text: string) => string;

/** Returns the metadata with every artifact reduced; untouched parts are shared with the input. */
export function reduceArtifacts(
  metadata: { [key: string]: Json },
  sha256Hex: Sha256Hex,
): { [key: string]: Json } {
  return reduceObject(metadata, sha256Hex);
}

function reduceObject(object: { [key: string]: Json }, sha256Hex: Sha256Hex): { [key: string]: Json } {
  let copy: { [key: string]: Json } | null = null;
  for (const key of Object.keys(object)) {
    const value = object[key] ?? null;
    const reduced = reduceValue(key, value, sha256Hex);
    if (reduced === value) continue;
    copy ??= { ...object };
    copy[key] = reduced;
  }
  return copy ?? object;
}

function reduceValue(key: string | null, value: Json, sha256Hex: Sha256Hex): Json {
  if (value === null || typeof value === "number" || typeof value === "boolean") return value;
  const kind = key === null ? undefined : kindOf(key);
  if (kind !== undefined && !isArtifact(value)) {
    return toArtifact(typeof value === "string" ? value : JSON.stringify(value), kind, sha256Hex);
  }
  if (typeof value === "string") {
    // Characters are a lower bound of bytes, and three bytes each an upper one.
    const long =
      value.length > MAX_TEXT_BYTES ||
      (value.length * 3 > MAX_TEXT_BYTES && utf8Bytes(value) > MAX_TEXT_BYTES);
    return long ? toArtifact(value, "content", sha256Hex) : value;
  }
  if (!Array.isArray(value)) return reduceObject(value, sha256Hex);
  const items = value.map((item) => reduceValue(null, item, sha256Hex));
  return items.some((item, index) => item !== value[index]) ? items : value;
}

function toArtifact(text: string, kind: "diff" | "content", sha256Hex: Sha256Hex): { [key: string]: Json } {
  const size = { sha256: sha256Hex(text), bytes: utf8Bytes(text) };
  return kind === "diff" ? { ...size, ...changedLines(text) } : { ...size, lines: countLines(text) };
}

const ARTIFACT_KEYS: ReadonlySet<string> = new Set([
  "sha256",
  "bytes",
  "lines_added",
  "lines_removed",
  "lines",
]);

/** Already reduced by the sender, or by us before an export. */
function isArtifact(value: Json): boolean {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  return (
    typeof value.sha256 === "string" &&
    /^[0-9a-f]{64}$/.test(value.sha256) &&
    Object.entries(value).every(
      ([key, part]) => ARTIFACT_KEYS.has(key) && (key === "sha256" || typeof part === "number"),
    )
  );
}

/** Counts a unified diff's lines; the `---` and `+++` of a file's header are no change. */
function changedLines(text: string): { lines_added: number; lines_removed: number } {
  let lines_added = 0;
  let lines_removed = 0;
  const lines = text.split("\n");
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? "";
    if (line.startsWith("--- ") && lines[index + 1]?.startsWith("+++ ") === true) index++;
    else if (line.startsWith("+")) lines_added++;
    else if (line.startsWith("-")) lines_removed++;
  }
  return { lines_added, lines_removed };
}

/** As an editor counts: a line break at the end begins no further line. */
function countLines(text: string): number {
  if (text === "") return 0;
  return text.split("\n").length - (text.endsWith("\n") ? 1 : 0);
}

function kindOf(name: string): "diff" | "content" | undefined {
  return NAME_HINT.test(name) ? KINDS.get(plain(name)) : undefined;
}

/** Whatever stands there is one. */
export function isArtifactName(name: string): boolean {
  return kindOf(name) !== undefined;
}

/** `oldString`, `old-string` and `old_string` are one name. */
function plain(name: string): string {
  return name.replaceAll(/[_\-. ]/g, "").toLowerCase();
}
/** The parts that any of these names holds: one cheap test before a name is written out. */
const NAME_HINT = /diff|patch|content|file|source|str|text/i;

function utf8Bytes(text: string): number {
  return new TextEncoder().encode(text).length;
}
