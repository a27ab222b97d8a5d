/**
 * Which work a foreign record is about, where its sender does not say.
 *
 *   branch `add-auth/TASK-7` ─ "{feature}/{task}" ─▶ { feature: "add-auth", task: "TASK-7" }
 *
 * Pure, and shared by every adapter: a pull request, a push and a span on one
 * branch must come to the same feature.
 */
import { MAX_REF_CHARS } from "../../schema/event/limits.ts";
import type { IntakeSettings } from "../../schema/wire/intake.ts";

export interface Work {
  feature?: string;
  task?: string;
}

/** Branches that every repository shares: work on them is no feature of that name. */
const SHARED_BRANCHES: ReadonlySet<string> = new Set([
  "main",
  "master",
  "trunk",
  "develop",
  "development",
  "dev",
  "staging",
  "production",
  "head",
]);

/** What a branch is about by the project's patterns; empty where none fits, or everybody works there. */
export function branchOf(settings: Pick<IntakeSettings, "branches">, branch: string): Work {
  const name = branch.trim().replace(/^refs\/heads\//, "");
  if (name === "" || name.length > MAX_REF_CHARS || SHARED_BRANCHES.has(name.toLowerCase())) return {};
  for (const pattern of settings.branches) {
    const work = matchBranch(pattern, name);
    if (work !== null) return work;
  }
  return {};
}

const PLACE = /(\{feature\}|\{task\})/;

/**
 * The whole name against the whole pattern. A placeholder takes as few characters as the rest allows, never a `/`.
 * Each of the two stands at most once in a pattern (schema/wire/intake.ts), so that this tries at most
 * length² ways.
 */
function matchBranch(pattern: string, name: string): Work | null {
  return matchParts(pattern.split(PLACE), name);
}

function matchParts(parts: readonly string[], rest: string): Work | null {
  const [part, ...after] = parts;
  if (part === undefined) return rest === "" ? {} : null;
  if (part !== "{feature}" && part !== "{task}") {
    return rest.startsWith(part) ? matchParts(after, rest.slice(part.length)) : null;
  }
  for (let length = 1; length <= rest.length && rest[length - 1] !== "/"; length++) {
    const found = matchParts(after, rest.slice(length));
    if (found === null) continue;
    const taken = rest.slice(0, length);
    return part === "{feature}" ? { ...found, feature: taken } : { ...found, task: taken };
  }
  return null;
}
