/**
 * One line of the town's activity feed (`.events.jsonl`: ts, source, type,
 * actor, payload) → one event.
 *
 *   sling            task_claimed by the target        done           agent_submitted
 *   hook / unhook    task_claimed / gastown.released    handoff        handoff to its own next session
 *   spawn, session_start  agent_initialized            kill, session_end  agent_stopped
 *   session_death    agent_crashed                     escalation_sent escalated_to_user, or agent_escalated
 *   merged           task_merged                       merge_failed   integration_failed
 *   all others       gastown.<type>: kept, not folded (merge_started, patrols, mail, nudges, …)
 *
 * Merges name a branch, not a bead: what `done` said of the branch, or the
 * merge request in the ledger, says whose it is.
 */
import type { Json } from "../../../schema/event/event.ts";
import { agentName, roleOf } from "../actor.ts";
import { featureOf, type Issues } from "../issue/history.ts";
import { MAX_ID_CHARS } from "../issue/issue.ts";
import { cut, object, text, time, type JsonObject } from "../json-field.ts";
import { contentId } from "../outgoing.ts";
import type { OutgoingEvent } from "../../../schema/event/outgoing.ts";
import { ownName } from "./ledger.ts";
import { meaningOf, TRACKER } from "./town.ts";

const MAX_TEXT_CHARS = 500;
/** People, as an escalation may name them. */
const PEOPLE = new Set(["overseer", "human", "user", ""]);

export interface Feed {
  issues: Issues;
  /** Branch → bead, as `done` told it. */
  branches: Map<string, string>;
}

export function mapFeedRecord(raw: JsonObject, feed: Feed): OutgoingEvent | string {
  const ms = time(raw["ts"]);
  const type = text(raw["type"]);
  if (ms === null || type === null) return "a feed record without ts or type";
  const actor = agentName(raw["actor"], TRACKER) ?? TRACKER;
  const payload = object(raw["payload"]);
  const words = (key: string): string | null => {
    const value = text(payload[key]);
    return value === null ? null : cut(value, MAX_TEXT_CHARS);
  };
  const given = (fields: Record<string, string | null>): Record<string, Json> =>
    Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
  const tell = (
    event_type: string,
    metadata: Record<string, Json>,
    more: { agent?: string; bead?: string | null } = {},
  ) => {
    const agent_id = more.agent ?? actor;
    const role = roleOf(agent_id);
    const bead = more.bead ?? null;
    const issue = bead === null ? undefined : feed.issues.get(bead);
    const feature = issue === undefined ? null : featureOf(issue, feed.issues);
    const session = words("session_id");
    const body: Omit<OutgoingEvent, "id"> = {
      timestamp: new Date(ms).toISOString(),
      event_type,
      agent_id,
      ...(role === null ? {} : { agent_role: role }),
      ...(bead === null || issue?.is_feature === true ? {} : { task_id: bead.slice(0, MAX_ID_CHARS) }),
      ...(feature === null ? {} : { feature_id: feature }),
      ...(session === null ? {} : { session_id: session.slice(0, MAX_ID_CHARS) }),
      ...(Object.keys(metadata).length === 0 ? {} : { metadata }),
    };
    return { id: contentId(TRACKER, body, JSON.stringify(raw)), ...body };
  };
  const bead = words("bead");
  const branch = words("branch");
  const reason = words("reason");
  const polecat = (name: string | null): string | null => {
    const rig = words("rig");
    const path = name === null || rig === null || name.includes("/") ? name : `${rig}/polecats/${name}`;
    return agentName(path, TRACKER);
  };

  switch (type) {
    case "sling": {
      const target = agentName(payload["target"], TRACKER);
      return tell("task_claimed", target === null ? {} : { assignee: target }, { bead });
    }
    case "hook":
      return tell("task_claimed", {}, { bead });
    case "unhook":
      return tell("gastown.released", {}, { bead });
    case "done":
      if (bead !== null && branch !== null) feed.branches.set(branch, bead);
      return tell("agent_submitted", given({ branch }), { bead });
    case "handoff":
      return tell("handoff", { from_agent: actor, to_agent: actor, ...given({ summary: words("subject") }) });
    case "spawn":
      return tell("agent_initialized", { runtime: TRACKER }, { agent: polecat(words("polecat")) ?? actor });
    case "session_start":
      return tell("agent_initialized", { runtime: "claude-code" });
    case "session_end":
      return tell("agent_stopped", given({ reason }));
    case "kill":
      return tell("agent_stopped", given({ reason }), { agent: polecat(words("target")) ?? actor });
    case "session_death":
      return tell("agent_crashed", given({ reason }), {
        agent: agentName(payload["agent"], TRACKER) ?? actor,
      });
    case "escalation_sent": {
      const to = words("to");
      const event_type = PEOPLE.has(to ?? "") ? "escalated_to_user" : "agent_escalated";
      return tell(event_type, given({ reason, to }));
    }
    case "merged":
      return tell("task_merged", given({ branch }), { bead: mergedBead(words("mr"), branch, feed) });
    case "merge_failed":
      return tell("integration_failed", given({ branch, error: reason }), {
        bead: mergedBead(words("mr"), branch, feed),
      });
    default:
      return tell(`gastown.${ownName(type)}`, given({ reason, branch, to: words("to") }), { bead });
  }
}

function mergedBead(request: string | null, branch: string | null, feed: Feed): string | null {
  const told = branch === null ? undefined : feed.branches.get(branch);
  if (told !== undefined) return told;
  const issue = request === null ? undefined : feed.issues.get(request);
  if (issue === undefined) return request;
  const meaning = meaningOf(issue, feed.issues);
  return meaning.is === "merge request" ? meaning.source : request;
}
