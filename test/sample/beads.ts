/**
 * Issues of the tracker Beads: where a recorded file lies, a miniature of the
 * same format with every odd case, and what must become of each issue. The
 * expectation is worked out from the issues alone, apart from the importer.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import type { FeatureStatus } from "../../schema/state/entity/feature.ts";
import type { TaskStatus } from "../../schema/state/entity/task.ts";
import type { WireState } from "../../schema/state/state.ts";

const DATA = process.env["CLUSTERFORK_DATA"] ?? join(import.meta.dirname, "../../../shared/data");
/** A project of agents, as its tracker recorded it; not in this repository. */
export const RECORDED = join(DATA, "beads/issues_snapshot_385c0c0.jsonl.gz");
export const RECORDED_IS_HERE = existsSync(RECORDED);
/** The last state of every issue that the same project ever had; 227 of them close before they open. */
export const RECORDED_UNION = join(DATA, "beads/issues_union.jsonl.gz");

/** The fields that decide what becomes of an issue. */
export interface Issue {
  id: string;
  title: string;
  description?: string;
  status: string;
  issue_type: string;
  created_at: string;
  updated_at: string;
  started_at?: string;
  closed_at?: string;
  close_reason?: string;
  assignee?: string;
  created_by?: string;
  parent?: string;
  dependencies?: { depends_on_id: string; type: string }[];
}

const at = (minute: number) => new Date(Date.UTC(2026, 1, 1, 10, minute)).toISOString();
const issue = (id: string, minute: number, more: Partial<Issue> = {}): Issue => ({
  id,
  title: `Title of ${id}`,
  status: "open",
  issue_type: "task",
  created_at: at(minute),
  updated_at: at(minute + 30),
  ...more,
});
const on = (depends_on_id: string, type: string) => ({ depends_on_id, type });

/** Every status, every kind of link, and every order of clocks that a tracker leaves behind. */
export const MINIATURE: Issue[] = [
  issue("mini-open", 0, { issue_type: "epic", created_by: "mayor" }),
  issue("mini-shut", 1, { issue_type: "epic", status: "closed", closed_at: at(40) }),
  issue("mini-hook", 2, { issue_type: "epic", status: "hooked", assignee: "mayor" }),
  issue("mini-pin", 3, { issue_type: "feature", status: "pinned" }),
  issue("mini-open.1", 4, {
    status: "closed",
    assignee: "beads/polecats/nux",
    started_at: at(10),
    closed_at: at(20),
    dependencies: [on("mini-open", "parent-child")],
  }),
  issue("mini-open.2", 5, {
    status: "in_progress",
    assignee: "beads/polecats/jasper",
    parent: "mini-open",
    dependencies: [on("mini-open.1", "blocks"), on("mini-open", "parent-child")],
  }),
  issue("mini-open.3", 6, {
    status: "hooked",
    assignee: "onyx",
    dependencies: [on("mini-open.2", "waits-for")],
  }),
  issue("mini-open.4", 7, { status: "blocked", dependencies: [on("mini-open.3", "blocked-by")] }),
  issue("mini-pinned", 8, { status: "pinned", dependencies: [on("mini-open.1", "discovered-from")] }),
  issue("mini-deferred", 9, {
    status: "deferred",
    issue_type: "chore",
    dependencies: [on("mini-hook", "tracks")],
  }),
  issue("mini-early", 50, { status: "closed", assignee: "nux", closed_at: at(-600), issue_type: "bug" }),
  issue("mini-again", 11, { closed_at: at(25), assignee: "nux" }),
  issue("mini-again.1", 12, { status: "in_progress", closed_at: at(26), assignee: "nux" }),
  issue("mini-nobody", 12, { status: "in_progress" }),
  issue("mini-author", 12, { status: "hooked", created_by: "mayor" }),
  issue("mini-cycle.a", 13, { dependencies: [on("mini-cycle.b", "blocks")] }),
  issue("mini-cycle.b", 13, { dependencies: [on("mini-cycle.a", "blocks"), on("mini-nowhere", "blocks")] }),
  issue("__proto__", 14, { assignee: "constructor", status: "in_progress" }),
];
/** Lines that are no issue: cut off, of another kind, deleted in the tracker. */
const DAMAGE = [
  '{"id":"mini-cut","title":"cut o',
  "[1]",
  "<<<<<<< HEAD",
  JSON.stringify(issue("mini-gone", 15, { status: "tombstone" })),
];
export const MINIATURE_SKIPPED = DAMAGE.length;

/** The miniature as a file of the tracker, gzipped, with damaged lines among the good ones. */
export function miniatureFile(): Uint8Array {
  const lines = MINIATURE.map((one) => JSON.stringify(one));
  lines.splice(3, 0, ...DAMAGE.slice(0, 2));
  return gzipSync([...lines, ...DAMAGE.slice(2)].join("\n"));
}

