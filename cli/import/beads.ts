/**
 * Beads (`.beads/issues.jsonl`): each issue becomes a task or a feature with
 * the history that its record tells.
 *
 *   epic, feature           → feature      all other types → task
 *   created_at              → task_created / feature_requested
 *   started_at, hooked,
 *   in_progress             → task_claimed (+ task_started) / feature_started
 *   closed_at, closed       → task_completed / feature_completed
 *   closed_at, yet not closed → closed, then reopened at updated_at
 *   blocked, deferred       → task_blocked
 *   blocks, waits-for, blocked-by → dependencies
 *   parent-child, parent    → the nearest feature above, and the parent task
 *
 * An epic that Beads calls closed is "completed", not "merged": the record
 * says nothing of a merge. Other links (discovered-from, tracks, …) are kept
 * in metadata. A deleted issue (tombstone) is skipped and counted.
 */
import type { Json } from "../../schema/event/event.ts";
import { contentId, type OutgoingEvent, type Tally } from "./outgoing.ts";
import type { LineOutcome } from "./lines.ts";

/** Characters of a description that travel: enough to read, far below the 64 KiB of an event. */
const MAX_DESCRIPTION_CHARS = 4_000;
const MAX_TITLE_CHARS = 500;
/** Depth of parents that is followed; deeper chains and cycles end here. */
const MAX_PARENT_DEPTH = 32;
/** Longest id the envelope takes, characters. */
const MAX_ID_CHARS = 128;

const FEATURE_TYPES = new Set(["epic", "feature"]);
const BLOCKING = new Set(["blocks", "waits-for", "blocked-by"]);
const CLAIMED = new Set(["hooked", "in_progress"]);
/** Agent that stands for the tracker itself where a record names nobody. */
const TRACKER = "beads";

interface Issue {
  id: string;
  title: string;
  description: string | null;
  status: string;
  type: string;
  priority: number | null;
  assignee: string | null;
  created_by: string | null;
  created_ms: number;
  updated_ms: number | null;
  started_ms: number | null;
  closed_ms: number | null;
  close_reason: string | null;
  labels: string[];
  blocks: string[];
  parent: string | null;
  links: Record<string, string[]>;
  awaits: string | null;
  at: string;
}

function text(value: unknown): string | null {
  return typeof value === "string" && value.trim() !== "" ? value.trim() : null;
}

function time(value: unknown): number | null {
  if (typeof value !== "string") return null;
  const ms = Date.parse(value);
  return Number.isFinite(ms) ? ms : null;
}

function cut(value: string, limit: number): string {
  return value.length <= limit ? value : `${value.slice(0, limit - 1).toWellFormed()}…`;
}

function records(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value)
    ? value.filter((item): item is Record<string, unknown> => typeof item === "object" && item !== null)
    : [];
}

/** One line of the file, or the reason why it is not an issue. */
function readIssue(line: string, at: string): Issue | string {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return "not JSON (a line cut off, or a merge conflict)";
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return "not an object";
  const raw = value as Record<string, unknown>;
  const id = text(raw["id"]);
  if (id === null) return "no id";
  if (id.length > MAX_ID_CHARS) return `id longer than ${MAX_ID_CHARS} characters`;
  const status = text(raw["status"]) ?? "open";
  if (status === "tombstone") return "deleted in Beads (tombstone)";
  const created_ms = time(raw["created_at"]) ?? time(raw["updated_at"]) ?? time(raw["closed_at"]);
  if (created_ms === null) return "no readable created_at, updated_at or closed_at";

  const blocks: string[] = [];
  const links: Record<string, string[]> = {};
  let parent = text(raw["parent"]);
  for (const dependency of records(raw["dependencies"])) {
    const target = text(dependency["depends_on_id"]);
    const type = text(dependency["type"]) ?? "blocks";
    if (target === null || target === id || target.length > MAX_ID_CHARS) continue;
    if (BLOCKING.has(type)) {
      if (!blocks.includes(target)) blocks.push(target);
    } else if (type === "parent-child") parent ??= target;
    else if (type !== "__proto__") (links[type] ??= []).push(target);
  }
  return {
    id,
    title: cut(text(raw["title"]) ?? id, MAX_TITLE_CHARS),
    description: text(raw["description"]),
    status,
    type: text(raw["issue_type"]) ?? "task",
    priority:
      typeof raw["priority"] === "number" && Number.isFinite(raw["priority"]) ? raw["priority"] : null,
    assignee: agentName(raw["assignee"]),
    created_by: agentName(raw["created_by"]),
    created_ms,
    updated_ms: time(raw["updated_at"]),
    started_ms: time(raw["started_at"]),
    closed_ms: time(raw["closed_at"]),
    close_reason: text(raw["close_reason"]),
    labels: Array.isArray(raw["labels"]) ? raw["labels"].filter((label) => typeof label === "string") : [],
    blocks,
    parent,
    links,
    awaits: text(raw["await_type"]),
    at,
  };
}

