/**
 * Beads (`.beads/issues.jsonl`): each issue becomes a task or a feature with
 * the history that its record tells (`issue/history.ts`).
 *
 *   epic, feature           → feature      all other types → task
 *   blocks, waits-for, blocked-by → dependencies
 *   parent-child, parent    → the nearest feature above, and the parent task
 *
 *   a merge request of known work → its review_requested, task_merged, reviewer_rejected (issue/merge-request.ts)
 *   notes                   → beads.noted: kept, not folded
 *
 * An epic that Beads calls closed is "completed", not "merged": the record
 * says nothing of a merge. Other links (discovered-from, tracks, …) are kept
 * in metadata. A deleted issue (tombstone) is skipped and counted.
 */
import { history } from "./issue/history.ts";
import { readIssue, type Issue } from "./issue/issue.ts";
import { mergeHistory, mergeRequestOf } from "./issue/merge-request.ts";
import type { LineOutcome } from "./lines.ts";
import { sortByTime } from "./order.ts";
import type { Tally } from "./outgoing.ts";
import type { OutgoingEvent } from "../../schema/event/outgoing.ts";

/** Begins the ids, and stands for the tracker itself where a record names nobody. */
const TRACKER = "beads";

/** All issues of the files as events in timestamp order. */
export async function mapBeads(lines: AsyncIterable<LineOutcome>, tally: Tally): Promise<OutgoingEvent[]> {
  const issues = await readIssues(lines, tally, TRACKER);
  const events: OutgoingEvent[] = [];
  for (const issue of issues.values()) {
    const request = mergeRequestOf(issue, issues, TRACKER);
    const merge = request && mergeHistory(issue, request, issues, TRACKER);
    events.push(...(merge ?? history(issue, issues, TRACKER, tally)));
  }
  return sortByTime(events);
}

/** The last state of every issue. */
export async function readIssues(
  lines: AsyncIterable<LineOutcome>,
  tally: Tally,
  tracker: string,
): Promise<Map<string, Issue>> {
  const issues = new Map<string, Issue>();
  for await (const line of lines) {
    tally.records += 1;
    if ("skipped" in line) {
      tally.skip(line.skipped, line.at);
      continue;
    }
    const issue = readIssue(line.text, line.at, tracker);
    if (typeof issue === "string") {
      tally.skip(issue, line.at);
      continue;
    }
    const known = issues.get(issue.id);
    if (known !== undefined) {
      // Beads appends: the newer state of an issue replaces the older one.
      tally.skip("older state of an issue that appears again", known.at);
      tally.mapped -= 1;
    }
    issues.set(issue.id, issue);
    tally.mapped += 1;
  }
  return issues;
}