export function readRecorded(path = RECORDED): Issue[] {
  const text = gunzipSync(readFileSync(path)).toString();
  const issues = text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Issue);
  return issues.filter(({ status }) => status !== "tombstone");
}

const TASK_STATUS: Record<string, TaskStatus> = {
  open: "pending",
  pinned: "pending",
  hooked: "claimed",
  in_progress: "in_progress",
  blocked: "blocked",
  deferred: "blocked",
  closed: "done",
};
const BLOCKING = ["blocks", "waits-for", "blocked-by"];

/** What is compared: enough to see a lost, doubled or wrong entry. */
export interface Outcome {
  /** `[id, status, assignee, dependencies]`, by id. */
  tasks: [string, TaskStatus, string | null, string[]][];
  /** `[id, status, dependencies]`, by id. */
  features: [string, FeatureStatus, string[]][];
  edges: number;
  partial: string[];
}

/** Work is begun by somebody, also where the record names nobody: then by the author, else by the tracker. */
const assigneeOf = (one: Issue) =>
  one.assignee ?? (["hooked", "in_progress"].includes(one.status) ? (one.created_by ?? "beads") : null);
const isFeature = ({ issue_type }: Issue) => issue_type === "epic" || issue_type === "feature";
/** The work that a branch waits to be merged for, if it is known: the branch is then no work of its own. */
function mergeOf(one: Issue, known: ReadonlyMap<string, Issue>): string | undefined {
  const source = /^source_issue: (.+)$/m.exec(one.description ?? "")?.[1]?.trim();
  return one.title.startsWith("Merge: ") && known.has(source ?? "") ? source : undefined;
}
const byId = (a: [string, ...unknown[]], b: [string, ...unknown[]]) => (a[0] < b[0] ? -1 : 1);

/** What the issues say of themselves. */
export function outcomeOf(issues: readonly Issue[]): Outcome {
  const known = new Map(issues.map((one) => [one.id, one]));
  const isTask = (one: Issue) => !isFeature(one) && mergeOf(one, known) === undefined;
  const merged = new Set(
    issues
      .filter((one) => /^merged/i.test(one.close_reason ?? "") && one.status === "closed")
      .map((one) => mergeOf(one, known)),
  );
  const parentOf = (one: Issue) =>
    one.parent ?? one.dependencies?.find(({ type }) => type === "parent-child")?.depends_on_id;
  const featureOf = (one: Issue): string | undefined => {
    const parent = known.get(parentOf(one) ?? "");
    return parent === undefined || isFeature(parent) ? parent?.id : featureOf(parent);
  };
  const begun = new Set(
    issues
      .filter((one) => isTask(one) && (one.closed_at !== undefined || one.status === "in_progress"))
      .map(featureOf),
  );
  const featureStatus = (one: Issue): FeatureStatus => {
    if (merged.has(one.id)) return "merged";
    if (one.status === "closed") return "done";
    return one.status === "hooked" || one.status === "in_progress" || begun.has(one.id)
      ? "in_progress"
      : "requested";
  };
  const dependenciesOf = (one: Issue) =>
    (one.dependencies ?? [])
      .filter(({ type }) => BLOCKING.includes(type))
      .map(({ depends_on_id }) => depends_on_id);
  return {
    tasks: issues
      .filter(isTask)
      .map((one): Outcome["tasks"][number] => [
        one.id,
        merged.has(one.id) ? "merged" : (TASK_STATUS[one.status] ?? "pending"),
        assigneeOf(one),
        dependenciesOf(one),
      ])
      .sort(byId),
    features: issues
      .filter(isFeature)
      .map((one): Outcome["features"][number] => [one.id, featureStatus(one), dependenciesOf(one)])
      .sort(byId),
    edges: issues.reduce((sum, one) => sum + dependenciesOf(one).length, 0),
    partial: [],
  };
}

/** The same of a state. */
export function outcomeIn(state: WireState): Outcome {
  const tasks = [...state.open_tasks, ...state.closed_tasks];
  const features = [...state.open_features, ...state.closed_features];
  const all = [...tasks, ...features];
  return {
    tasks: tasks
      .map((task): Outcome["tasks"][number] => [task.id, task.status, task.assignee, task.dependencies])
      .sort(byId),
    features: features
      .map((feature): Outcome["features"][number] => [feature.id, feature.status, feature.dependencies])
      .sort(byId),
    edges: all.reduce((sum, one) => sum + one.dependencies.length, 0),
    partial: all.filter((one) => one.partial).map((one) => one.id),
  };
}
