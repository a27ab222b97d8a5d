/**
 * Which task or feature a pull request, an issue or a commit is about.
 *
 *   trailer `Clusterfork-Task: T-7` ─▶ branch, by the project's patterns ─▶ none: work of its own
 *
 * Only who may write to the repository can link. Anybody may open a pull request
 * from a fork, and could name its branch after a task of the team.
 */
import type { IntakeSettings } from "../../../schema/wire/intake.ts";
import { branchOf } from "../correlate.ts";
import { objectIn, numberIn, refOf, textIn, type Payload } from "../payload.ts";
import type { Link } from "./delivery.ts";

/** Longest text that is searched for trailers, in characters: GitHub's own limit of a body. */
const MAX_BODY_CHARS = 65_536;

const TRAILERS = /^[ \t]*Clusterfork-(Task|Feature):[ \t]*(\S[^\r\n]{0,300})$/gim;

/** The last of each kind counts, as git takes it. */
export function trailersIn(text: string | null): Link {
  const link: Link = {};
  for (const [, kind, value] of (text ?? "").slice(0, MAX_BODY_CHARS).matchAll(TRAILERS)) {
    const ref = refOf(value);
    if (ref === null) continue;
    if (kind?.toLowerCase() === "task") link.task_id = ref;
    else link.feature_id = ref;
  }
  return link;
}

export function isLinked(link: Link): boolean {
  return link.task_id !== undefined || link.feature_id !== undefined;
}

export function linkOfBranch(settings: IntakeSettings, branch: string | null): Link {
  const work = branchOf(settings, branch ?? "");
  const [feature_id, task_id] = [refOf(work.feature), refOf(work.task)];
  return {
    ...(feature_id === null ? {} : { feature_id }),
    ...(task_id === null ? {} : { task_id }),
  };
}

/** Trailers say more than the name of a branch; each fills in what the other leaves open. */
export function linkOfPull(settings: IntakeSettings, pull: Payload): Link {
  if (!mayLink(pull)) return {};
  const head = objectIn(pull, "head");
  return { ...linkOfBranch(settings, textIn(head, "ref")), ...trailersIn(textIn(pull, "body")) };
}

export function linkOfIssue(issue: Payload): Link {
  return isMember(issue) ? trailersIn(textIn(issue, "body")) : {};
}

const MEMBERS = new Set(["OWNER", "MEMBER", "COLLABORATOR"]);

function isMember(work: Payload): boolean {
  return MEMBERS.has(textIn(work, "author_association") ?? "");
}

/** The branch is in the repository itself, where only its members write, or the author is one of them. */
function mayLink(pull: Payload): boolean {
  const of = (end: string) => numberIn(objectIn(objectIn(pull, end), "repo"), "id");
  const head = of("head");
  return (head !== null && head === of("base")) || isMember(pull);
}
