/**
 * GitHub's webhooks.
 *
 *   delivery ─▶ kind, by header and by shape ─▶ reader of that kind ─▶ events
 *
 * The signature covers the body and not the headers: the name of the event must
 * fit what the body holds, or a recorded delivery could be sent again as another.
 * Times come from the payload, and ids from what happened, so that deliveries
 * that come twice, late or in another order tell the same.
 */
import type { Adapted, Adapter } from "../adapter.ts";
import { hasObject, isPayload, textIn, type Payload } from "../payload.ts";
import { readCheckRun, readWorkflowRun } from "./check.ts";
import { readRepository, type Delivery, type Reading } from "./delivery.ts";
import { readIssue } from "./issue.ts";
import { readPullRequest } from "./pull-request.ts";
import { readPush } from "./push.ts";
import { readReview } from "./review.ts";

export interface GitHubDelivery {
  /** Header X-GitHub-Event. */
  event: string;
  /** The body, parsed. */
  payload: unknown;
}

interface Kind {
  read: (delivery: Delivery) => Reading;
  /** What a body of this kind holds, and no body of another kind does. */
  fits: (body: Payload) => boolean;
}

const KINDS: ReadonlyMap<string, Kind> = new Map<string, Kind>([
  [
    "pull_request",
    {
      read: readPullRequest,
      fits: (body) =>
        hasObject(body, "pull_request") &&
        typeof body["number"] === "number" &&
        !hasObject(body, "review") &&
        !hasObject(body, "comment") &&
        !hasObject(body, "thread"),
    },
  ],
  [
    "pull_request_review",
    { read: readReview, fits: (body) => hasObject(body, "pull_request") && hasObject(body, "review") },
  ],
  ["check_run", { read: readCheckRun, fits: (body) => hasObject(body, "check_run") }],
  ["workflow_run", { read: readWorkflowRun, fits: (body) => hasObject(body, "workflow_run") }],
  ["issues", { read: readIssue, fits: (body) => hasObject(body, "issue") && !hasObject(body, "comment") }],
  [
    "push",
    {
      read: readPush,
      fits: (body) =>
        typeof body["ref"] === "string" &&
        typeof body["after"] === "string" &&
        Array.isArray(body["commits"]),
    },
  ],
]);

/** Words of an event's name, and not of somebody's making: they stand in the reply. */
const EVENT_NAME = /^[a-z_]{1,60}$/;

/** Of a `GitHubDelivery`. */
export const adaptGitHub: Adapter<unknown> = (delivery, context) => {
  const event = isPayload(delivery) ? (textIn(delivery, "event") ?? "") : "";
  const payload = isPayload(delivery) ? delivery["payload"] : null;
  const kind = KINDS.get(event);
  if (kind === undefined) return ignore(EVENT_NAME.test(event) ? event : "an event without a name");
  if (!isPayload(payload)) return refuse("The payload is no JSON object.");
  if (!kind.fits(payload)) return refuse(`The body is no ${event}. The header X-GitHub-Event must fit it.`);
  const repository = readRepository(payload);
  if (repository === null) return refuse("The payload lacks its repository.");
  const told: Delivery = { action: textIn(payload, "action", 40), body: payload, repository, context };
  const reading = kind.read(told);
  if ("refused" in reading) return refuse(reading.refused);
  if ("ignored" in reading) return ignore(reading.ignored);
  return { events: reading.events, refused: [], ignored: {} };
};

function ignore(reason: string): Adapted {
  return { events: [], refused: [], ignored: { [reason]: 1 } };
}

function refuse(message: string): Adapted {
  return { events: [], refused: [{ index: 0, message }], ignored: {} };
}
