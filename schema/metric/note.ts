/**
 * What each event adds to the tally, at its own time:
 *
 * | event                               | adds                                                                    |
 * |-------------------------------------|-------------------------------------------------------------------------|
 * | any of an agent                     | the time since its last one: up, down, or neither (see `sinceLast`)     |
 * | tokens_used                         | calls, tokens, money                                                    |
 * | agent_submitted, review_requested, coder_resubmitted | a submission, where the task was not in review already; without a task it counts as left out |
 * | lint_passed, lint_error_found       | the result of a submission                                              |
 * | reviewer_approved, _changes_requested, _rejected | a verdict                                                  |
 * | test_passed, test_failed            | the tests they count; an error found, or one fixed                      |
 * | coverage_measured, _increased       | the suite's figure; without one between 0 and 100 it counts as left out |
 * | integration_passed, _failed         | a run; a failure before the merge counts apart                          |
 * | retry_budget_exhausted, agent_crashed, agent_recovered, escalated_to_user without a task | itself             |
 *
 * Money, tokens and time are the sender's; results of work are the assignee's, else the sender's.
 * It sees tasks and agents as they were before the event (`Observer`) and keeps nothing between two events, so the
 * room and the archive, which fold the same log, add the same.
 */
import type { StoredEvent } from "../event/event.ts";
import { isAtRest } from "../state/agent.ts";
import { amountIn, labelIn } from "../state/field.ts";
import { isNewSubmission } from "../state/review.ts";
import type { Agent } from "../state/entity/agent.ts";
import type { Seen } from "../state/state.ts";
import type { Task } from "../state/entity/task.ts";
import type { Cell, Subjects } from "./cell.ts";
import { complexityOf } from "./complexity.ts";
import { noteCoverage } from "./coverage.ts";
import { FINE_MS, floorTo, hourBit } from "./slot.ts";

/** Where sums go. */
export interface Sink {
  cell(time_ms: number, of: Subjects): Cell;
}

/** ms. Heartbeats come every minute or less; five minutes of silence are longer than one call of a model takes. */
export const MAX_UP_GAP_MS = 300_000;
/** ms. Who comes back after more than a day was sent home; nobody knows whether it should have been there. */
export const MAX_DOWN_GAP_MS = 86_400_000;

/** `own` is the sender's cell at the time of the event. */
type Note = (event: StoredEvent, seen: Seen, own: Cell, sink: Sink) => void;

/** Runs for each event of the log: one look-up of a cell, and nothing made but its subjects. */
export function noteEvent(event: StoredEvent, seen: Seen, sink: Sink): void {
  const { agent, time_ms } = seen;
  // Clusterfork's own events are about the work, and no work.
  if (agent === null) return;
  const own = sink.cell(time_ms, senderOf(event, agent, seen));
  if (time_ms > agent.last_seen) sinceLast(agent, event, time_ms, own, sink);
  if (!IDLE_TYPES.has(event.event_type)) own.hours |= hourBit(time_ms);
  NOTES.get(event.event_type)?.(event, seen, own, sink);
}

/** They say that an agent is there, not that it works. */
const IDLE_TYPES: ReadonlySet<string> = new Set([
  "agent_heartbeat",
  "agent_idle",
  "agent_stopped",
  "agent_crashed",
]);

/**
 * The time from the agent's last event to this one. At rest, its last work handed in or done, it is nobody's loss;
 * at work it is up, unless it was silent for too long, or crashed: then it was down. Of who sends no heartbeats a
 * silence tells nothing, for a call of a model or a run of tests may last as long.
 */
