/**
 * One delivery of a GitHub webhook, as the readers beside this see it, and how
 * events are made of it.
 *
 * Ids are made of what happened (repository, number, review, run), never of the
 * delivery: its GUID stands in a header that is not signed, and a redelivery
 * must be a duplicate. Two deliveries that tell one thing give one id.
 */
import type { Json } from "../../../schema/event/event.ts";
import type { IntakeContext } from "../adapter.ts";
import type { OutgoingEvent } from "../../../schema/event/outgoing.ts";
import { numberIn, objectIn, textIn, type Payload } from "../payload.ts";

/** GitHub's login names have at most 39 characters; a bot's has a suffix. */
const MAX_LOGIN_CHARS = 100;
/** `owner/name`: 39 and 100 characters. */
const MAX_REPOSITORY_CHARS = 140;
/** Titles of issues and pull requests have at most 256. */
export const MAX_TITLE_CHARS = 300;
/** Characters of the digest that tells two links of one pull request apart. */
const LINK_DIGITS = 8;

export interface Repository {
  /** GitHub's own number: stays when the repository is renamed or moved. */
  id: number;
  full_name: string;
  default_branch: string | null;
}

/** The work that an event is about. */
export interface Link {
  feature_id?: string;
  task_id?: string;
}

export interface Delivery {
  action: string | null;
  body: Payload;
  repository: Repository;
  context: IntakeContext;
}

export interface Happening {
  /** What happened, unique within the repository. */
  key: string;
  time_ms: number;
  event_type: string;
  agent_id: string;
  agent_role?: string;
  link: Link;
  metadata?: Record<string, Json | null | undefined>;
  metrics?: Record<string, number | null | undefined>;
}

/** What a reader comes to: events, or why there are none. */
export type Reading = { events: OutgoingEvent[] } | { ignored: string } | { refused: string };

export function readRepository(body: Payload): Repository | null {
  const repository = objectIn(body, "repository");
  const id = numberIn(repository, "id");
  const full_name = textIn(repository, "full_name", MAX_REPOSITORY_CHARS);
  if (id === null || !Number.isSafeInteger(id) || full_name === null) return null;
  return { id, full_name, default_branch: textIn(repository, "default_branch") };
}

/**
 * The id of a pull request or an issue as work of its own. A login holds no dot, so the first one
 * divides owner and name, and no two repositories share an id.
 */
export function ownId(repository: Repository, number: number): string {
  return `gh-${repository.full_name.replace("/", ".")}-${number}`;
}

/** A person or an app as an agent; GitHub shows what belonged to a deleted account as `ghost`. */
export function agentOf(user: Payload): string {
  return `github:${textIn(user, "login", MAX_LOGIN_CHARS) ?? "ghost"}`;
}

export function eventOf({ repository, context }: Delivery, happening: Happening): OutgoingEvent {
  const { key, time_ms, event_type, agent_id, agent_role, link } = happening;
  const metadata = known(happening.metadata ?? {});
  const metrics = known(happening.metrics ?? {});
  return {
    id: `gh-${repository.id}-${key}${suffixOf(link, context)}`,
    timestamp: new Date(time_ms).toISOString(),
    event_type,
    agent_id,
    ...(agent_role === undefined ? {} : { agent_role }),
    ...link,
    ...(metadata === null ? {} : { metadata }),
    ...(metrics === null ? {} : { metrics }),
  };
}

/** One id must never stand for two links, or the order of arrival would say which of them counts. */
function suffixOf({ feature_id, task_id }: Link, context: IntakeContext): string {
  if (feature_id === undefined && task_id === undefined) return "";
  return `~${context.sha256(JSON.stringify([feature_id ?? null, task_id ?? null])).slice(0, LINK_DIGITS)}`;
}

function known<T>(fields: Record<string, T | null | undefined>): Record<string, T> | null {
  const entries = Object.entries(fields).filter(
    (entry): entry is [string, T & {}] => entry[1] !== null && entry[1] !== undefined,
  );
  return entries.length === 0 ? null : Object.fromEntries(entries);
}
