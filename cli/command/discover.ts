/** `clusterfork import --discover`: what the tools on this computer have kept, shown before anything is sent. */
import { existsSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline/promises";
import { resolveConnection } from "../client/connection.ts";
import { Tally } from "../import/outgoing.ts";
import { TRANSCRIPT_FORMATS, TRANSCRIPT_TOOLS, type TranscriptFormat } from "../import/transcripts.ts";
import { findFiles } from "../import/walk.ts";
import { clean } from "../print/terminal.ts";
import { importFound } from "./import-found.ts";
import type { ImportOptions } from "./import-run.ts";

export interface Found {
  format: TranscriptFormat;
  folders: string[];
  sessions: number;
  files: number;
  bytes: number;
  /** When the newest file was last written, ms. */
  newest_ms: number;
}

export function findTools(formats: readonly TranscriptFormat[], env: NodeJS.ProcessEnv): Found[] {
  return formats.flatMap((format) => {
    const tool = TRANSCRIPT_TOOLS[format];
    const tally = new Tally();
    const per = tool.folders(env).flatMap((folder) => {
      if (!existsSync(folder)) return [];
      const files = findFiles([folder], tool.isTranscript, tally);
      return files.length === 0 ? [] : [{ folder, files }];
    });
    if (per.length === 0) return [];
    const files = per.flatMap((one) => one.files);
    const stats = files.map((file) => statSync(file));
    return [
      {
        format,
        folders: per.map(({ folder }) => folder),
        sessions: countSessions(format, files),
        files: files.length,
        bytes: stats.reduce((sum, { size }) => sum + size, 0),
        newest_ms: stats.reduce((newest, { mtimeMs }) => Math.max(newest, mtimeMs), 0),
      },
    ];
  });
}

function countSessions(format: TranscriptFormat, files: readonly string[]): number {
  // Its messages and parts are files too.
  if (format === "opencode") return files.filter((file) => /[\\/]storage[\\/]session[\\/]/.test(file)).length;
  return new Set(files.map(TRANSCRIPT_TOOLS[format].sessionOf)).size;
}

export async function discover(
  only: readonly TranscriptFormat[] | null,
  yes: boolean,
  options: ImportOptions,
): Promise<number> {
  const formats = only ?? TRANSCRIPT_FORMATS;
  const found = findTools(formats, process.env);
  // Events are what a dry run prints on standard output.
  const say = options.dry_run ? console.error : console.log;
  for (const note of newerStorage(formats, process.env)) say(note);
  if (found.length === 0) {
    const looked = formats.flatMap((format) => TRANSCRIPT_TOOLS[format].folders(process.env));
    say(`found no transcripts. Looked in:\n${looked.map((folder) => `  ${clean(folder, 200)}`).join("\n")}`);
    return 1;
  }
  say(table(found));
  if (!options.dry_run) {
    const { url } = resolveConnection(options.flags);
    if (!yes && !(await agrees(url, found))) {
      say("Nothing was sent.");
      return process.stdin.isTTY ? 0 : 1;
    }
  }
  return importFound(found, options);
}

async function agrees(url: string, found: readonly Found[]): Promise<boolean> {
  if (!process.stdin.isTTY) {
    console.error(
      "clusterfork: nobody is here to be asked. Pass --yes to send what is listed, or --dry-run to see it.",
    );
    return false;
  }
  const sessions = found.reduce((sum, one) => sum + one.sessions, 0);
  const reader = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await reader.question(
      `Texts of prompts, answers and files stay here. Send what these ${sessions} sessions tell to ${url}? [y/N] `,
    );
    return /^y(?:es)?$/i.test(answer.trim());
  } finally {
    reader.close();
  }
}

export function table(found: readonly Found[]): string {
  const rows = [
    ["tool", "sessions", "files", "size", "newest", "folder"],
    ...found.map(({ format, sessions, files, bytes, newest_ms, folders }) => [
      TRANSCRIPT_TOOLS[format].title,
      String(sessions),
      String(files),
      sizeOf(bytes),
      new Date(newest_ms).toISOString().slice(0, 10),
      folders.map((folder) => clean(folder, 200)).join(", "),
    ]),
  ];
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? "").length)),
  );
  const right = new Set([1, 2, 3]);
  return rows
    .map((row) =>
      row
        .map((cell, column) =>
          right.has(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
        )
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

function sizeOf(bytes: number): string {
  const units = ["B", "KB", "MB", "GB"];
  let size = bytes;
  let unit = 0;
  while (size >= 1000 && unit < units.length - 1) {
    size /= 1000;
    unit += 1;
  }
  return `${unit === 0 ? size : size.toFixed(1)} ${units[unit] ?? ""}`;
}

/** Storage that is no files of ours to read, and what to do about it. */
function newerStorage(formats: readonly TranscriptFormat[], env: NodeJS.ProcessEnv): string[] {
  if (!formats.includes("opencode")) return [];
  const [storage = ""] = TRANSCRIPT_TOOLS.opencode.folders(env);
  return existsSync(join(dirname(storage), "opencode.db"))
    ? [
        "opencode keeps newer sessions in a database. `opencode export SESSION > session.json`, then `clusterfork import opencode session.json`.",
      ]
    : [];
}
