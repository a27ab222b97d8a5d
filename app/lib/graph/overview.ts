/** Features with their tasks counted: the way into a project that is too large for one graph. */
import { allFeatures, allTasks } from "../../../schema/state/select.ts";
import type { Feature } from "../../../schema/state/entity/feature.ts";
import type { ProjectState } from "../../../schema/state/state.ts";
import type { Unassigned } from "../../../schema/state/entity/usage.ts";
import { GLYPH_OF, type Glyph } from "../ui/status.ts";
import type { Phrase } from "./headline.ts";
import { type Counts, FEATURE_LABEL, GLYPH_OF_FEATURE, GLYPHS, countGlyphs } from "./status.ts";
import { grouped } from "../ui/grouped.ts";

export interface FeatureRow {
  /** Null: what belongs to no feature. */
  id: string | null;
  title: string;
  status: string;
  glyph: Glyph;
  closed: boolean;
  counts: Counts;
  /** Agents at work on it. */
  agents: string[];
  updated_at: number;
  /** When its status changed last. */
  status_at: number;
  /** Of the row of no feature: events and tokens that nobody assigned. */
  unassigned?: Unassigned;
}

/** What everything is called that names no feature: never dropped, and nobody's. */
export const UNASSIGNED = "Unassigned";

const emptyCounts = (): Counts => countGlyphs([]);

/**
 * Open features first, those in trouble before the others, then those whose status changed last; closed ones after. By
 * what happened last, rows would change places with every event of a team at work. Where nothing else tells, by code
 * units: a language's own order takes some 10 ms of the first paint to load.
 */
export function featureRows(state: ProjectState): FeatureRow[] {
  const rows = new Map<string | null, FeatureRow>();
  for (const feature of allFeatures(state)) rows.set(feature.id, rowOf(feature));
  for (const task of allTasks(state)) {
    const row = rows.get(task.feature_id) ?? looseRow(rows, task.feature_id);
    row.counts[GLYPH_OF[task.status]]++;
    row.counts.total++;
    row.updated_at = Math.max(row.updated_at, task.updated_at);
    const at_work = task.status === "in_progress" || task.status === "review" || task.status === "claimed";
    if (at_work && task.assignee !== null && !row.agents.includes(task.assignee))
      row.agents.push(task.assignee);
  }
  const { unassigned } = state;
  if (unassigned.events > 0 || unassigned.usage.calls > 0) {
    const row = rows.get(null) ?? looseRow(rows, null);
    // A copy: the fold adds in place, and the same object would not be drawn again.
    row.unassigned = { events: unassigned.events, usage: { ...unassigned.usage } };
  }
  return [...rows.values()].sort(
    (a, b) => rank(a) - rank(b) || b.status_at - a.status_at || (a.title < b.title ? -1 : 1),
  );
}

/**
 * The rows anew, each the very object of before where it says the same: of hundreds of
 * features one changes with an event, and only its row is drawn again.
 */
export function keepRows(before: readonly FeatureRow[], rows: FeatureRow[]): FeatureRow[] {
  const known = new Map(before.map((row) => [row.id, row]));
  return rows.map((row) => {
    const old = known.get(row.id);
    return old !== undefined && saysSame(old, row) ? old : row;
  });
}

function saysSame(a: FeatureRow, b: FeatureRow): boolean {
  return (
    a.title === b.title &&
    a.status === b.status &&
    a.closed === b.closed &&
    a.updated_at === b.updated_at &&
    a.counts.total === b.counts.total &&
    GLYPHS.every((glyph) => a.counts[glyph] === b.counts[glyph]) &&
    a.agents.length === b.agents.length &&
    a.agents.every((agent, index) => agent === b.agents[index]) &&
    // What nobody assigned is one row, and counts with nearly every event.
    a.unassigned === undefined &&
    b.unassigned === undefined
  );
}

function rowOf(feature: Feature): FeatureRow {
  return {
    id: feature.id,
    title: feature.title ?? feature.id,
    status: FEATURE_LABEL[feature.status],
    glyph: GLYPH_OF_FEATURE[feature.status],
    closed: feature.closed_at !== null,
    counts: emptyCounts(),
    agents: [],
    updated_at: feature.updated_at,
    status_at: feature.status_at,
  };
}

/** Work without a feature, or with one that was forgotten since. */
function looseRow(rows: Map<string | null, FeatureRow>, id: string | null): FeatureRow {
  const row: FeatureRow = {
    id,
    title: id ?? UNASSIGNED,
    status: "",
    glyph: "pending",
    closed: false,
    counts: emptyCounts(),
    agents: [],
    updated_at: 0,
    status_at: 0,
  };
  rows.set(id, row);
  return row;
}

function rank(row: FeatureRow): number {
  if (row.closed) return 5;
  if (row.counts.failed > 0 || row.counts.blocked > 0) return 0;
  if (row.counts.progress > 0 || row.counts.review > 0) return 1;
  if (row.counts.total === 0) return 4;
  return row.counts.total > row.counts.done ? 2 : 3;
}

/** What the state counts of what it no longer holds. */
export type Forgotten = Pick<ProjectState["counters"], "forgotten_tasks" | "forgotten_features">;

/** What a lead asks first of a whole project. What left the live state is named, lest its bounds look like totals. */
export function overviewHeadline(rows: FeatureRow[], forgotten: Forgotten): Phrase[] {
  const features = rows.filter((row) => row.id !== null);
  const sum = (count: (row: FeatureRow) => number) => rows.reduce((total, row) => total + count(row), 0);
  const total = sum((row) => row.counts.total);
  if (total === 0 && features.length === 0) return [{ text: "No tasks yet.", task: null }];
  const open = features.filter((row) => !row.closed).length;
  const troubles = [
    countText(
      sum((row) => row.counts.failed),
      "failed",
    ),
    countText(
      sum((row) => row.counts.blocked),
      "blocked",
    ),
  ].filter((text) => text !== "");
  const work = [
    countText(
      sum((row) => row.counts.progress),
      "in progress",
    ),
    countText(
      sum((row) => row.counts.review),
      "in review",
    ),
  ].filter((text) => text !== "");
  const older = [
    countText(forgotten.forgotten_tasks, forgotten.forgotten_tasks === 1 ? "task" : "tasks"),
    countText(forgotten.forgotten_features, forgotten.forgotten_features === 1 ? "feature" : "features"),
  ].filter((part) => part !== "");
  const text = [
    `${grouped(sum((row) => row.counts.done))} of ${grouped(total)} tasks done, ${grouped(open)} of ${grouped(features.length)} features open.`,
    work.length > 0 ? `${work.join(", ")}.` : "",
    troubles.length > 0 ? `${troubles.join(", ")}.` : "",
    older.length > 0 ? `Not counted: ${older.join(" and ")} too old for this view.` : "",
  ];
  return [{ text: text.filter((part) => part !== "").join(" "), task: null }];
}

const countText = (count: number, word: string) => (count > 0 ? `${grouped(count)} ${word}` : "");
