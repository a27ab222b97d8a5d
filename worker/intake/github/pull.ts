/** A pull request as its deliveries tell it, and the feature that it is where nothing links it to other work. */
import type { Json } from "../../../schema/event/event.ts";
import type { OutgoingEvent } from "../../../schema/event/outgoing.ts";
import { lineOf, numberIn, objectIn, textIn, timeIn, type Payload } from "../payload.ts";
import { agentOf, eventOf, MAX_TITLE_CHARS, ownId, type Delivery, type Link } from "./delivery.ts";
import { isLinked, linkOfPull } from "./link.ts";

/** A commit's hash, and nothing else under that name. */
export const MAX_SHA_CHARS = 64;
const MAX_URL_CHARS = 1_000;

export interface Pull {
  number: number;
  fields: Payload;
  author: string;
  created_ms: number;
  link: Link;
  /** It is a feature of its own. */
  own: boolean;
  /** `owner/name#12`, for people. */
  name: string;
}

export function pullOf({ body, repository, context }: Delivery): Pull | null {
  const fields = objectIn(body, "pull_request");
  const number = numberIn(fields, "number");
  const created_ms = timeIn(fields, "created_at");
  if (number === null || !Number.isSafeInteger(number) || created_ms === null) return null;
  const linked = linkOfPull(context.settings, fields);
  const own = !isLinked(linked);
  return {
    number,
    fields,
    author: agentOf(objectIn(fields, "user")),
    created_ms,
    link: own ? { feature_id: ownId(repository, number) } : linked,
    own,
    name: `${repository.full_name}#${number}`,
  };
}

export function about(pull: Pull): Record<string, Json | null> {
  return { pull_request: pull.name };
}

/** The same two events from every delivery about it, whichever comes first. */
export function introduce(delivery: Delivery, pull: Pull): OutgoingEvent[] {
  const { number, created_ms: time_ms, author: agent_id, link } = pull;
  const base = { time_ms, agent_id, link };
  return [
    eventOf(delivery, {
      ...base,
      key: `${number}-requested`,
      event_type: "feature_requested",
      metadata: describe(pull),
      metrics: { body_chars: textIn(pull.fields, "body")?.length },
    }),
    eventOf(delivery, { ...base, key: `${number}-started`, event_type: "feature_started" }),
  ];
}

export function describe({ fields, author, name }: Pull): Record<string, Json | null> {
  return {
    title: lineOf(textIn(fields, "title"), MAX_TITLE_CHARS) ?? name,
    kind: "pull_request",
    requested_by: author,
    url: textIn(fields, "html_url", MAX_URL_CHARS),
  };
}
