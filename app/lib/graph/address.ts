/** What the Task Flow shows, as its address says it: everything on screen can be linked to. */
import type { Glyph } from "../ui/status.ts";
import type { FlowFilter } from "./filter.ts";
import type { Scope } from "./scope.ts";
import { isGlyph } from "./status.ts";

/** The page's own query is read-only. */
export type Query = Pick<URLSearchParams, "get" | "toString">;

export interface FlowAddress extends FlowFilter {
  /** Null: the overview of features, where there are any. */
  scope: Scope | null;
  task: string | null;
  /** Waves that are opened where waves are folded, from 0; `all` draws every one. */
  waves: number[] | "all";
}

export function readAddress(feature: string | undefined, query: Query): FlowAddress {
  const waves = query.get("waves") ?? "";
  return {
    scope: scopeOf(feature, query.get("view")),
    task: query.get("task"),
    statuses: (query.get("status") ?? "").split(",").filter(isGlyph),
    text: query.get("q") ?? "",
    agent: named(query.get("agent")),
    role: named(query.get("role")),
    path: query.get("path") === "1",
    waves:
      waves === "all"
        ? "all"
        : waves
            .split(",")
            .filter((text) => /^\d+$/.test(text))
            .map((text) => Number(text) - 1),
  };
}

const named = (text: string | null) => (text === "" ? null : text);

function scopeOf(feature: string | undefined, view: string | null): Scope | null {
  if (feature !== undefined && feature !== "") return { kind: "feature", id: feature };
  if (view === "all" || view === "loose") return { kind: view };
  return null;
}

/** The same address with one part changed; null removes it. */
export function withPart(
  query: Query,
  name: "task" | "status" | "waves" | "view" | "q" | "agent" | "role" | "path",
  value: string | null,
): string {
  const next = new URLSearchParams(query.toString());
  if (value === null || value === "") next.delete(name);
  else next.set(name, value);
  return `?${next.toString()}`;
}

/** The same address with nothing filtered away. */
export function withoutFilter(query: Query): string {
  const next = new URLSearchParams(query.toString());
  for (const name of ["status", "q", "agent", "role", "path"]) next.delete(name);
  return `?${next.toString()}`;
}

/** A status joins the filter or leaves it. */
export function toggleStatus(query: Query, statuses: Glyph[], glyph: Glyph): string {
  const next = statuses.includes(glyph) ? statuses.filter((each) => each !== glyph) : [...statuses, glyph];
  return withPart(query, "status", next.join(","));
}

/** A wave is opened or folded. */
export function toggleWave(query: Query, open: number[], index: number): string {
  const next = open.includes(index) ? open.filter((each) => each !== index) : [...open, index];
  return withPart(
    query,
    "waves",
    next
      .sort((a, b) => a - b)
      .map((each) => String(each + 1))
      .join(","),
  );
}
