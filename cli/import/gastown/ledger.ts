/**
 * One record of the ledger (`events.jsonl`) → one event.
 *
 * | ledger                              | task                          | feature            |
 * |-------------------------------------|-------------------------------|--------------------|
 * | created                             | task_created                  | feature_requested  |
 * | claimed, status hooked, assignee    | task_claimed                  | feature_started    |
 * | status in_progress                  | task_started                  | feature_started    |
 * | status blocked                      | task_blocked                  | gastown.updated    |
 * | status open again after blocked     | task_unblocked                | gastown.updated    |
 * | status open again (unhook)          | gastown.released              | gastown.updated    |
 * | closed                              | task_completed                | feature_completed  |
 * | reopened                            | task_reopened                 | feature_reopened   |
 * | notes                               | gastown.noted: kept, not folded | the same          |
 * | labels, comments, all other changes | gastown.…: kept, not folded   | the same           |
 *
 * Beads of agents tell of the agent instead: created → agent_initialized,
 * hook_bead → task_claimed, agent_state idle → agent_idle, nuked or closed →
 * agent_stopped, reopened → agent_recovered, else a heartbeat. A merge request
 * tells of its source: created → review_requested, closed as merged → task_merged,
 * closed as rejected → reviewer_rejected, as long as the work is not closed (issue/merge-request.ts).
 * What befalls a rig is about no task: gastown.rig_…. A creation or a closing that is told
 * once more, by a copy of the town: gastown.created_again, gastown.closed_again.
 */
import type { Json } from "../../../schema/event/event.ts";
import { agentName } from "../actor.ts";
import { describedFields } from "../issue/described.ts";
import { describe, featureOf, issueEvent, MAX_DESCRIPTION_CHARS, type Issues } from "../issue/history.ts";
import { MAX_ID_CHARS, type Issue } from "../issue/issue.ts";
import { isOpenAt, verdictOf, verdictType } from "../issue/merge-request.ts";
import { cut, isObject, text, time, type JsonObject } from "../json-field.ts";
import type { OutgoingEvent } from "../../../schema/event/outgoing.ts";
import { contentId } from "../outgoing.ts";
import { meaningOf, TRACKER, type Meaning } from "./town.ts";

export interface LedgerRecord {
  issue_id: string;
  type: string;
  actor: string;
  ms: number;
  old: JsonObject;
  /** The new values; empty where the record gives plain text. */
  changes: JsonObject;
  words: string | null;
  /** Tells this record from all others; `id` does not, it restarts with each backup. */
  key: string;
  at: string;
}

export function readLedgerRecord(raw: JsonObject, at: string): LedgerRecord | string {
  const issue_id = text(raw["issue_id"]);
  const type = text(raw["event_type"]);
  const ms = time(raw["created_at"]);
  if (issue_id === null || type === null) return "a ledger record without issue_id or event_type";
  if (issue_id.length > MAX_ID_CHARS) return `issue_id longer than ${MAX_ID_CHARS} characters`;
  if (ms === null) return "no readable created_at";
  const changes = jsonIn(raw["new_value"]);
  return {
    issue_id,
    type,
    ms,
    actor: agentName(raw["actor"], TRACKER) ?? TRACKER,
    old: jsonIn(raw["old_value"]) ?? {},
    changes: changes ?? {},
    words: changes === null ? (text(raw["new_value"]) ?? text(raw["comment"])) : text(raw["comment"]),
    key: JSON.stringify([issue_id, type, raw["created_at"], raw["actor"], raw["new_value"], raw["comment"]]),
    at,
  };
}

/** Values are JSON as text; a long one is cut off and can no longer be read. */
function jsonIn(value: unknown): JsonObject | null {
  if (typeof value !== "string" || !value.startsWith("{")) return null;
  try {
    const parsed: unknown = JSON.parse(value);
    return isObject(parsed) ? parsed : null;
  } catch {
    return {};
  }
}

export interface Ledger {
  issues: Issues;
  /** Issues whose creation was already told: a second one comes from a copy of the town. */
  created: Set<string>;
  /** What is closed, as far as the records tell: a second closing comes from a copy as well. */
  closed: Set<string>;
}

