/**
 * Names for work that nobody named.
 *
 *   feature   a topic branch of a repository, titled by the branch in words; on a main
 *             branch, or outside git, the session itself, titled like its task
 *   task      a session, titled by the first of: the name given to it, the name that
 *             Claude Code found, its summary, its first prompt (cut), its command, its slug;
 *             and each entry of its task list, titled by its own words
 */
import { cut } from "../json-field.ts";

/** Characters of a title: what stands in one line of a board. */
const MAX_TITLE_CHARS = 80;
/** Longest id the envelope takes for a task or a feature, characters, with room for a suffix. */
const MAX_NAME_CHARS = 100;

const MAIN_BRANCHES = new Set(["main", "master", "trunk", "develop", "development", "dev", "head", ""]);

export function isTopic(branch: string | null): branch is string {
  return branch !== null && !MAIN_BRANCHES.has(branch.toLowerCase());
}

/** A repository by its folder: worktrees inside it are the same repository. */
export function repositoryOf(cwd: string | null): string {
  const root = rootOf(cwd);
  const name = root?.split(/[\\/]/).findLast((part) => part !== "") ?? "project";
  return tidy(name, MAX_NAME_CHARS) || "project";
}

const WORKTREES = /[\\/](?:\.claude[\\/]worktrees|\.?worktrees)[\\/].*$/;

function rootOf(cwd: string | null): string | null {
  return cwd?.replace(WORKTREES, "") ?? null;
}

/** A file's path inside the folder where the session works, or as it was given. */
export function relativePath(path: string, cwd: string | null): string {
  const inside = cwd !== null && path.startsWith(`${cwd.replace(/[\\/]+$/, "")}/`);
  return cut(
    tidy(inside ? path.slice(cwd.replace(/[\\/]+$/, "").length + 1) : path, 1_000) || "unnamed",
    1_000,
  );
}

/** `alex/ent-108-add-ai-summaries` → `ent 108 add ai summaries`. */
export function branchTitle(branch: string): string {
  const last = branch.split("/").findLast((part) => part !== "") ?? branch;
  return titleOf(last.replace(/[-_.]+/g, " ")) ?? branch;
}

export function branchName(branch: string): string {
  return tidy(branch, MAX_NAME_CHARS);
}

/** What a person wrote, as one short line; null when nothing of it is a title. */
export function promptTitle(prompt: string): string | null {
  if (/^(?:Caveat: |<local-command|<bash-|<task-notification|API Error)/.test(prompt.trim())) return null;
  const command = /<command-name>([^<]*)<\/command-name>/.exec(prompt)?.[1];
  if (command !== undefined) {
    const words = /<command-args>([^<]*)<\/command-args>/.exec(prompt)?.[1];
    // Commands without words (/clear, /model) say nothing of the work.
    return words === undefined || words.trim() === "" ? null : titleOf(`${command} ${words}`);
  }
  const lines = prompt
    .replace(/<([a-z][\w-]*)[^>]*>[\s\S]*?<\/\1>/g, " ")
    .split("\n")
    .map((line) => line.replace(/^[#>*\-\s]+/, "").trim())
    .filter((line) => line !== "");
  // "Implement the following plan:" is not the plan's name; its heading is.
  const first = lines.find((line) => !line.endsWith(":")) ?? lines[0];
  return first === undefined ? null : titleOf(first);
}

/** `/init` and the like: better than nothing. */
export function commandTitle(prompt: string): string | null {
  const command = /<command-name>([^<]*)<\/command-name>/.exec(prompt)?.[1];
  return command === undefined ? null : titleOf(command);
}

export function titleOf(words: string): string | null {
  const title = cut(tidy(words, 2_000), MAX_TITLE_CHARS);
  return title === "" ? null : title;
}

/** One line without control characters. */
function tidy(words: string, limit: number): string {
  return words
    .replace(/[\p{Cc}\s]+/gu, " ")
    .trim()
    .slice(0, limit)
    .toWellFormed();
}
