/** One issue of a Beads tracker, as a line of JSON holds it. Gas Town keeps its issues in the same form. */
import { agentName } from "../actor.ts";
import { cut, objects, parseObject, text, texts, time } from "../json-field.ts";

const MAX_TITLE_CHARS = 500;
/** Longest id the envelope takes, characters. */
export const MAX_ID_CHARS = 128;

/** Longest type of an issue, and longest kind of a link, characters: both are keys, as schema/event/limits.ts takes them. */
const MAX_KIND_CHARS = 128;

const FEATURE_TYPES = new Set(["epic", "feature"]);
const BLOCKING = new Set(["blocks", "waits-for", "blocked-by"]);

export interface Issue {
  id: string;
  title: string;
  description: string | null;
  status: string;
  type: string;
  is_feature: boolean;
  priority: number | null;
  assignee: string | null;
  created_by: string | null;
  created_ms: number;
  updated_ms: number | null;
  started_ms: number | null;
  closed_ms: number | null;
  close_reason: string | null;
  /** What was written down on the way. */
  notes: string | null;
  labels: string[];
  blocks: Set<string>;
  parent: string | null;
  /** Kind of link → targets. A map: a kind may be called `constructor`. */
  links: Map<string, Set<string>>;
  awaits: string | null;
  at: string;
}

/** One line of the file, or the reason why it is not an issue. */
export function readIssue(line: string, at: string, tracker: string): Issue | string {
  const raw = parseObject(line);
  if (typeof raw === "string") return raw;
  const id = text(raw["id"]);
  if (id === null) return "no id";
  if (id.length > MAX_ID_CHARS) return `id longer than ${MAX_ID_CHARS} characters`;
  const status = text(raw["status"]) ?? "open";
  if (status === "tombstone") return "deleted in Beads (tombstone)";
  const created_ms = time(raw["created_at"]) ?? time(raw["updated_at"]) ?? time(raw["closed_at"]);
  if (created_ms === null) return "no readable created_at, updated_at or closed_at";

  const type = cut(text(raw["issue_type"]) ?? "task", MAX_KIND_CHARS);
  const issue: Issue = {
    id,
    title: cut(text(raw["title"]) ?? id, MAX_TITLE_CHARS),
    description: text(raw["description"]),
    status,
    type,
    is_feature: FEATURE_TYPES.has(type),
    priority:
      typeof raw["priority"] === "number" && Number.isFinite(raw["priority"]) ? raw["priority"] : null,
    assignee: agentName(raw["assignee"], tracker),
    created_by: agentName(raw["created_by"], tracker),
    created_ms,
    updated_ms: time(raw["updated_at"]),
    started_ms: time(raw["started_at"]),
    closed_ms: time(raw["closed_at"]),
    close_reason: text(raw["close_reason"]),
    notes: text(raw["notes"]),
    labels: texts(raw["labels"]),
    blocks: new Set(),
    parent: idIn(raw["parent"]),
    links: new Map(),
    awaits: text(raw["await_type"]),
    at,
  };
  for (const dependency of objects(raw["dependencies"]))
    addEdge(issue, text(dependency["depends_on_id"]), text(dependency["type"]) ?? "blocks");
  return issue;
}

/** Null also for what no issue can be called. */
function idIn(value: unknown): string | null {
  const id = text(value);
  return id !== null && id.length > MAX_ID_CHARS ? null : id;
}

/** Takes an edge of the tracker's graph into the issue; false when it leads nowhere. */
export function addEdge(issue: Issue, target: string | null, type: string): boolean {
  if (target === null || target === issue.id || target.length > MAX_ID_CHARS) return false;
  if (BLOCKING.has(type)) issue.blocks.add(target);
  else if (type === "parent-child") issue.parent ??= target;
  else if (type !== "__proto__") {
    const kind = cut(type, MAX_KIND_CHARS);
    const linked = issue.links.get(kind) ?? new Set();
    issue.links.set(kind, linked.add(target));
  }
  return true;
}