/** Names become agent ids; ids of Clusterfork's own agents are not for senders. */
function agentName(value: unknown): string | null {
  const name = text(value);
  if (name === null) return null;
  return (name.startsWith("clusterfork:") ? `beads/${name}` : name).slice(0, MAX_ID_CHARS);
}

/** Role by the path of a Gas Town style name: `beads/polecats/quartz` is a polecat. */
function roleOf(agent: string): string | null {
  const parts = agent.split("/");
  // `rig/polecats/nux` is one of many, so its group is a plural; `rig/witness` is the only one.
  const role = parts.length >= 3 ? parts.at(-2)?.replace(/s$/, "") : parts[1];
  return role === undefined || role === "" ? null : role;
}

/** All issues of the files as events in timestamp order. */
export async function mapBeads(lines: AsyncIterable<LineOutcome>, tally: Tally): Promise<OutgoingEvent[]> {
  const issues = new Map<string, Issue>();
  for await (const line of lines) {
    tally.records += 1;
    if ("skipped" in line) {
      tally.skip(line.skipped, line.at);
      continue;
    }
    const issue = readIssue(line.text, line.at);
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
  const events: OutgoingEvent[] = [];
  for (const issue of issues.values()) events.push(...history(issue, issues, tally));
  return sortByTime(events);
}

function sortByTime(events: OutgoingEvent[]): OutgoingEvent[] {
  // Stable: events of one issue at the same instant keep the order of its history.
  return events
    .map((event) => ({ event, ms: Date.parse(event.timestamp) }))
    .sort((a, b) => a.ms - b.ms)
    .map(({ event }) => event);
}

function nearestFeature(issue: Issue, issues: Map<string, Issue>): string | null {
  let above = issue.parent;
  for (let depth = 0; above !== null && depth < MAX_PARENT_DEPTH; depth++) {
    const parent = issues.get(above);
    if (parent === undefined) return null;
    if (FEATURE_TYPES.has(parent.type)) return parent.id;
    above = parent.parent;
  }
  return null;
}

function history(issue: Issue, issues: Map<string, Issue>, tally: Tally): OutgoingEvent[] {
  const is_feature = FEATURE_TYPES.has(issue.type);
  const feature = is_feature ? issue.id : nearestFeature(issue, issues);
  const author = issue.created_by ?? TRACKER;
  const worker = issue.assignee ?? author;
  const events: OutgoingEvent[] = [];
  const emit = (ms: number, event_type: string, agent_id: string, metadata: Record<string, Json>): void => {
    const role = roleOf(agent_id);
    const body: Omit<OutgoingEvent, "id"> = {
      timestamp: new Date(ms).toISOString(),
      event_type,
      agent_id,
      ...(role === null ? {} : { agent_role: role }),
      ...(is_feature ? {} : { task_id: issue.id }),
      ...(feature === null ? {} : { feature_id: feature }),
      ...(Object.keys(metadata).length === 0 ? {} : { metadata }),
    };
    events.push({ id: contentId("beads", body), ...body });
  };

  emit(
    issue.created_ms,
    is_feature ? "feature_requested" : "task_created",
    author,
    describe(issue, is_feature),
  );

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
  if (issue.closed_ms !== null || closed) {
    const ms = issue.closed_ms ?? now_ms;
    const reason: Record<string, Json> =
      issue.close_reason === null ? {} : { reason: cut(issue.close_reason, MAX_DESCRIPTION_CHARS) };
    emit(ms, is_feature ? "feature_completed" : "task_completed", worker, reason);
    if (!closed) emit(Math.max(now_ms, ms), is_feature ? "feature_reopened" : "task_reopened", worker, {});
  }
  if (!is_feature && (issue.status === "blocked" || issue.status === "deferred"))
    emit(now_ms, "task_blocked", worker, { reason: issue.status });
  if (issue.awaits === "human" && !closed)
    emit(now_ms, "escalated_to_user", worker, { reason: "waits for a person" });
  return events;
}

function describe(issue: Issue, is_feature: boolean): Record<string, Json> {
  const links = Object.entries(issue.links);
  return {
    title: issue.title,
    kind: issue.type,
    ...(issue.description === null ? {} : { description: cut(issue.description, MAX_DESCRIPTION_CHARS) }),
    ...(issue.priority === null ? {} : { priority: issue.priority }),
    ...(issue.blocks.length === 0 ? {} : { dependencies: issue.blocks }),
    ...(issue.parent === null ? {} : { parent_id: issue.parent }),
    ...(issue.labels.length === 0 ? {} : { labels: issue.labels.slice(0, 50) }),
    ...(issue.assignee === null || is_feature ? {} : { assignee: issue.assignee }),
    ...(is_feature && issue.created_by !== null ? { requested_by: issue.created_by } : {}),
    ...(links.length === 0 ? {} : { links: Object.fromEntries(links) }),
    ...(issue.status === "pinned" ? { pinned: true } : {}),
  };
}
