/**
 * What a share link shows of the log and of the state: its redactions (view.ts,
 * redact.ts), and without the view `events` no more of an event than the Task
 * Flow, and with the view `metrics` what is measured, is folded from. Both
 * together keep S2:
 *
 *   fold(shareEvent(event)) = shareState(fold(event))
 *
 * The views are in share-view.ts.
 */
import type { Json, StoredEvent } from "../event/event.ts";
import { speaksAsClusterfork } from "../event/own.ts";
import { redactEvent, type Alias, type ViewPolicy } from "../event/view.ts";
import { isKnownType } from "../event/type.ts";
import { redactState, withoutFigures } from "./redact.ts";
import type { ShareView } from "./share-view.ts";
import type { Agent } from "./entity/agent.ts";
import type { Alert } from "./entity/alert.ts";
import type { Foretold } from "./entity/forecast.ts";
import type { WireState } from "./state.ts";

export interface ShareScope {
  views: readonly ShareView[];
  policy: ViewPolicy;
}

const DESCRIBED = ["title", "title_guessed", "parent_id", "kind", "priority", "dependencies"];
const TAKEN = ["assignee", "files"];
const WORKED = ["files"];
const CHANGED = ["files_changed"];
const TESTED = ["passed", "failed"];
const SPENDER = ["agent", "role", "feature"];
const THRESHOLD = ["budget_id", "revision", "period_start"];

/** The metadata that the fold reads, decisions, escalations and the words of SOPs and alerts apart. A test holds it complete. */
const FOLDED_METADATA: ReadonlyMap<string, readonly string[]> = new Map([
  ["feature_requested", [...DESCRIBED, "requested_by"]],
  ["feature_planned", [...DESCRIBED, "requested_by", "files"]],
  ["sprint_started", ["sprint_id", "title", "goal", "features", "ends_at"]],
  ["sprint_ended", ["sprint_id"]],
  ["sop_adopted", ["sop_id", "version", "roles", "kinds"]],
  ["task_created", [...DESCRIBED, ...TAKEN]],
  ["task_claimed", TAKEN],
  ["task_started", TAKEN],
  ["task_progress", [...WORKED, "progress", "percent"]],
  ["task_blocked", ["reason"]],
  ["task_failed", ["reason"]],
  ["task_completed", WORKED],
  ["task_merged", WORKED],
  ["handoff", ["from_agent", "to_agent"]],
  ["agent_submitted", WORKED],
  ["review_requested", WORKED],
  ["coder_resubmitted", WORKED],
  ["agent_initialized", ["model", "role"]],
  ["tokens_used", ["model", "cost_source", "reservation_id"]],
  ["file_locked", ["path"]],
  ["file_unlocked", ["path"]],
  ["bug_reported", ["caused_by"]],
  ["lock_conflict", ["path", "holder_agent_id", "holder_task_id"]],
  ["budget_set", ["budget_id", "removed", "title", "scope", "period", "unit", "hard", "by", ...SPENDER]],
  ["budget_reserved", ["reservation_id", "expires_at", "task", ...SPENDER]],
  ["budget_released", ["reservation_id"]],
  ["budget_warned", THRESHOLD],
  ["budget_exceeded", THRESHOLD],
  ["alert_raised", ["alert_id", "rule", "metric", "severity", "agent", "path", "since"]],
  ["alert_acknowledged", ["alert_id", "by"]],
  ["alert_snoozed", ["alert_id", "until"]],
  ["alert_assigned", ["alert_id", "assignee"]],
  ["alert_cleared", ["alert_id"]],
  ["pip_opened", ["agent", "metric", "since"]],
  ["pip_closed", ["agent"]],
  ["target_recalibrated", ["metric", "scope", "method"]],
  ["forecast_made", ["forecast_id", "metric", "method"]],
  ["forecast_scored", ["forecast_id", "metric", "method"]],
]);
const FOLDED_METRICS: ReadonlyMap<string, readonly string[]> = new Map([
  [
    "tokens_used",
    [
      "input_tokens",
      "cache_read_tokens",
      "cache_write_tokens",
      "output_tokens",
      "reasoning_tokens",
      "cost_usd",
    ],
  ],
  ["feature_planned", ["file_count"]],
  ...["agent_submitted", "task_completed", "task_merged", "feature_completed", "feature_merged"].map(
    (type): [string, readonly string[]] => [type, CHANGED],
  ),
  ["test_passed", TESTED],
  ["test_failed", TESTED],
  ["budget_set", ["limit_usd", "limit_tokens"]],
  ["budget_reserved", ["amount_usd", "amount_tokens"]],
  ["budget_warned", ["threshold_percent"]],
  ["budget_exceeded", ["threshold_percent"]],
]);