function sinceLast(agent: Agent, { event_type }: StoredEvent, time_ms: number, own: Cell, sink: Sink): void {
  const { status, last_seen: from_ms } = agent;
  if (isAtRest(agent)) return;
  const gap_ms = time_ms - from_ms;
  const { sums } = own;
  const beat_ms = agent.beat_at ?? null;
  if (event_type === "agent_heartbeat" && beat_ms !== null && time_ms - beat_ms <= MAX_DOWN_GAP_MS)
    sums[time_ms - beat_ms <= MAX_UP_GAP_MS ? "near_beats" : "far_beats"] += 1;
  if (beat_ms === null || from_ms - beat_ms > MAX_DOWN_GAP_MS) {
    if (gap_ms > MAX_UP_GAP_MS) sums.absences += 1;
    return;
  }
  if (status !== "crashed" && gap_ms <= MAX_UP_GAP_MS) {
    sums.up_ms += gap_ms;
    sums.gaps += 1;
    return;
  }
  if (gap_ms > MAX_DOWN_GAP_MS) {
    sums.absences += 1;
    return;
  }
  sink.cell(from_ms, own.of).sums.gaps += 1;
  for (let at = from_ms; at < time_ms;) {
    const end = Math.min(floorTo(at, FINE_MS) + FINE_MS, time_ms);
    sink.cell(at, own.of).sums.down_ms += end - at;
    at = end;
  }
}

function senderOf(event: StoredEvent, agent: Agent, { task, feature }: Seen): Subjects {
  return {
    feature: feature === null ? null : feature.id,
    role: event.agent_role ?? agent.role,
    agent: agent.id,
    // Each call is of the model that it names, and so is the hour in which it was.
    model: (event.event_type === "tokens_used" ? labelIn(event, "model") : null) ?? agent.model,
    kind: task === null ? null : task.kind,
    complexity: task === null ? null : complexityOf(task.file_count ?? null),
  };
}

/** Results of work are of who does it, whoever tells them. */
function workerCell({ task, time_ms }: Seen, own: Cell, sink: Sink): Cell {
  if (task === null || task.assignee === null || task.assignee === own.of.agent) return own;
  const { assignee, role, model } = task;
  return sink.cell(time_ms, { ...own.of, agent: assignee, role: role ?? null, model: model ?? null });
}

/** Checks that somebody ran on another one's task. */
function noteGiven({ task }: Seen, { of, sums }: Cell): void {
  if (task !== null && task.assignee !== null && task.assignee !== of.agent) sums.checks_given += 1;
}

const noteCall: Note = (event, _seen, { sums }) => {
  sums.calls += 1;
  sums.tokens +=
    (amountIn(event, "input_tokens") ?? 0) +
    (amountIn(event, "cache_read_tokens") ?? 0) +
    (amountIn(event, "cache_write_tokens") ?? 0) +
    (amountIn(event, "output_tokens") ?? 0);
  const cost_usd = amountIn(event, "cost_usd");
  if (cost_usd === null) return;
  sums.known_calls += 1;
  if (event.metadata?.["cost_source"] === "priced") sums.priced_usd += cost_usd;
  else sums.reported_usd += cost_usd;
};

const noteSubmission: Note = (event, seen, own, sink) => {
  const { task, time_ms } = seen;
  if (task === null) {
    own.sums.loose_submissions += 1;
    return;
  }
  if (!isNewSubmission(task, time_ms)) return;
  const { sums } = workerCell(seen, own, sink);
  sums.submissions += 1;
  if (task.submitted_at !== null) sums.resubmissions += 1;
  if (task.last_lint === "passed") sums.lint_passed += 1;
  else if (task.last_lint === "failed") sums.lint_failed += 1;
};

/** Told before the submission, it waits in the task; told while the reviewer looks, it counts now. */
function noteLint(passed: boolean): Note {
  return (event, seen, own, sink) => {
    const { task } = seen;
    noteGiven(seen, own);
    const { sums } = workerCell(seen, own, sink);
    noteCheck(sums, passed, task?.lint_failing === true);
    if (task === null || task.status !== "review" || (task.last_lint ?? null) !== null) return;
    sums[passed ? "lint_passed" : "lint_failed"] += 1;
  };
}

