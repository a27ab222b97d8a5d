/**
 * What happens to a pull request; reviews of it are in review.ts.
 *
 * | action                                     | event                                                       |
 * |--------------------------------------------|-------------------------------------------------------------|
 * | any, of a pull request without a link      | feature_requested, feature_started: a feature of its own    |
 * | opened, reopened, ready_for_review, review_requested | review_requested, unless it is a draft             |
 * | synchronize                                | coder_resubmitted, unless it is a draft                     |
 * | closed, merged into the default branch     | task_merged, else feature_merged                            |
 * | closed, merged into another branch         | task_completed, else feature_completed                      |
 * | closed without a merge, reopened           | feature_abandoned, feature_reopened: of its own feature only |
 * | edited, title                              | feature_requested with the new one: of its own feature only |
 *
 * What a sender of ours named keeps its title: a pull request linked to it says
 * how it goes, not what it is.
 */
import type { OutgoingEvent } from "../../../schema/event/outgoing.ts";
import { countIn, flagIn, hasObject, numberIn, objectIn, textIn, timeIn, type Payload } from "../payload.ts";
import { agentOf, eventOf, type Delivery, type Happening, type Reading } from "./delivery.ts";
import { about, describe, introduce, MAX_SHA_CHARS, pullOf, type Pull } from "./pull.ts";

export function readPullRequest(delivery: Delivery): Reading {
  const pull = pullOf(delivery);
  if (pull === null) return { refused: "The pull request lacks its number or its times." };
  const told = (pull.own ? introduce(delivery, pull) : []).concat(tellAction(delivery, pull));
  return told.length > 0 ? { events: told } : { ignored: `pull_request ${delivery.action ?? ""}`.trim() };
}

function tellAction(delivery: Delivery, pull: Pull): OutgoingEvent[] {
  const { body, action } = delivery;
  const { number, fields, link, author } = pull;
  const updated_ms = timeIn(fields, "updated_at") ?? pull.created_ms;
  const head = textIn(objectIn(fields, "head"), "sha", MAX_SHA_CHARS);
  const by_sender = agentOf(objectIn(body, "sender"));
  const say = (happening: Omit<Happening, "link">): OutgoingEvent[] => [
    eventOf(delivery, {
      ...happening,
      link,
      metadata: { ...about(pull), ...happening.metadata },
    }),
  ];
  const ask = (key: string, time_ms: number, reviewer?: string): OutgoingEvent[] =>
    flagIn(fields, "draft")
      ? []
      : say({
          key: `${number}-${key}`,
          time_ms,
          event_type: "review_requested",
          agent_id: by_sender,
          metadata: { author, reviewer, commit: head },
        });
  switch (action ?? "") {
    case "opened":
      return ask("opened", pull.created_ms);
    case "ready_for_review":
      return ask(`ready-${updated_ms}`, updated_ms);
    case "review_requested": {
      const reviewer = reviewerIn(body);
      return ask(`asked-${reviewer.id ?? "nobody"}-${updated_ms}`, updated_ms, reviewer.name);
    }
    case "synchronize":
      return flagIn(fields, "draft")
        ? []
        : say({
            key: `${number}-pushed-${textIn(body, "after", MAX_SHA_CHARS) ?? updated_ms}`,
            time_ms: updated_ms,
            event_type: "coder_resubmitted",
            agent_id: by_sender,
            metadata: { author, commit: head },
          });
    case "reopened":
      return pull.own
        ? say({
            key: `${number}-reopened-${updated_ms}`,
            time_ms: updated_ms,
            event_type: "feature_reopened",
            agent_id: by_sender,
          })
        : ask(`reopened-${updated_ms}`, updated_ms);
    case "edited":
      return pull.own && hasObject(objectIn(body, "changes"), "title")
        ? say({
            key: `${number}-titled-${updated_ms}`,
            time_ms: updated_ms,
            event_type: "feature_requested",
            agent_id: by_sender,
            metadata: describe(pull),
          })
        : [];
    case "closed": {
      const end = closing(delivery, pull, updated_ms, by_sender);
      return end === null ? [] : say(end);
    }
    default:
      return [];
  }
}

function closing(
  { repository }: Delivery,
  pull: Pull,
  updated_ms: number,
  by_sender: string,
): Omit<Happening, "link"> | null {
  const { number, fields, link } = pull;
  const merged_ms = timeIn(fields, "merged_at");
  const closed_ms = timeIn(fields, "closed_at") ?? updated_ms;
  if (merged_ms === null) {
    if (!pull.own) return null;
    const reason = "The pull request was closed without a merge.";
    return {
      key: `${number}-closed-${closed_ms}`,
      time_ms: closed_ms,
      event_type: "feature_abandoned",
      agent_id: by_sender,
      metadata: { reason },
    };
  }
  const base = textIn(objectIn(fields, "base"), "ref");
  const in_main = repository.default_branch === null || base === repository.default_branch;
  const what = link.task_id === undefined ? "feature" : "task";
  return {
    key: `${number}-merged`,
    time_ms: merged_ms,
    event_type: `${what}_${in_main ? "merged" : "completed"}`,
    agent_id: hasObject(fields, "merged_by") ? agentOf(objectIn(fields, "merged_by")) : by_sender,
    metadata: {
      commit: textIn(fields, "merge_commit_sha", MAX_SHA_CHARS),
      branch: textIn(objectIn(fields, "head"), "ref", 300),
    },
    metrics: {
      files_changed: countIn(fields, "changed_files"),
      insertions: countIn(fields, "additions"),
      deletions: countIn(fields, "deletions"),
      duration_ms: Math.max(0, merged_ms - pull.created_ms),
    },
  };
}

/** A person or a team. */
function reviewerIn(body: Payload): { id: string | null; name?: string } {
  const person = objectIn(body, "requested_reviewer");
  const id = numberIn(person, "id");
  if (id !== null) return { id: `u${id}`, name: agentOf(person) };
  const team = objectIn(body, "requested_team");
  const team_id = numberIn(team, "id");
  const slug = textIn(team, "slug", 100);
  return {
    id: team_id === null ? null : `t${team_id}`,
    ...(slug === null ? {} : { name: `github:${slug}` }),
  };
}
