/**
 * Issues: each is a task.
 *
 * | action                                 | event                                               |
 * |----------------------------------------|-----------------------------------------------------|
 * | any                                    | task_created                                        |
 * | any, with the label or the type "bug"  | bug_reported                                        |
 * | closed                                 | task_completed; as not planned or duplicate: task_failed |
 * | deleted, transferred                   | task_failed: it will not be done here               |
 * | reopened                               | task_reopened                                       |
 * | edited, title                          | task_created with the new one                       |
 */
import type { OutgoingEvent } from "../../../schema/event/outgoing.ts";
import {
  hasObject,
  lineOf,
  numberIn,
  objectIn,
  objectsIn,
  textIn,
  timeIn,
  type Payload,
} from "../payload.ts";
import {
  agentOf,
  eventOf,
  MAX_TITLE_CHARS,
  ownId,
  type Delivery,
  type Happening,
  type Reading,
} from "./delivery.ts";
import { linkOfIssue } from "./link.ts";

const MAX_URL_CHARS = 1_000;

export function readIssue(delivery: Delivery): Reading {
  const issue = objectIn(delivery.body, "issue");
  const number = numberIn(issue, "number");
  const created_ms = timeIn(issue, "created_at");
  if (number === null || !Number.isSafeInteger(number) || created_ms === null)
    return { refused: "The issue lacks its number or its times." };
  const name = `${delivery.repository.full_name}#${number}`;
  const title = lineOf(textIn(issue, "title"), MAX_TITLE_CHARS) ?? name;
  const url = textIn(issue, "html_url", MAX_URL_CHARS);
  const author = agentOf(objectIn(issue, "user"));
  const say = (happening: Omit<Happening, "link">): OutgoingEvent =>
    eventOf(delivery, {
      ...happening,
      key: `${number}-${happening.key}`,
      link: { ...linkOfIssue(issue), task_id: ownId(delivery.repository, number) },
    });
  const events = [
    say({
      key: "created",
      time_ms: created_ms,
      event_type: "task_created",
      agent_id: author,
      metadata: { title, kind: "issue", url },
      metrics: { body_chars: textIn(issue, "body")?.length },
    }),
  ];
  if (isBug(issue))
    events.push(
      say({
        key: "bug",
        time_ms: created_ms,
        event_type: "bug_reported",
        agent_id: author,
        metadata: { title, found_in: "issue", url },
      }),
    );
  const change = changeOf(delivery, issue, created_ms, title);
  if (change !== null) events.push(say(change));
  return { events };
}

function isBug(issue: Payload): boolean {
  const names = objectsIn(issue, "labels").concat(objectIn(issue, "type"));
  return names.some((named) => (textIn(named, "name", 100) ?? "").toLowerCase() === "bug");
}

function changeOf(
  { action: said, body }: Delivery,
  issue: Payload,
  created_ms: number,
  title: string,
): Omit<Happening, "link"> | null {
  const action = said ?? "";
  const agent_id = agentOf(objectIn(body, "sender"));
  const updated_ms = timeIn(issue, "updated_at") ?? created_ms;
  switch (action) {
    case "closed": {
      const time_ms = timeIn(issue, "closed_at") ?? updated_ms;
      const why = textIn(issue, "state_reason", 40) ?? "completed";
      const base = { key: `closed-${time_ms}`, time_ms, agent_id };
      if (why === "completed") return { ...base, event_type: "task_completed" };
      return { ...base, event_type: "task_failed", metadata: undone(why.replaceAll("_", " ")) };
    }
    case "deleted":
    case "transferred":
      return {
        key: action,
        time_ms: updated_ms,
        event_type: "task_failed",
        agent_id,
        metadata: undone(action),
      };
    case "reopened":
      return { key: `reopened-${updated_ms}`, time_ms: updated_ms, event_type: "task_reopened", agent_id };
    case "edited":
      return hasObject(objectIn(body, "changes"), "title")
        ? {
            key: `titled-${updated_ms}`,
            time_ms: updated_ms,
            event_type: "task_created",
            agent_id,
            metadata: { title },
          }
        : null;
    default:
      return null;
  }
}

function undone(why: string) {
  return { reason: `The issue was closed: ${why}.`, retryable: false };
}