/** Every record has its event. What the ledger says twice of one issue is kept the second time, and not folded: the
 *  live state may have forgotten the issue by then, and would have it once more. */
export function mapLedgerRecord(record: LedgerRecord, ledger: Ledger): OutgoingEvent {
  const event = meant(record, ledger);
  const { event_type } = event;
  const id = event.task_id ?? event.feature_id;
  if (id === undefined) return event;
  if (COMPLETIONS.has(event_type)) {
    if (ledger.closed.has(id)) {
      const { id: _told, ...body } = { ...event, event_type: `${TRACKER}.closed_again` };
      return { id: contentId(TRACKER, body, record.key), ...body };
    }
    ledger.closed.add(id);
  } else if (GOES_ON.test(event_type)) ledger.closed.delete(id);
  return event;
}

/** Work that goes on, in whatever words: the closing after it is another one. */
const GOES_ON =
  /^(?:(?:task|feature)_(?:reopened|started|claimed|blocked|unblocked)|review(?:_requested|er_rejected))$/;

const COMPLETIONS: ReadonlySet<string> = new Set(["task_completed", "feature_completed"]);

function meant(record: LedgerRecord, ledger: Ledger): OutgoingEvent {
  const issue = ledger.issues.get(record.issue_id);
  const subject: Pick<Issue, "id" | "is_feature"> = issue ?? { id: record.issue_id, is_feature: false };
  const meaning: Meaning = issue === undefined ? { is: "work" } : meaningOf(issue, ledger.issues);
  const tell = (
    event_type: string,
    metadata: Record<string, Json> = {},
    agent_id = record.actor,
    about = subject,
  ): OutgoingEvent => {
    const known = ledger.issues.get(about.id);
    const feature =
      known === undefined ? (about.is_feature ? about.id : null) : featureOf(known, ledger.issues);
    return issueEvent(TRACKER, about, feature, { ms: record.ms, event_type, agent_id, metadata }, record.key);
  };
  if (meaning.is === "rig") {
    const { task_id: _task, ...event } = tell(`gastown.rig_${ownName(record.type)}`, other(record));
    return event;
  }
  if (meaning.is === "agent") return aboutAgent(record, meaning.agent_id, ledger, tell);
  if (meaning.is === "merge request") {
    const unknown = { id: meaning.source, is_feature: false, status: "open", closed_ms: null };
    const source = ledger.issues.get(meaning.source) ?? unknown;
    const branch: Record<string, Json> = meaning.branch === null ? {} : { branch: meaning.branch };
    if (record.type === "created" && isOpenAt(source, record.ms))
      return tell("review_requested", branch, record.actor, source);
    const verdict = record.type === "closed" ? verdictOf(record.words) : null;
    if (verdict !== null) {
      const type = verdictType(verdict, source, record.ms, TRACKER);
      return tell(type, { ...branch, ...verdict.metadata }, record.actor, source);
    }
    return tell(`gastown.merge_request_${ownName(record.type)}`, other(record), record.actor, source);
  }
  return aboutWork(record, issue, subject.is_feature, ledger, tell);
}

type Tell = (
  event_type: string,
  metadata?: Record<string, Json>,
  agent_id?: string,
  about?: Pick<Issue, "id" | "is_feature">,
) => OutgoingEvent;

