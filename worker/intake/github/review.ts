/** Reviews of pull requests, told when they are submitted; a mere comment says nothing of how the work goes. */
import { numberIn, objectIn, textIn, timeIn, type Payload } from "../payload.ts";
import { agentOf, eventOf, type Delivery, type Link, type Reading } from "./delivery.ts";
import { about, introduce, MAX_SHA_CHARS, pullOf } from "./pull.ts";

const REVIEWS: ReadonlyMap<string, string> = new Map([
  ["approved", "reviewer_approved"],
  ["changes_requested", "reviewer_changes_requested"],
]);

export function readReview(delivery: Delivery): Reading {
  const pull = pullOf(delivery);
  const review = objectIn(delivery.body, "review");
  const id = numberIn(review, "id");
  if (pull === null || id === null) return { refused: "The review lacks its id, or its pull request." };
  const events = pull.own ? introduce(delivery, pull) : [];
  const event_type = REVIEWS.get((textIn(review, "state") ?? "").toLowerCase());
  const submitted_ms = timeIn(review, "submitted_at");
  if (delivery.action === "submitted" && event_type !== undefined && submitted_ms !== null) {
    events.push(
      eventOf(delivery, {
        key: `review${id}`,
        time_ms: submitted_ms,
        event_type,
        agent_id: agentOf(objectIn(review, "user")),
        link: isOpen(pull.fields) ? pull.link : withoutTask(pull.link),
        metadata: {
          ...about(pull),
          author: pull.author,
          reviewer: agentOf(objectIn(review, "user")),
          commit: textIn(review, "commit_id", MAX_SHA_CHARS),
        },
        metrics: { comment_chars: textIn(review, "body")?.length },
      }),
    );
  }
  return events.length > 0
    ? { events }
    : { ignored: `pull_request_review ${delivery.action ?? ""}, ${textIn(review, "state", 40) ?? ""}` };
}

function isOpen(fields: Payload): boolean {
  return textIn(fields, "state") !== "closed";
}

/** A review that comes after the end says something of the work, and opens none of it again. */
function withoutTask({ feature_id }: Link): Link {
  return feature_id === undefined ? {} : { feature_id };
}
