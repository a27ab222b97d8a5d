/** Which events the list shows. The filter lives in the address, so that a view can be linked to. */
import type { StoredEvent } from "../../../schema/event/event.ts";
import { type FeedCategory, feedCategoryOf, isFeedCategory } from "./category.ts";
import { describeEvent } from "../../../schema/event/describe/describe.ts";

/** The page's own query is read-only. */
export type Query = Pick<URLSearchParams, "get" | "toString">;

export interface EventFilter {
  category: FeedCategory | null;
  type: string | null;
  agent: string | null;
  task: string | null;
  feature: string | null;
  /** Words looked for in what is loaded; empty for none. */
  text: string;
}

export const FILTER_NAMES = ["category", "type", "agent", "task", "feature", "text"] as const;

export function readFilter(query: Query): EventFilter {
  const category = query.get("category") ?? "";
  return {
    category: isFeedCategory(category) ? category : null,
    type: query.get("type"),
    agent: query.get("agent"),
    task: query.get("task"),
    feature: query.get("feature"),
    text: query.get("text") ?? "",
  };
}

/** The address with one part of the filter set or, by null or "", removed. */
export function withFilter(query: Query, name: (typeof FILTER_NAMES)[number], value: string | null): string {
  const next = new URLSearchParams(query.toString());
  if (value === null || value === "") next.delete(name);
  else next.set(name, value);
  const text = next.toString();
  return text === "" ? "?" : `?${text}`;
}

/** The address without any filter; what else it says stays. */
export function withoutFilter(query: Query): string {
  const next = new URLSearchParams(query.toString());
  for (const name of FILTER_NAMES) next.delete(name);
  return `?${next.toString()}`;
}

/** The address with one event opened, or closed if it is the open one. */
export function toggleEvent(query: Query, seq: number): string {
  const next = new URLSearchParams(query.toString());
  if (next.get("event") === String(seq)) next.delete("event");
  else next.set("event", String(seq));
  return `?${next.toString()}`;
}

export function isFiltered(filter: EventFilter): boolean {
  return FILTER_NAMES.some((name) => filter[name] !== null && filter[name] !== "");
}

export function matches(event: StoredEvent, filter: EventFilter): boolean {
  if (filter.category !== null && feedCategoryOf(event.event_type) !== filter.category) return false;
  if (filter.type !== null && event.event_type !== filter.type) return false;
  if (filter.agent !== null && event.agent_id !== filter.agent) return false;
  if (filter.task !== null && event.task_id !== filter.task) return false;
  if (filter.feature !== null && event.feature_id !== filter.feature) return false;
  return filter.text === "" || textMatches(event, filter.text);
}

/** Every word must occur somewhere: in the sentence, the ids, the type or the metadata. */
function textMatches(event: StoredEvent, text: string): boolean {
  const where = [
    describeEvent(event).text,
    event.event_type,
    event.agent_id,
    event.task_id ?? "",
    event.feature_id ?? "",
    event.metadata === undefined ? "" : JSON.stringify(event.metadata),
  ]
    .join("\n")
    .toLowerCase();
  return text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => where.includes(word));
}