function aboutWork(
  record: LedgerRecord,
  issue: Issue | undefined,
  is_feature: boolean,
  ledger: Ledger,
  tell: Tell,
): OutgoingEvent {
  const assignee = agentName(record.changes["assignee"], TRACKER);
  const reason: Record<string, Json> =
    record.words === null ? {} : { reason: cut(record.words, MAX_DESCRIPTION_CHARS) };
  const claim = (): OutgoingEvent =>
    is_feature ? tell("feature_started") : tell("task_claimed", assignee === null ? {} : { assignee });
  const notes = (as: "text" | "reason"): Record<string, Json> => {
    const words = text(record.changes["notes"]);
    return words === null ? {} : { [as]: cut(words, MAX_DESCRIPTION_CHARS) };
  };
  switch (record.type) {
    case "created": {
      const again = ledger.created.has(record.issue_id);
      ledger.created.add(record.issue_id);
      if (again) return tell(`${TRACKER}.created_again`);
      return tell(
        is_feature ? "feature_requested" : "task_created",
        issue === undefined ? {} : describe(issue),
      );
    }
    case "closed":
      return tell(is_feature ? "feature_completed" : "task_completed", reason);
    case "reopened":
      return tell(is_feature ? "feature_reopened" : "task_reopened", notes("text"));
    case "claimed":
      return claim();
    case "status_changed":
    case "updated":
      break;
    default:
      return tell(`gastown.${ownName(record.type)}`, other(record));
  }
  const status = text(record.changes["status"]);
  if (status === "hooked" || (status === null && assignee !== null)) return claim();
  if (status === "in_progress")
    return tell(
      is_feature ? "feature_started" : "task_started",
      is_feature || assignee === null ? {} : { assignee },
    );
  if (status === "closed") return tell(is_feature ? "feature_completed" : "task_completed", notes("reason"));
  if (status !== null && !is_feature) {
    if (status === "blocked" || status === "deferred") return tell("task_blocked", { reason: status });
    if (status === "open")
      return tell(record.old["status"] === "blocked" ? "task_unblocked" : "gastown.released");
  }
  // What an agent writes down on its way is all that a closing without words leaves of it.
  if (status === null && text(record.changes["notes"]) !== null) return tell("gastown.noted", notes("text"));
  return tell("gastown.updated", other(record));
}

function aboutAgent(record: LedgerRecord, agent_id: string, ledger: Ledger, tell: Tell): OutgoingEvent {
  const by: Record<string, Json> = record.actor === agent_id ? {} : { by: record.actor };
  // A bead of an agent is no task: without one, the event is about the agent alone.
  const say = (event_type: string, metadata: Record<string, Json> = {}, agent = agent_id): OutgoingEvent => {
    const {
      task_id: _task,
      feature_id: _feature,
      ...event
    } = tell(event_type, { ...metadata, ...by }, agent);
    return event;
  };
  if (record.type === "created") return say("agent_initialized", { runtime: TRACKER });
  if (record.type === "closed") return say("agent_stopped");
  if (record.type === "reopened") return say("agent_recovered");
  if (record.type !== "updated" && record.type !== "status_changed")
    return say(`gastown.${ownName(record.type)}`, { agent: agent_id, ...other(record) }, record.actor);
  const hook = record.changes["hook_bead"];
  if (typeof hook === "string") {
    if (hook === "") return say("agent_idle", { reason: "unhooked" });
    const work = ledger.issues.get(hook) ?? { id: hook.slice(0, MAX_ID_CHARS), is_feature: false };
    return work.is_feature
      ? tell("feature_started", {}, agent_id, work)
      : tell("task_claimed", { assignee: agent_id, ...by }, record.actor, work);
  }
  const described = describedFields(text(record.changes["description"]));
  const state = text(record.changes["agent_state"]) ?? described.get("agent_state");
  if (state === "idle" || state === "done") return say("agent_idle", { reason: state });
  if (state === "nuked" || state === "stopped") return say("agent_stopped", { reason: state });
  if (state === "spawning") return say("agent_initialized", { runtime: TRACKER });
  return say("agent_heartbeat", state === undefined ? {} : { message: state });
}

/** What changed, without the text itself. */
function other(record: LedgerRecord): Record<string, Json> {
  const fields = Object.keys(record.changes).slice(0, 50);
  return {
    ...(fields.length === 0 ? {} : { fields }),
    ...(record.words === null ? {} : { text: cut(record.words, MAX_DESCRIPTION_CHARS) }),
  };
}

/** A name of the sender as a part of an event type. */
export function ownName(type: string): string {
  return (
    type
      .toLowerCase()
      .replace(/[^a-z0-9_]+/g, "_")
      .slice(0, 40) || "unnamed"
  );
}
