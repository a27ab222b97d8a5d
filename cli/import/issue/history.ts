/**
 * What an issue's record tells of its past, as events.
 *
 *   created_at              → task_created / feature_requested
 *   started_at, hooked,
 *   in_progress             → task_claimed (+ task_started) / feature_started
 *   closed_at, closed       → task_completed / feature_completed
 *   closed_at, yet not closed → closed, then reopened at updated_at
 *   blocked, deferred       → task_blocked
 *   notes                   → <tracker>.noted: kept, not folded
 */
import type { Json } from "../../../schema/event/event.ts";
import { roleOf } from "../actor.ts";
import { cut } from "../json-field.ts";
import { contentId, type Tally } from "../outgoing.ts";
import type { OutgoingEvent } from "../../../schema/event/outgoing.ts";
import type { Issue } from "./issue.ts";
import { ListRoom } from "./list-room.ts";

/** Characters of a description that travel: enough to read, far below the 64 KiB of an event. */
export const MAX_DESCRIPTION_CHARS = 4_000;
/** Depth of parents that is followed; deeper chains and cycles end here. */
const MAX_PARENT_DEPTH = 32;
/** Labels of one issue that travel, and characters of each. */
const MAX_LABELS = 50;
const MAX_LABEL_CHARS = 128;
/** Dependencies of one issue that travel: what the schema takes. */
const MAX_DEPENDENCIES = 1_000;
/** Targets of one kind of link that travel. */
const MAX_LINKS = 200;
/** Kinds of link that travel: a tracker has a dozen. */
const MAX_LINK_KINDS = 50;

const CLAIMED = new Set(["hooked", "in_progress"]);

export type Issues = ReadonlyMap<string, Issue>;

/** The feature that an issue belongs to: itself, or the nearest one above it. */
export function featureOf(issue: Issue, issues: Issues): string | null {
  if (issue.is_feature) return issue.id;
  let above = issue.parent;
  for (let depth = 0; above !== null && depth < MAX_PARENT_DEPTH; depth++) {
    const parent = issues.get(above);
    if (parent === undefined) return null;
    if (parent.is_feature) return parent.id;
    above = parent.parent;
  }
  return null;
}

/** An event about an issue; the tracker's name begins its id. */
export function issueEvent(
  tracker: string,
  issue: Pick<Issue, "id" | "is_feature">,
  feature: string | null,
  what: { ms: number; event_type: string; agent_id: string; metadata?: Record<string, Json> },
  record = "",
): OutgoingEvent {
  const role = roleOf(what.agent_id);
  const body: Omit<OutgoingEvent, "id"> = {
    timestamp: new Date(what.ms).toISOString(),
    event_type: what.event_type,
    agent_id: what.agent_id,
    ...(role === null ? {} : { agent_role: role }),
    ...(issue.is_feature ? {} : { task_id: issue.id }),
    ...(feature === null ? {} : { feature_id: feature }),
    ...(what.metadata === undefined || Object.keys(what.metadata).length === 0
      ? {}
      : { metadata: what.metadata }),
  };
  return { id: contentId(tracker, body, record), ...body };
}

/** All that the record of one issue tells. The tracker stands in where it names nobody. */
export function history(issue: Issue, issues: Issues, tracker: string, tally: Tally): OutgoingEvent[] {
  const { is_feature } = issue;
  const feature = featureOf(issue, issues);
  const author = issue.created_by ?? tracker;
  const worker = issue.assignee ?? author;
  const events: OutgoingEvent[] = [];
  const emit = (ms: number, event_type: string, agent_id: string, metadata: Record<string, Json>): void => {
    events.push(issueEvent(tracker, issue, feature, { ms, event_type, agent_id, metadata }));
  };

  const described = describe(issue);
  emit(issue.created_ms, is_feature ? "feature_requested" : "task_created", author, described);
  const { dependencies } = described;
  if (Array.isArray(dependencies) && dependencies.length < issue.blocks.size)
    tally.note("waits for more issues than an event holds; the first are kept", issue.at);

  const closed = issue.status === "closed";
  if (issue.closed_ms !== null && issue.closed_ms < issue.created_ms)
    tally.note("closed before it was created (clocks differ); both kept as recorded", issue.at);
  // A claim stands between creation and closing, also where the clocks of the record disagree.
  const end_ms = issue.closed_ms ?? Infinity;
  const now_ms = Math.max(issue.created_ms, issue.updated_ms ?? issue.created_ms);
  const begun = issue.started_ms !== null || CLAIMED.has(issue.status);
  if (begun || (closed && issue.assignee !== null && !is_feature)) {
    const claim_ms = Math.min(issue.started_ms ?? (closed ? issue.created_ms : now_ms), end_ms);
    if (is_feature) emit(claim_ms, "feature_started", worker, {});
    else {
      emit(claim_ms, "task_claimed", worker, issue.started_ms === null ? { inferred: true } : {});
      if (issue.started_ms !== null || issue.status === "in_progress")
        emit(claim_ms, "task_started", worker, {});
    }
  }
  // Nobody says when they were written: at the latest when it was closed.
  if (issue.notes !== null)
    emit(Math.min(now_ms, end_ms), `${tracker}.noted`, worker, {
      text: cut(issue.notes, MAX_DESCRIPTION_CHARS),
    });
  if (issue.closed_ms !== null || closed) {
    const ms = issue.closed_ms ?? now_ms;
    emit(ms, is_feature ? "feature_completed" : "task_completed", worker, closing(issue));
    if (!closed) emit(Math.max(now_ms, ms), is_feature ? "feature_reopened" : "task_reopened", worker, {});
  }
  if (!is_feature && (issue.status === "blocked" || issue.status === "deferred"))
    emit(now_ms, "task_blocked", worker, { reason: issue.status });
  if (issue.awaits === "human" && !closed)
    emit(now_ms, "escalated_to_user", worker, { reason: "waits for a person" });
  return events;
}

export function closing(issue: Issue): Record<string, Json> {
  return issue.close_reason === null ? {} : { reason: cut(issue.close_reason, MAX_DESCRIPTION_CHARS) };
}

/** What an issue is, cut so that the event fits whatever the record holds: a task told short is better than one refused. */
export function describe(issue: Issue): Record<string, Json> {
  const { is_feature } = issue;
  const room = new ListRoom();
  const dependencies = room.fill(issue.blocks, MAX_DEPENDENCIES);
  const labels = room.fill(
    issue.labels.map((label) => cut(label, MAX_LABEL_CHARS)),
    MAX_LABELS,
  );
  const links: Record<string, Json> = {};
  for (const [kind, targets] of [...issue.links].slice(0, MAX_LINK_KINDS)) {
    if (!room.takes(kind)) break;
    links[kind] = room.fill(targets, MAX_LINKS);
  }
  return {
    title: issue.title,
    kind: issue.type,
    ...(issue.description === null ? {} : { description: cut(issue.description, MAX_DESCRIPTION_CHARS) }),
    ...(issue.priority === null ? {} : { priority: issue.priority }),
    ...(dependencies.length === 0 ? {} : { dependencies }),
    ...(issue.parent === null ? {} : { parent_id: issue.parent }),
    ...(labels.length === 0 ? {} : { labels }),
    ...(issue.assignee === null || is_feature ? {} : { assignee: issue.assignee }),
    ...(is_feature && issue.created_by !== null ? { requested_by: issue.created_by } : {}),
    ...(Object.keys(links).length === 0 ? {} : { links }),
    ...(issue.status === "pinned" ? { pinned: true } : {}),
  };
}
