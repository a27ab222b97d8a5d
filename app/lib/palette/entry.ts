/** What the palette can lead to or do, and which of it fits what was typed. */
import { isOfTeam } from "../../../schema/state/crew.ts";
import { allFeatures, allTasks } from "../../../schema/state/select.ts";
import type { ProjectState } from "../../../schema/state/state.ts";
import { folded, MAX_QUERY, scoreOf } from "./match.ts";

export const KINDS = ["view", "action", "feature", "task", "agent", "project"] as const;
export type EntryKind = (typeof KINDS)[number];

export const KIND_WORDS: Record<EntryKind, string> = {
  view: "View",
  action: "Action",
  feature: "Feature",
  task: "Task",
  agent: "Agent",
  project: "Project",
};

export interface Entry {
  id: string;
  kind: EntryKind;
  label: string;
  /** Stands behind it and is searched too: an id, a team. */
  note: string;
  /** A key that does the same. */
  key?: string;
  href?: string;
  run?: () => void;
  /** Closed work stands behind open work that fits alike. */
  closed?: boolean;
}

/** An entry with what is searched of it. Made once per opening of the palette, not per letter. */
export interface Candidate {
  entry: Entry;
  label: string;
  note: string;
}

export interface Places {
  task: (id: string, feature_id: string | null) => string;
  feature: (id: string) => string;
  /** Of a feature that is over: its report. */
  ended: (id: string) => string;
  agent: (id: string) => string;
}

/** Rows of one answer: more than anybody looks through. */
export const MAX_FOUND = 40;
/** A hit in the id or the team counts less than the same in the name. */
const NOTE_COST = 50;
const CLOSED_COST = 30;

export function workEntries(state: ProjectState, places: Places): Entry[] {
  const entries: Entry[] = [];
  for (const { id, title, closed_at } of allFeatures(state))
    entries.push({
      id: `feature ${id}`,
      kind: "feature",
      label: title ?? id,
      note: title === null ? "" : id,
      href: closed_at === null ? places.feature(id) : places.ended(id),
      closed: closed_at !== null,
    });
  for (const { id, title, feature_id, closed_at } of allTasks(state))
    entries.push({
      id: `task ${id}`,
      kind: "task",
      label: title ?? id,
      note: title === null ? "" : id,
      href: places.task(id, feature_id),
      closed: closed_at !== null,
    });
  for (const { id, role } of state.agents.values())
    if (isOfTeam(id))
      entries.push({ id: `agent ${id}`, kind: "agent", label: id, note: role ?? "", href: places.agent(id) });
  return entries;
}

export const candidatesOf = (entries: readonly Entry[]): Candidate[] =>
  entries.map((entry) => ({ entry, label: folded(entry.label), note: folded(entry.note) }));

/** Without a query, the views and what can be done: the rest is found by typing. */
export function find(candidates: readonly Candidate[], typed: string): Entry[] {
  const query = folded(typed.trim().slice(0, MAX_QUERY));
  if (query === "")
    return candidates.flatMap(({ entry }) =>
      entry.kind === "view" || entry.kind === "action" || entry.kind === "project" ? [entry] : [],
    );
  const found: { entry: Entry; score: number }[] = [];
  for (const { entry, label, note } of candidates) {
    const score = best(
      scoreOf(query, label),
      minus(scoreOf(query, note), NOTE_COST),
      both(query, label, note),
    );
    if (score !== null) found.push({ entry, score: score - (entry.closed === true ? CLOSED_COST : 0) });
  }
  return found
    .toSorted((a, b) => b.score - a.score || KINDS.indexOf(a.entry.kind) - KINDS.indexOf(b.entry.kind))
    .slice(0, MAX_FOUND)
    .map(({ entry }) => entry);
}

/** One word of the query in the name, another in the note. */
function both(query: string, label: string, note: string): number | null {
  return note === "" || !query.includes(" ") ? null : minus(scoreOf(query, `${label} ${note}`), NOTE_COST);
}

function best(...scores: (number | null)[]): number | null {
  const known = scores.filter((score) => score !== null);
  return known.length === 0 ? null : Math.max(...known);
}

const minus = (score: number | null, cost: number): number | null => (score === null ? null : score - cost);
