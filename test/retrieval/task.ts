/** What a search is asked in the evaluation: texts, and questions that say which of them answer. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";

export interface Text {
  id: string;
  text: string;
}

export interface Question extends Text {
  relevant: string[];
}

export interface Task {
  name: string;
  documents: Text[];
  questions: Question[];
}

/** Recorded projects, where they are at hand. */
export const DATA = process.env["CLUSTERFORK_DATA"] ?? join(import.meta.dirname, "../../../shared/data");

export function readLines<Line>(path: string): Line[] {
  const bytes = readFileSync(path);
  const text = (path.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8");
  return text
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => JSON.parse(line) as Line);
}

interface Issue {
  id: string;
  title?: string;
  description?: string;
}

const MAX_DOCUMENTS = 800;
const words = (text: string) => text.split(/\s+/).filter((word) => word !== "").length;

/** Each title against all descriptions: its own is what it should find. Every n-th issue, of those that say something. */
function ledger(name: string, path: string): Task[] {
  if (!existsSync(path)) return [];
  const seen = new Set<string>();
  const issues = readLines<Issue>(path).filter(({ title = "", description = "" }) => {
    const is_good =
      words(title) >= 4 && words(description) >= 15 && !seen.has(title) && !seen.has(description);
    seen.add(title).add(description);
    return is_good;
  });
  const every = Math.max(1, Math.ceil(issues.length / MAX_DOCUMENTS));
  const chosen = issues.filter((_, n) => n % every === 0);
  return [
    {
      name,
      documents: chosen.map(({ id, description = "" }) => ({ id, text: description })),
      questions: chosen.map(({ id, title = "" }) => ({ id, text: title, relevant: [id] })),
    },
  ];
}

export const ledgers = (): Task[] => [
  ...ledger("beads, title → description", join(DATA, "beads/issues_union.jsonl.gz")),
  ...ledger("gastown, title → description", join(DATA, "gastown/issues.jsonl.gz")),
];
