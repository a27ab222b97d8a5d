/**
 * The fold of the log: the one reducer of the room, the browser, the CLI and
 * the tests. It reads no clock, draws no random number, does no I/O, and never
 * throws (S3): an event whose projection throws is told to `unfoldable`, keeps
 * what was changed until then, and the fold goes on behind it. What throws is a
 * function of state and event alone, so that every fold of the same log stops
 * at the same place of the same event, and S1 and S2 hold with it. The
 * projections, one file each, hold the tables of what each event means.
 *
 *   event ─▶ count ─▶ known? ─▶ meet agent, task, feature ─▶ the type's own fold
 *              │         └ no: nothing else changes (S4)
 *              └ per type, first and last time
 */
import type { StoredEvent } from "../event/event.ts";
import { isKnownType } from "../event/type.ts";
import {
  foldAlertAcknowledged,
  foldAlertAssigned,
  foldAlertCleared,
  foldAlertRaised,
  foldAlertSnoozed,
} from "./alert.ts";
import { foldEnded, foldIdle, foldInitialized, foldTool, meetAgent, seeAgent } from "./agent.ts";
import { createSpending, foldBudgetSet, foldReleased, foldReserved, foldThreshold, spend } from "./budget.ts";
import { clockAfter, foldTime } from "./clock.ts";
import { count } from "./counter.ts";
import { foldCreated } from "./creation.ts";
import { foldDecision } from "./decision.ts";
import { foldCompleted, foldFailed, foldMerged } from "./ending.ts";
import { foldEscalatedToBoard, foldEscalatedToUser, foldIntervened } from "./escalation.ts";
import {
  foldBug,
  foldFeatureAbandoned,
  foldFeatureCompleted,
  foldFeatureMerged,
  foldFeatureReopened,
  foldFeatureStarted,
  foldPlanned,
  foldRequested,
  meetFeature,
} from "./feature.ts";
import { labelIn } from "./field.ts";
import { foldForecastMade, foldForecastScored } from "./forecast.ts";
import { foldConflict, foldLocked, foldUnlocked } from "./lock.ts";
import { foldPipClosed, foldPipOpened } from "./pip.ts";
import { foldApproved, foldChangesRequested, foldSubmitted } from "./review.ts";
import { foldSopAdopted } from "./sop.ts";
import { foldSprintEnded, foldSprintStarted } from "./sprint.ts";
import type { ProjectState } from "./state.ts";
import type { Fold } from "./subject.ts";
import { foldRecalibrated } from "./target.ts";
import {
  foldLintFailed,
  foldLintPassed,
  foldTestFailed,
  foldTestPassed,
  linkFeature,
  meetTask,
} from "./task.ts";
import { addCall, createUsage } from "./usage.ts";
import { noteWorker } from "./worker.ts";
import {
  foldBlocked,
  foldClaimed,
  foldHandoff,
  foldProgress,
  foldReopened,
  foldStarted,
  foldUnblocked,
} from "./work.ts";

export function createState(): ProjectState {
  return {
    seq: 0,
    time: 0,
    open_tasks: new Map(),
    closed_tasks: new Map(),
    open_features: new Map(),
    closed_features: new Map(),
    agents: new Map(),
    locks: new Map(),
    conflicts: new Map(),
    escalations: [],
    decisions: [],
    open_alerts: new Map(),
    closed_alerts: new Map(),
    targets: new Map(),
    open_forecasts: new Map(),
    scored_forecasts: new Map(),
    sprints: new Map(),
    sops: new Map(),
    usage: createUsage(),
    unassigned: { events: 0, usage: createUsage() },
    spending: createSpending(),
    counters: {
      events: 0,
      by_type: new Map(),
      forgotten_tasks: 0,
      forgotten_features: 0,
      forgotten_agents: 0,
      first_time: null,
      last_time: null,
    },
    totals: { dependencies: 0, files: 0 },
  };
}

const foldCall: Fold = (state, event, { time_ms, agent, agent_is_current, task, feature }) => {
  addCall(state.usage, event);
  spend(state, event, time_ms, {
    agent: event.agent_id,
    role: event.agent_role ?? agent?.role ?? null,
    feature_id: feature?.id ?? null,
  });
  if (task !== null) addCall(task.usage, event);
  addCall((feature ?? state.unassigned).usage, event);
  if (agent === null) return;
  addCall(agent.usage, event);
  if (agent_is_current || agent.model === null) agent.model = labelIn(event, "model") ?? agent.model;
};

