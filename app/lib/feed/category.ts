/** The categories of the taxonomy as the feed's filter offers them, and `other` for every type of the senders' own. */
import { CATEGORIES, type Category, categoryOf } from "../../../schema/event/type.ts";

export type FeedCategory = Category | "other";

export const CATEGORY_LABEL: Record<FeedCategory, string> = {
  lifecycle: "Lifecycle",
  agent: "Agents",
  feedback: "Reviews",
  resource: "Resources",
  quality: "Quality",
  escalation: "Escalation",
  learning: "Learning",
  governance: "Governance",
  other: "Other",
};

export const FEED_CATEGORIES: readonly FeedCategory[] = [...CATEGORIES, "other"];

export function feedCategoryOf(event_type: string): FeedCategory {
  return categoryOf(event_type) ?? "other";
}

export function isFeedCategory(text: string): text is FeedCategory {
  return Object.hasOwn(CATEGORY_LABEL, text);
}
