/**
 * Pushes to the default branch: a commit whose trailer names a task is the
 * merge of that task, where no pull request tells it.
 */
import type { OutgoingEvent } from "../../../schema/event/outgoing.ts";
import { objectIn, objectsIn, textIn, timeIn, type Payload } from "../payload.ts";
import { eventOf, type Delivery, type Reading } from "./delivery.ts";
import { trailersIn } from "./link.ts";

const SHA = /^[0-9a-f]{7,64}$/;
/** Subjects that GitHub writes when it merges a pull request, whose own delivery tells the merge. */
const OF_PULL_REQUEST = /^Merge pull request #\d+ |\(#\d+\)$/;

export function readPush(delivery: Delivery): Reading {
  const { body, repository } = delivery;
  const main = repository.default_branch;
  if (main === null || textIn(body, "ref") !== `refs/heads/${main}`)
    return { ignored: "push to another branch than the default one" };
  const events = objectsIn(body, "commits").flatMap((commit) => mergeIn(delivery, commit, main));
  return events.length > 0 ? { events } : { ignored: "push without a commit whose trailer names a task" };
}

function mergeIn(delivery: Delivery, commit: Payload, branch: string): OutgoingEvent[] {
  const sha = textIn(commit, "id");
  const time_ms = timeIn(commit, "timestamp");
  const message = textIn(commit, "message");
  if (sha === null || !SHA.test(sha) || time_ms === null || message === null) return [];
  // Pushed before, on another branch: it comes here by a merge.
  if (commit["distinct"] === false || OF_PULL_REQUEST.test(message.split("\n", 1)[0]?.trim() ?? ""))
    return [];
  const link = trailersIn(message);
  if (link.task_id === undefined) return [];
  const author = textIn(objectIn(commit, "author"), "username", 100);
  const pusher = textIn(objectIn(delivery.body, "sender"), "login", 100);
  return [
    eventOf(delivery, {
      key: `commit-${sha}`,
      time_ms,
      event_type: "task_merged",
      agent_id: `github:${author ?? pusher ?? "ghost"}`,
      link,
      metadata: { commit: sha, branch },
    }),
  ];
}
