/** The live state as zod schemas: as body.ts, for documents and tests. */
import * as z from "zod";
import { AGENT_STATUSES, type Agent } from "../state/entity/agent.ts";
import { FEATURE_STATUSES, type Feature } from "../state/entity/feature.ts";
import { SEVERITIES, type Alert } from "../state/entity/alert.ts";
import { TASK_STATUSES, type Course, type Task } from "../state/entity/task.ts";
import type { Foretold } from "../state/entity/forecast.ts";
import type { LearnedTarget } from "../state/entity/target.ts";
import type { Sop } from "../state/entity/sop.ts";
import type { Sprint } from "../state/entity/sprint.ts";
import type { WireState } from "../state/state.ts";
import { wireSpending } from "./budget-body.ts";
import { usage } from "./usage-body.ts";

const seq = z.int().min(0);
/** Milliseconds since the epoch. */
const time = z.number();
const text = z.string();
const maybe = <S extends z.ZodType>(schema: S) => schema.nullable();
const count = z.number().min(0);

/** What tasks and features have alike. */
const work = {
  id: text,
  title: maybe(text),
  parent_id: maybe(text),
  kind: maybe(text),
  priority: maybe(z.number()),
  dependencies: z.array(text),
  created_at: maybe(time),
  started_at: maybe(time),
  closed_at: maybe(time),
  updated_at: time,
  status_at: time,
  first_seq: seq,
  last_seq: seq,
  events: count,
  usage,
  partial: z.boolean(),
};

const PAST = "What the fold places late events by; nothing for readers.";
const course = z.object({
  status: z.enum(TASK_STATUSES),
  status_at: time,
  approved: z.boolean(),
  attempts: count,
  claimed_at: maybe(time),
  started_at: maybe(time),
  submitted_at: maybe(time),
  closed_at: maybe(time),
  merged_at: maybe(time),
}) satisfies z.ZodType<Course>;

export const task = z.object({
  ...work,
  feature_id: maybe(text),
  status: z.enum(TASK_STATUSES),
  assignee: maybe(text),
  role: maybe(text),
  model: maybe(text),
  progress: maybe(z.number().min(0).max(1)),
  blocked_reason: maybe(text),
  failure_reason: maybe(text),
  files: z.array(text),
  file_count: maybe(count),
  review_cycles: count,
  approved: z.boolean(),
  attempts: count,
  tests_passed: count,
  tests_failed: count,
  last_test: maybe(z.enum(["passed", "failed"])),
  last_lint: maybe(z.enum(["passed", "failed", "counted"])),
  lint_failing: maybe(z.boolean()),
  escalations: count,
  claimed_at: maybe(time),
  submitted_at: maybe(time),
  merged_at: maybe(time),
  past: z
    .object({
      moves: z.array(z.number()),
      base: maybe(course),
      measured: maybe(z.number()),
      titled_at: maybe(time),
      described_at: maybe(time),
      assigned_at: maybe(time),
      tested_at: maybe(time),
    })
    .describe(PAST),
}) satisfies z.ZodType<Task>;

export const feature = z.object({
  ...work,
  status: z.enum(FEATURE_STATUSES),
  requested_by: maybe(text),
  file_count: maybe(count),
  file_count_is_least: z.boolean(),
  bug_at: maybe(time),
  past: z
    .object({
      moves: z.array(z.number()),
      titled_at: maybe(time),
      described_at: maybe(time),
      requested_at: maybe(time),
      files: z.array(count),
    })
    .describe(PAST),
}) satisfies z.ZodType<Feature>;

export const agent = z.object({
  id: text,
  role: maybe(text),
  model: maybe(text),
  status: z.enum(AGENT_STATUSES),
  current_task: maybe(text),
  last_seen: time,
  first_seen: time,
  first_seq: seq,
  last_seq: seq,
  events: count,
  tasks_completed: count,
  worked_at: z.nullable(z.number()).describe("its newest word of work, ms"),
  rested_at: z.nullable(z.number()).describe("its newest word that nothing is left to do for it, ms"),
  beat_at: z.nullable(z.number()).describe("its newest heartbeat, ms"),
  tasks_failed: count,
  usage,
  pip: maybe(
    z.object({
      metric: text,
      value: maybe(z.number()),
      target: maybe(z.number()),
      since: maybe(time),
      opened_at: time,
      seq,
    }),
  ).describe("Why its last work asks for a Performance Improvement Plan."),
}) satisfies z.ZodType<Agent>;

