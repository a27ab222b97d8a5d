/**
 * What is special about the issues of a Gas Town.
 *
 *   agent          an identity, not work: `gt-gastown-polecat-nux` is the agent `gastown/polecats/nux`
 *   rig            a repository, not work
 *   merge-request  a branch that waits for the refinery, on behalf of its `source_issue` (issue/merge-request.ts)
 *   convoy         a bundle of work that is delivered together: a feature
 *   epic `mol-…`   a molecule, the steps of a patrol or a workflow: a task, or each patrol were a feature
 */
import { agentName } from "../actor.ts";
import { describedFields } from "../issue/described.ts";
import type { Issues } from "../issue/history.ts";
import type { Issue } from "../issue/issue.ts";
import { mergeRequestOf, type MergeRequest } from "../issue/merge-request.ts";

export const TRACKER = "gastown";

export type Meaning =
  | { is: "work" }
  | { is: "rig" }
  | { is: "agent"; agent_id: string }
  | ({ is: "merge request" } & MergeRequest);

/** Groups of agents in a rig, of which there are many of each. */
const GROUPS: ReadonlyMap<string, string> = new Map([
  ["polecat", "polecats"],
  ["crew", "crew"],
]);

export function meaningOf(issue: Issue, issues: Issues): Meaning {
  if (issue.type === "rig") return { is: "rig" };
  if (issue.type === "agent") return { is: "agent", agent_id: identityOf(issue) };
  const request = mergeRequestOf(issue, issues, TRACKER);
  if (request !== null) return { is: "merge request", ...request };
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
  if (role === undefined || rig === undefined) return agentName(issue.id, TRACKER) ?? issue.id;
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
    for (const id of convoy.links.get("tracks") ?? []) {
      const tracked = issues.get(id);
      if (tracked !== undefined && tracked.type !== "convoy") tracked.parent ??= convoy.id;
    }
  }
}