/** Known types without an entry only make their agent, task and feature seen. */
const FOLDS: ReadonlyMap<string, Fold> = new Map<string, Fold>([
  ["feature_requested", foldRequested],
  ["feature_planned", foldPlanned],
  ["feature_started", foldFeatureStarted],
  ["feature_completed", foldFeatureCompleted],
  ["feature_merged", foldFeatureMerged],
  ["feature_abandoned", foldFeatureAbandoned],
  ["feature_reopened", foldFeatureReopened],
  ["sprint_started", foldSprintStarted],
  ["sprint_ended", foldSprintEnded],
  ["task_created", foldCreated],
  ["task_claimed", foldClaimed],
  ["task_started", foldStarted],
  ["task_progress", foldProgress],
  ["task_blocked", foldBlocked],
  ["task_unblocked", foldUnblocked],
  ["task_completed", foldCompleted],
  ["task_failed", foldFailed],
  ["task_merged", foldMerged],
  ["task_reopened", foldReopened],
  ["handoff", foldHandoff],
  ["agent_submitted", foldSubmitted],
  ["review_requested", foldSubmitted],
  ["coder_resubmitted", foldSubmitted],
  ["reviewer_approved", foldApproved],
  ["reviewer_changes_requested", foldChangesRequested],
  ["reviewer_rejected", foldChangesRequested],
  ["agent_initialized", foldInitialized],
  ["agent_idle", foldIdle],
  ["agent_stopped", foldEnded],
  ["agent_crashed", foldEnded],
  ["tool_called", foldTool],
  ["tokens_used", foldCall],
  ["file_locked", foldLocked],
  ["file_unlocked", foldUnlocked],
  ["lock_conflict", foldConflict],
  ["test_passed", foldTestPassed],
  ["test_failed", foldTestFailed],
  ["lint_passed", foldLintPassed],
  ["lint_error_found", foldLintFailed],
  ["bug_reported", foldBug],
  ["escalated_to_user", foldEscalatedToUser],
  ["escalated_to_board", foldEscalatedToBoard],
  ["human_intervened", foldIntervened],
  ["decision_recorded", foldDecision],
  ["sop_adopted", foldSopAdopted],
  ["budget_set", foldBudgetSet],
  ["budget_reserved", foldReserved],
  ["budget_released", foldReleased],
  ["budget_warned", foldThreshold],
  ["budget_exceeded", foldThreshold],
  ["alert_raised", foldAlertRaised],
  ["alert_acknowledged", foldAlertAcknowledged],
  ["alert_snoozed", foldAlertSnoozed],
  ["alert_assigned", foldAlertAssigned],
  ["alert_cleared", foldAlertCleared],
  ["pip_opened", foldPipOpened],
  ["pip_closed", foldPipClosed],
  ["target_recalibrated", foldRecalibrated],
  ["forecast_made", foldForecastMade],
  ["forecast_scored", foldForecastScored],
]);

/** Told of an event that could not be folded whole: a defect of ours, whatever the event holds. */
export type Unfoldable = (seq: number, error: unknown) => void;

const complain: Unfoldable = (seq, error) =>
  console.error(`event ${String(seq)} could not be folded whole`, error);

/**
 * Folds one event into the state, in place. An event at or before `state.seq`
 * is already in it and changes nothing, so a tail may overlap its snapshot.
 */
export function apply(state: ProjectState, event: StoredEvent, unfoldable: Unfoldable = complain): void {
  if (!(event.seq > state.seq)) return;
  // First of all: whatever becomes of it, the event is behind the state.
  state.seq = event.seq;
  try {
    fold(state, event);
  } catch (error) {
    unfoldable(event.seq, error);
  }
}

function fold(state: ProjectState, event: StoredEvent): void {
  const time_ms = foldTime(event, state.time);
  state.time = clockAfter(event, time_ms, state.time);
  const event_type = event.event_type;
  count(state.counters, event_type, time_ms);
  if (!isKnownType(event_type)) return;

  const agent = meetAgent(state, event, time_ms);
  const task = event.task_id === undefined ? null : meetTask(state, event.task_id, event, time_ms);
  const feature_id = event.feature_id ?? task?.feature_id ?? null;
  const feature = feature_id === null ? null : meetFeature(state, feature_id, event, time_ms);
  if (feature === null && agent !== null) state.unassigned.events += 1;
  // After meeting the feature, so that work seen earlier can start it.
  if (task !== null && task.feature_id === null && feature_id !== null) linkFeature(state, task, feature_id);

  state.observer?.note(event, { time_ms, agent, task, feature }, state.time);
  const agent_is_current = agent !== null && seeAgent(agent, event, time_ms);
  const was_assignee = task?.assignee ?? null;
  FOLDS.get(event_type)?.(state, event, { time_ms, agent, agent_is_current, task, feature });
  if (task !== null) noteWorker(state, task, was_assignee, agent);
}