function noteCheck(sums: Cell["sums"], passed: boolean, was_failed: boolean): void {
  if (!passed) sums.errors += 1;
  else if (was_failed) sums.fixes += 1;
}

function noteTests(passed: boolean): Note {
  return (event, seen, own, sink) => {
    noteGiven(seen, own);
    const { sums } = workerCell(seen, own, sink);
    sums.tests_passed += amountIn(event, "passed") ?? (passed ? 1 : 0);
    sums.tests_failed += amountIn(event, "failed") ?? (passed ? 0 : 1);
    noteCheck(sums, passed, seen.task?.last_test === "failed");
  };
}

function noteVerdict(approved: boolean): Note {
  return (event, seen, own, sink) => {
    workerCell(seen, own, sink).sums[approved ? "approvals" : "refusals"] += 1;
    own.sums.reviews_given += 1;
  };
}

const noteMeasured: Note = (event, seen, own, sink) => {
  const percent = amountIn(event, "coverage_percent");
  const cell = workerCell(seen, own, sink);
  if (percent === null || percent > 100) {
    cell.sums.coverage_excluded += 1;
    return;
  }
  noteGiven(seen, own);
  const suite = labelIn(event, "suite") ?? labelIn(event, "name") ?? "";
  cell.sums.coverage_runs += 1;
  noteCoverage(cell.coverage, { suite, time_ms: seen.time_ms, percent, lines: amountIn(event, "lines") });
};

function noteIntegration(passed: boolean): Note {
  return (event, seen, own, sink) => {
    const { sums } = workerCell(seen, own, sink);
    if (isEarly(seen)) sums.integration_early += 1;
    else sums[passed ? "integration_passed" : "integration_failed"] += 1;
  };
}

/** Known not to be merged. What is known in part may have been, and the event says so by its name. */
function isEarly({ task, feature, time_ms }: Seen): boolean {
  if (isMerged(task, time_ms) || (feature?.status === "merged" && feature.status_at <= time_ms)) return false;
  return task === null ? feature !== null && !feature.partial : !task.partial;
}
const isMerged = (task: Task | null, time_ms: number) =>
  task !== null && task.merged_at !== null && task.merged_at <= time_ms;

const noteRecovered: Note = (event, seen, own, sink) => {
  const { agent } = seen;
  const clean = event.metadata?.["state_restored"] !== false;
  // Counted when the crash was, or a window could hold the one without the other.
  if (agent?.status === "crashed" && agent.last_seen <= seen.time_ms) {
    if (clean) sink.cell(agent.last_seen, own.of).sums.recoveries += 1;
  } else own.sums.stray_recoveries += 1;
};

const NOTES: ReadonlyMap<string, Note> = new Map<string, Note>([
  ["tokens_used", noteCall],
  ["agent_submitted", noteSubmission],
  ["review_requested", noteSubmission],
  ["coder_resubmitted", noteSubmission],
  ["lint_passed", noteLint(true)],
  ["lint_error_found", noteLint(false)],
  ["reviewer_approved", noteVerdict(true)],
  ["reviewer_changes_requested", noteVerdict(false)],
  ["reviewer_rejected", noteVerdict(false)],
  ["test_passed", noteTests(true)],
  ["test_failed", noteTests(false)],
  ["coverage_measured", noteMeasured],
  ["coverage_increased", noteMeasured],
  ["integration_passed", noteIntegration(true)],
  ["integration_failed", noteIntegration(false)],
  [
    "retry_budget_exhausted",
    (event, seen, own, sink) => void (workerCell(seen, own, sink).sums.exhausted += 1),
  ],
  ["agent_crashed", (_event, _seen, own) => void (own.sums.crashes += 1)],
  ["agent_recovered", noteRecovered],
  [
    "escalated_to_user",
    (_event, seen, own) => {
      if (seen.task === null) own.sums.loose_escalations += 1;
    },
  ],
]);
