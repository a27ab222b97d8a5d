/** What a node says. Plain values, so that a card that did not change is not drawn again. */
import { findFeature, findTask } from "../../../schema/state/select.ts";
import type { Feature } from "../../../schema/state/entity/feature.ts";
import type { ProjectState } from "../../../schema/state/state.ts";
import type { Task } from "../../../schema/state/entity/task.ts";
import { type Glyph, GLYPH_OF, STATUS_LABEL } from "../ui/status.ts";
import type { Wait } from "./conflict.ts";
import { type GraphNode, type NodeKey, type SizeClass, sizeOf } from "./model.ts";
import { FEATURE_LABEL, GLYPH_OF_FEATURE } from "./status.ts";

export interface Card {
  key: NodeKey;
  kind: "task" | "feature";
  id: string;
  short_id: string;
  title: string;
  glyph: Glyph;
  status: string;
  size: SizeClass;
  agent: string | null;
  /** 0 to 1; null when nobody reported any, or it no longer matters. */
  progress: number | null;
  /** The bold word at the lower right. */
  note: string;
  /** Start of a state whose length matters (blocked, waiting), ms; else null. */
  waiting_since: number | null;
  /** When it ended, ms; null while it is open. */
  closed_at: number | null;
  /** Name for assistive technology. */
  name: string;
}

export function cardOf(
  state: ProjectState,
  node: GraphNode,
  waits: Map<string, Wait>,
  prefix: string | null,
): Card | null {
  if (node.kind === "feature") {
    const feature = findFeature(state, node.id);
    return feature === undefined ? null : featureCard(node, feature);
  }
  const task = findTask(state, node.id);
  return task === undefined ? null : taskCard(node, task, waits.get(task.id), prefix);
}

function taskCard(node: GraphNode, task: Task, wait: Wait | undefined, prefix: string | null): Card {
  const glyph = GLYPH_OF[task.status];
  const progress = glyph === "progress" ? task.progress : null;
  const note = noteOf(task, glyph, wait);
  const title = task.title ?? task.id;
  const status = STATUS_LABEL[task.status];
  return {
    key: node.key,
    kind: "task",
    id: task.id,
    short_id: shortId(task.id, prefix),
    title,
    glyph,
    status,
    size: sizeOf(task),
    agent: task.assignee,
    progress,
    note,
    waiting_since: glyph === "blocked" ? task.status_at : (wait?.since ?? null),
    closed_at: task.closed_at,
    name: [`${task.id} ${title}`, status + percent(progress), task.assignee, note.endsWith("%") ? "" : note]
      .filter((part) => part !== null && part !== "")
      .join(", "),
  };
}

function featureCard(node: GraphNode, feature: Feature): Card {
  const title = feature.title ?? feature.id;
  const status = FEATURE_LABEL[feature.status];
  return {
    key: node.key,
    kind: "feature",
    id: feature.id,
    short_id: feature.id,
    title,
    glyph: GLYPH_OF_FEATURE[feature.status],
    status,
    size: "medium",
    agent: null,
    progress: null,
    note: "feature",
    waiting_since: null,
    closed_at: feature.closed_at,
    name: `Feature ${feature.id} ${title}, ${status}`,
  };
}

function noteOf(task: Task, glyph: Glyph, wait: Wait | undefined): string {
  if (wait !== undefined && glyph !== "done" && glyph !== "failed")
    return `waits on ${wait.holder_agent ?? "a lock"}`;
  switch (glyph) {
    case "progress":
      return task.progress === null ? triesText(task.attempts) : percent(task.progress).trim();
    case "failed":
      return triesText(task.attempts);
    case "review":
      return task.approved
        ? "approved"
        : task.review_cycles > 0
          ? `round ${String(task.review_cycles + 1)}`
          : "";
    case "blocked":
      return task.blocked_reason ?? "";
    case "done":
    case "pending":
      return "";
  }
}

const triesText = (attempts: number) => (attempts > 1 ? `${String(attempts)} tries` : "");

export function percent(progress: number | null): string {
  return progress === null ? "" : ` ${String(Math.round(Math.min(1, Math.max(0, progress)) * 100))}%`;
}

/** `gt-csl.3.3` within `gt-csl` reads `3.3`; other ids stay whole. */
export function shortId(id: string, prefix: string | null): string {
  if (prefix === null || !id.startsWith(prefix)) return id;
  const rest = id.slice(prefix.length).replace(/^[.\-_/:]+/, "");
  return rest === "" ? id : rest;
}
