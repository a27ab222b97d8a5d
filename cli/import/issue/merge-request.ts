/**
 * A branch that waits to be merged, and what became of it, told of the work that it is for. Gas Town writes such requests
 * into whatever tracker it works in, so both importers read them.
 *
 *   created                → review_requested
 *   closed as `merged …`   → task_merged / feature_merged
 *   closed as `rejected: …`→ reviewer_rejected, with what for
 *   closed in other words  → null: a branch that was cleaned up was judged by nobody
 *
 * What comes after the work was closed, and is no merge, is told in the tracker's own name
 * (`<tracker>.merge_request_created`, `…_rejected`): kept, not folded. A review would
 * open again what the record calls closed.
 */
import type { Json } from "../../../schema/event/event.ts";
import type { OutgoingEvent } from "../../../schema/event/outgoing.ts";
import { agentName } from "../actor.ts";
import { cut } from "../json-field.ts";
import { describedFields } from "./described.ts";
import { featureOf, issueEvent, MAX_DESCRIPTION_CHARS, type Issues } from "./history.ts";
import { MAX_ID_CHARS, type Issue } from "./issue.ts";

export interface MergeRequest {
  /** Id of the work that it is for. */
  source: string;
  branch: string | null;
  worker: string | null;
}

/** A wisp has no type of its own: it is a task `Merge: …`. */
const WISP_OF_MERGE = /^Merge: \S/;

/** Characters of a branch that travel: more than git's hosts take. */
const MAX_BRANCH_CHARS = 500;

/**
 * Null: it is something else, or says of no other work that it is to be merged for it, and speaks for itself. So does one
 * for another request that speaks for other work: what they told of each other, nobody would tell of them.
 */
export function mergeRequestOf(issue: Issue, issues: Issues, tracker: string): MergeRequest | null {
  const source = sourceOf(issue);
  if (source === null) return null;
  const work = issues.get(source);
  if (work !== undefined && sourceOf(work) !== null) return null;
  const fields = describedFields(issue.description);
  const branch = fields.get("branch");
  return {
    source,
    branch: branch === undefined ? null : cut(branch, MAX_BRANCH_CHARS),
    worker: agentName(fields.get("worker"), tracker),
  };
}

/** The other issue that a request names. */
function sourceOf({ id, type, title, description }: Issue): string | null {
  if (type !== "merge-request" && !(type === "task" && WISP_OF_MERGE.test(title))) return null;
  const source = describedFields(description).get("source_issue");
  return source === undefined || source === id || source.length > MAX_ID_CHARS ? null : source;
}

type Work = Pick<Issue, "is_feature" | "status" | "closed_ms">;

export interface Verdict {
  event_type: "merged" | "rejected";
  metadata: Record<string, Json>;
}

/** What branches are sent back for, as the lines of `rejected: …` tell it. */
const CATEGORIES: readonly [string, RegExp][] = [
  ["duplicate work", /\bduplicate\b|already (?:merged|closed|on main)|no unique commits|ancestor of main/i],
  [
    "missing branches",
    /not found|does not exist|no longer exists|branch (?:\S+ )?deleted|not (?:have )?pushed/i,
  ],
  ["conflicts with main", /\bconflict/i],
  ["the build", /\bbuild\b|compil/i],
  ["tests", /\btests?\b/i],
];

/** At its beginning: "not merged", "was merged elsewhere" and "to be merged by hand" say that it was not. */
const MERGED =
  /^\W*(?:(?:closed|completed|done)\W+)?(?:(?:was|as|successfully)\s+)*merged\b(?!\s+elsewhere)/i;

export function verdictOf(words: string | null): Verdict | null {
  const rejected = /^\s*rejected\s*:\s*(.+)/is.exec(words ?? "");
  const why = rejected?.[1];
  if (why !== undefined) {
    const category = CATEGORIES.find(([, says]) => says.test(why))?.[0];
    const reason = cut(why, MAX_DESCRIPTION_CHARS);
    return { event_type: "rejected", metadata: { reason, ...(category === undefined ? {} : { category }) } };
  }
  return MERGED.test(words ?? "") ? { event_type: "merged", metadata: {} } : null;
}

/** Whether a word of review about the work moves it; a merge always does. */
export function isOpenAt(work: Work, ms: number): boolean {
  return work.status !== "closed" || (work.closed_ms !== null && ms < work.closed_ms);
}

export function verdictType(verdict: Verdict, work: Work, ms: number, tracker: string): string {
  if (verdict.event_type === "merged") return work.is_feature ? "feature_merged" : "task_merged";
  return isOpenAt(work, ms) ? "reviewer_rejected" : `${tracker}.merge_request_rejected`;
}

/** What the request's own record tells; null where it is for work that nobody holds a record of. */
export function mergeHistory(
  issue: Issue,
  { source, branch, worker }: MergeRequest,
  issues: Issues,
  tracker: string,
): OutgoingEvent[] | null {
  const work = issues.get(source);
  if (work === undefined) return null;
  const about: Record<string, Json> = branch === null ? {} : { branch };
  const feature = featureOf(work, issues);
  const author = worker ?? issue.created_by ?? issue.assignee ?? tracker;
  const tell = (ms: number, event_type: string, agent_id: string, metadata: Record<string, Json>) =>
    issueEvent(tracker, work, feature, { ms, event_type, agent_id, metadata }, issue.id);
  const asked = isOpenAt(work, issue.created_ms) ? "review_requested" : `${tracker}.merge_request_created`;
  const events = [tell(issue.created_ms, asked, author, about)];
  const verdict = verdictOf(issue.close_reason);
  if (verdict !== null && issue.status === "closed") {
    const ms = Math.max(issue.created_ms, issue.closed_ms ?? issue.updated_ms ?? issue.created_ms);
    const type = verdictType(verdict, work, ms, tracker);
    events.push(tell(ms, type, issue.assignee ?? tracker, { ...about, ...verdict.metadata }));
  }
  return events;
}