/** What the fold reads besides for whoever may see how it goes: what alerts say, and the figures of alerts, plans and forecasts. */
const MEASURED_METADATA: ReadonlyMap<string, readonly string[]> = new Map([
  ["alert_raised", ["title", "message"]],
  ["alert_cleared", ["title", "message"]],
]);
const SAID = ["value", "target", "samples"];
const INTERVAL = ["predicted", "low", "high", "coverage", "samples"];
const MEASURED_METRICS: ReadonlyMap<string, readonly string[]> = new Map([
  ["alert_raised", SAID],
  ["alert_cleared", SAID],
  ["pip_opened", ["value", "target"]],
  ["target_recalibrated", [...SAID, "previous"]],
  ["forecast_made", INTERVAL],
  ["forecast_scored", [...INTERVAL, "actual", "error"]],
]);

/** Whether a link shows by whom an event is and what it is about. Where it does not, no filter may tell it either. */
export function showsSubject(event: StoredEvent, scope: ShareScope): boolean {
  return scope.views.includes("events") || isKnownType(event.event_type);
}

export function shareEvent(event: StoredEvent, scope: ShareScope, alias: Alias): StoredEvent {
  const shown = scope.views.includes("events") ? event : onlyFolded(event, scope.views.includes("metrics"));
  return redactEvent(shown, scope.policy, alias);
}

export function shareState(wire: WireState, scope: ShareScope, alias: Alias): WireState {
  const redacted = redactState(wire, scope.policy, alias);
  if (scope.views.includes("events")) return redacted;
  const worded: WireState = {
    ...redacted,
    escalations: redacted.escalations.map((entry) => ({ ...entry, reason: null })),
    decisions: redacted.decisions.map((entry) => ({
      ...entry,
      title: null,
      rationale: null,
      alternatives: [],
    })),
    sops: redacted.sops.map((sop) => ({ ...sop, title: null, text: null })),
  };
  if (scope.views.includes("metrics")) return worded;
  return {
    ...worded,
    agents: redacted.agents.map(unmeasured),
    open_alerts: redacted.open_alerts.map(wordless),
    closed_alerts: redacted.closed_alerts.map(wordless),
    ...figureless(redacted),
  };
}

/** What an alert says and what was measured, as the metadata that the Task Flow leaves out. */
function wordless(alert: Alert): Alert {
  return { ...alert, title: null, message: null, value: null, target: null, samples: null };
}

function unmeasured(agent: Agent): Agent {
  const { pip } = agent;
  return pip === null ? agent : { ...agent, pip: { ...pip, value: null, target: null } };
}

/** How good forecasts are is nothing that the Task Flow shows. */
function figureless(redacted: WireState): Pick<WireState, "targets" | "open_forecasts" | "scored_forecasts"> {
  const { targets, open_forecasts, scored_forecasts } = withoutFigures(redacted);
  const unsampled = (one: Foretold): Foretold => ({ ...one, coverage: null, samples: null });
  return {
    targets: targets.map((target) => ({ ...target, samples: null })),
    open_forecasts: open_forecasts.map(unsampled),
    scored_forecasts: scored_forecasts.map(unsampled),
  };
}

function onlyFolded(event: StoredEvent, measured: boolean): StoredEvent {
  const { session_id: _session, metadata, metrics, ...rest } = event;
  const keysOf = (folded: typeof FOLDED_METADATA, besides: typeof MEASURED_METADATA) => [
    ...(folded.get(event.event_type) ?? []),
    ...(measured ? (besides.get(event.event_type) ?? []) : []),
  ];
  if (!isKnownType(event.event_type)) {
    // showsSubject says the same. It is counted, and that is all (S4).
    const { agent_role: _role, task_id: _task, feature_id: _feature, ...counted } = rest;
    // That Clusterfork says it is kept: its own voice moves no clock (clock.ts).
    return { ...counted, agent_id: speaksAsClusterfork(event) ? event.agent_id : "", key_id: "" };
  }
  // Which key sent it is no part of the state; the field itself is part of every event.
  const reduced: StoredEvent = { ...rest, key_id: "" };
  if (metadata !== undefined)
    reduced.metadata = pick<Json>(metadata, keysOf(FOLDED_METADATA, MEASURED_METADATA));
  if (metrics !== undefined)
    reduced.metrics = pick<number>(metrics, keysOf(FOLDED_METRICS, MEASURED_METRICS));
  return reduced;
}

function pick<V>(fields: { [key: string]: V }, keys: readonly string[]): { [key: string]: V } {
  const picked: { [key: string]: V } = {};
  for (const key of keys) {
    const value = fields[key];
    if (value !== undefined && Object.hasOwn(fields, key)) picked[key] = value;
  }
  return picked;
}