export const alert = z.object({
  id: text,
  rule: text,
  metric: maybe(text),
  severity: z.enum(SEVERITIES),
  title: maybe(text),
  message: maybe(text),
  agent_id: maybe(text),
  task_id: maybe(text),
  feature_id: maybe(text),
  path: maybe(text).optional().describe("The file that it is about."),
  value: maybe(z.number()),
  target: maybe(z.number()),
  samples: maybe(z.number()).describe("How many observations the value rests on."),
  times: count.describe("How often it was raised, the first time included."),
  since: time.nullable().describe("When what it tells of began; null: nobody said."),
  raised_at: time,
  said_at: time.describe("Of the words and figures: how things stood then."),
  updated_at: time,
  cleared_at: maybe(time),
  acknowledged_at: maybe(time),
  acknowledged_by: maybe(text),
  snoozed_until: maybe(time),
  assignee: maybe(text),
  first_seq: seq,
  last_seq: seq,
}) satisfies z.ZodType<Alert>;

const figure = maybe(z.number());

const target = z.object({
  metric: text,
  scope: text.describe("What the work is, its kind, its complexity."),
  method: maybe(text),
  target: figure,
  previous: figure,
  samples: figure,
  at: time,
  seq,
}) satisfies z.ZodType<LearnedTarget>;

const forecast = z.object({
  id: text,
  metric: text,
  method: maybe(text),
  task_id: maybe(text),
  feature_id: maybe(text),
  predicted: figure,
  low: figure,
  high: figure,
  coverage: figure,
  samples: figure,
  actual: figure,
  made_at: maybe(time),
  scored_at: maybe(time),
  seq,
}) satisfies z.ZodType<Foretold>;

const about = { seq, time, agent_id: text, task_id: maybe(text), feature_id: maybe(text) };

const sprint = z.object({
  id: text,
  title: maybe(text),
  goal: maybe(text),
  features: z.array(text).describe("Ids; none: whatever is open."),
  started_at: time,
  ends_at: maybe(time).describe("When it is to end."),
  ended_at: maybe(time).describe(
    "When it was ended. Of those that are not, the one that began last is the current one.",
  ),
  seq,
}) satisfies z.ZodType<Sprint>;

const sop = z.object({
  id: text,
  version: maybe(text),
  title: maybe(text),
  text: maybe(text).describe("Null: nothing is said any more."),
  roles: z.array(text).describe("Whom it is for; none: everybody."),
  kinds: z.array(text).describe("For which kinds of tasks; none: all."),
  agent_id: text,
  adopted_at: time,
  seq,
}) satisfies z.ZodType<Sop>;

export const wireState = z.object({
  seq,
  time,
  open_tasks: z.array(task),
  closed_tasks: z.array(task),
  open_features: z.array(feature),
  closed_features: z.array(feature),
  agents: z.array(agent),
  locks: z.array(z.object({ path: text, agent_id: text, task_id: maybe(text), since: time })),
  conflicts: z.array(
    z.object({
      path: text,
      agent_id: text,
      task_id: maybe(text),
      holder_agent_id: maybe(text),
      holder_task_id: maybe(text),
      since: time,
      seq,
    }),
  ),
  escalations: z.array(
    z.object({ ...about, to: z.enum(["user", "board"]), reason: maybe(text), resolved_at: maybe(time) }),
  ),
  decisions: z.array(
    z.object({ ...about, title: maybe(text), rationale: maybe(text), alternatives: z.array(text) }),
  ),
  open_alerts: z.array(alert),
  closed_alerts: z.array(alert),
  targets: z.array(target),
  open_forecasts: z.array(forecast),
  scored_forecasts: z.array(forecast),
  sprints: z.array(sprint),
  sops: z.array(sop).describe("Ways of working, each in its newest version."),
  usage,
  unassigned: z.object({
    events: count.describe("Events that name no feature, and no task of one."),
    usage,
  }),
  spending: wireSpending,
  counters: z.object({
    events: count,
    by_type: z.array(z.tuple([text, count])),
    forgotten_tasks: count,
    forgotten_features: count,
    forgotten_agents: count,
    first_time: maybe(time),
    last_time: maybe(time),
  }),
}) satisfies z.ZodType<WireState>;
