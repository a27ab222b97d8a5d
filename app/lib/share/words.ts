/** What views and redactions are called, where links are made, listed and opened. */
import { SHARE_VIEWS, type ShareView } from "../../../schema/state/share-view.ts";
import { REDACTIONS, type Redaction } from "../../../schema/wire/share.ts";

export const VIEW_WORDS: Record<ShareView, { name: string; about: string }> = {
  flow: { name: "Task Flow", about: "tasks, features, agents and locks, live" },
  metrics: { name: "Metrics", about: "figures, agents' performance, forecasts, budgets, alerts" },
  events: {
    name: "Event histories",
    about: "what happened, event by event; decisions; questions on the log",
  },
  history: { name: "The past", about: "earlier moments, and work that left the live view" },
};

export const REDACTION_WORDS: Record<Redaction, { name: string; about: string; short: string[] }> = {
  cost: { name: "Costs and tokens", about: "every amount of both", short: ["costs", "tokens"] },
  name: {
    name: "Names",
    about: "of agents, people, files and branches: made-up ones stand in their place",
    short: ["names"],
  },
  title: { name: "Titles", about: "of tasks and features: their ids stay", short: ["titles"] },
  text: {
    name: "Texts",
    about: "reasons, messages, prompts, and whatever your agents send besides",
    short: ["texts"],
  },
};

/** "Costs, tokens and names are redacted." */
export function redactionSentence(redactions: readonly Redaction[]): string {
  const hidden = REDACTIONS.filter((redaction) => redactions.includes(redaction)).flatMap(
    (redaction) => REDACTION_WORDS[redaction].short,
  );
  if (hidden.length === 0) return "Nothing is redacted.";
  const text =
    hidden.length === 1 ? hidden.join() : `${hidden.slice(0, -1).join(", ")} and ${hidden.slice(-1).join()}`;
  return `${text.charAt(0).toUpperCase()}${text.slice(1)} are redacted.`;
}

export function viewNames(views: readonly ShareView[]): string {
  return SHARE_VIEWS.filter((view) => views.includes(view))
    .map((view) => VIEW_WORDS[view].name)
    .join(", ");
}

/** "27 Feb, 18:00", in the reader's own time zone. */
export function untilText(time: string): string {
  return new Date(time).toLocaleString("en-GB", {
    day: "numeric",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
  });
}
