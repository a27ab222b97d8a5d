/** The miniature sources as files, and the recorded ones where they are. */
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Format } from "../../cli/import/detect.ts";
import { SOURCES } from "../sample/formats.ts";

export interface SourceFiles {
  name: string;
  format: Format;
  paths: string[];
  here: boolean;
}

/** Writes every miniature below `folder`; the paths are what a person would name. */
export function miniatureFiles(folder: string): SourceFiles[] {
  return SOURCES.map(({ format, files }) => {
    for (const [name, content] of Object.entries(files)) {
      const path = join(folder, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, content);
    }
    const top = new Set(Object.keys(files).map((name) => join(folder, name.split("/")[0] ?? "")));
    return { name: `a miniature of ${format}`, format, paths: [...top], here: true };
  });
}

const DATA = process.env["CLUSTERFORK_DATA"] ?? join(import.meta.dirname, "../../../shared/data");
const recorded = (name: string, format: Format, ...paths: string[]): SourceFiles => {
  const files = paths.map((path) => join(DATA, path));
  return { name, format, paths: files, here: files.every((path) => existsSync(path)) };
};

/** Work of real agents, whole; not in this repository. */
export const RECORDED_FILES: SourceFiles[] = [
  recorded("a recorded town", "gastown", "gastown"),
  recorded("recorded sessions", "claude-code", "entire-cli/raw"),
  recorded("a recorded tracker", "beads", "beads/issues_snapshot_385c0c0.jsonl.gz"),
  recorded("every issue a tracker ever had", "beads", "beads/issues_union.jsonl.gz"),
];
