/**
 * What is special about the issues of a Gas Town.
 *
 *   agent          an identity, not work: `gt-gastown-polecat-nux` is the agent `gastown/polecats/nux`
 *   rig            a repository, not work
 *   merge-request  a branch that waits for the refinery, on behalf of its `source_issue`; as a wisp it is a task `Merge: …`
 *   convoy         a bundle of work that is delivered together: a feature
 *   epic `mol-…`   a molecule, the steps of a patrol or a workflow: a task, or each patrol were a feature
 */
import { agentName } from "../actor.ts";
import type { Issue } from "../issue/issue.ts";

export const TRACKER = "gastown";

export type Meaning =
  | { is: "work" }
  | { is: "rig" }
  | { is: "agent"; agent_id: string }
  | { is: "merge request"; source: string; branch: string | null; worker: string | null };

/** Groups of agents in a rig, of which there are many of each. */
const GROUPS: ReadonlyMap<string, string> = new Map([
  ["polecat", "polecats"],
  ["crew", "crew"],
]);

/** `key: value` lines, in which Gas Town keeps structure inside a description. */
export function describedFields(description: string | null): Map<string, string> {
  const fields = new Map<string, string>();
  for (const line of description?.split("\n") ?? []) {
    const match = /^(\w+): (.+)$/.exec(line.trim());
    const [, key, value] = match ?? [];
    if (key !== undefined && value !== undefined && value !== "null") fields.set(key, value);
  }
  return fields;
}

/** A wisp has no type of its own. */
const WISP_OF_MERGE = /^Merge: \S/;

export function meaningOf(issue: Issue): Meaning {
  if (issue.type === "rig") return { is: "rig" };
  if (issue.type === "agent") return { is: "agent", agent_id: identityOf(issue) };
  const is_wisp = issue.type === "task" && WISP_OF_MERGE.test(issue.title);
  if (issue.type === "merge-request" || (is_wisp && describedFields(issue.description).has("source_issue"))) {
    const fields = describedFields(issue.description);
    return {
      is: "merge request",
      source: fields.get("source_issue") ?? issue.id,
      branch: fields.get("branch") ?? null,
      worker: fields.get("worker") ?? null,
    };
  }
  return { is: "work" };
}

/** `<prefix>-<rig>-<role>` or `<prefix>-<rig>-<role>-<name>`. */
const IDENTITY = /^[a-z]+-(.+?)-(polecat|crew|witness|refinery)(?:-(.+))?$/;

/** The path by which an agent signs, made of the bead that stands for it. */
function identityOf(issue: Issue): string {
  const match = IDENTITY.exec(issue.id);
  const fields = describedFields(issue.description);
  const role = match?.[2] ?? fields.get("role_type");
  const rig = match?.[1] ?? fields.get("rig");
  if (role === undefined || rig === undefined) return issue.id;
  const group = GROUPS.get(role);
  const path = group === undefined ? `${rig}/${role}` : `${rig}/${group}/${match?.[3] ?? issue.id}`;
  return agentName(path, TRACKER) ?? issue.id;
}

/** Makes features of convoys and tasks of molecules; what a convoy tracks becomes part of it. */
export function arrange(issues: ReadonlyMap<string, Issue>): void {
  for (const issue of issues.values()) {
    if (issue.type === "convoy") issue.is_feature = true;
    if (issue.is_feature && issue.title.startsWith("mol-")) {
      issue.is_feature = false;
      issue.type = "molecule";
    }
  }
  for (const convoy of issues.values()) {
    if (convoy.type !== "convoy") continue;
    for (const id of convoy.links["tracks"] ?? []) {
      const tracked = issues.get(id);
      if (tracked !== undefined && tracked.type !== "convoy") tracked.parent ??= convoy.id;
    }
  }
}
