/**
 * What to say to one agent or role: the finding, what it rests on, and up to three steps, each a link. A rule table:
 * the first that applies speaks.
 *
 *   plan required (failures, then a metric) ─▶ target missed ─▶ behind the peers ─▶ too new ─▶ nothing
 */
import { findMetric } from "../../../schema/metric/definition.ts";
import { PIP_FAILURES } from "../../../schema/metric/pip.ts";
import { NOTABLE as NOTABLE_SHARE } from "../../../schema/metric/verdict.ts";
import type { Task } from "../../../schema/state/entity/task.ts";
import type { Format } from "../format/format.ts";
import { counted, NumberWord, type Part } from "../headline/headline.ts";
import { behind, type AgentRow, type Cell } from "./board.ts";
import { columnOf, figureText, pipText } from "./words.ts";

export interface Coaching {
  finding: string;
  evidence: string;
  /** Whose trend is shown; null: there is nothing to show. */
  metric: string | null;
  steps: Required<Part>[];
}

/** Where steps lead. */
export interface CoachPlaces {
  task: (task: Task) => string;
  /** Null: events of a role cannot be asked for. */
  events: (type: string) => string | null;
  /** Null: it is not shown. */
  metric: (metric: string) => string | null;
  agent: string | null;
}

/** Below a quarter of the middle half's width nobody is far behind. */
const NOTABLE = 0.25;
const MAX_STEPS = 3;
/** What the verdict judges already: coaching names a weakness of these only where the verdict does. */
const JUDGED: ReadonlyMap<string, string> = new Map([
  ["reviewer_pass_rate", "low quality"],
  ["throughput", "slower"],
  ["tokens_per_task", "dearer"],
]);

interface Lesson {
  missed: string;
  behind: string;
  /** The task that shows it most: the largest figure, above 0. */
  task: (task: Task) => number;
  task_words: (task: Task, format: Format) => string;
  events: string | null;
  events_words: string;
}

const tokensOf = ({ usage: { input_tokens, cache_read_tokens, cache_write_tokens, output_tokens } }: Task) =>
  input_tokens + cache_read_tokens + cache_write_tokens + output_tokens;
const cycles = ({ review_cycles }: Task) => `sent back ${counted(review_cycles, "time")}`;

const LESSONS: Partial<Record<string, Lesson>> = {
  throughput: {
    missed: "Closes fewer tasks than it should",
    behind: "Closes fewer tasks than its peers",
    task: ({ claimed_at, closed_at }) =>
      claimed_at === null || closed_at === null ? 0 : Math.max(0, closed_at - claimed_at),
    task_words: ({ claimed_at, closed_at }, format) =>
      `took ${format.span((closed_at ?? 0) - (claimed_at ?? 0))}`,
    events: "task_blocked",
    events_words: "Read what blocked it",
  },
  reviewer_pass_rate: {
    missed: "Reviewers send its work back",
    behind: "Reviewers send its work back more often than that of its peers",
    task: ({ review_cycles }) => review_cycles,
    task_words: cycles,
    events: "agent_submitted",
    events_words: "Read what it submitted",
  },
  test_coverage: {
    missed: "Leaves code without tests",
    behind: "Tests less of its code than its peers",
    task: ({ tests_failed }) => tests_failed,
    task_words: ({ tests_failed }) => `${counted(tests_failed, "test")} failed`,
    events: "coverage_measured",
    events_words: "Read the measured coverage",
  },
  error_to_fix_ratio: {
    missed: "Needs several tries for each fix",
    behind: "Needs more tries for a fix than its peers",
    task: ({ tests_failed }) => tests_failed,
    task_words: ({ tests_failed }) => `${counted(tests_failed, "test")} failed`,
    events: "test_failed",
    events_words: "Read its failed tests",
  },
  tokens_per_task: {
    missed: "Takes more tokens for a task than it should",
    behind: "Takes more tokens for a task than its peers",
    task: tokensOf,
    task_words: (task, format) => `${format.tokens(tokensOf(task))} tokens`,
    events: "tokens_used",
    events_words: "Read its model calls",
  },
  resubmissions: {
    missed: "Submits the same work again and again",
    behind: "Submits again more often than its peers",
    task: ({ review_cycles }) => review_cycles,
    task_words: cycles,
    events: "coder_resubmitted",
    events_words: "Read what it submitted again",
  },
  agent_uptime: {
    missed: "Falls silent while it is at work",
    behind: "Falls silent more than its peers",
    task: () => 0,
    task_words: () => "",
    events: "agent_crashed",
    events_words: "Read when it crashed",
  },
  escalation_rate: {
    missed: "Asks a person too often",
    behind: "Asks a person more often than its peers",
    task: ({ escalations }) => escalations,
    task_words: ({ escalations }) => `escalated ${counted(escalations, "time")}`,
    events: "escalated_to_user",
    events_words: "Read what it asked",
  },
  retry_budget_used: {
    missed: "Begins its tasks anew",
    behind: "Begins its tasks anew more often than its peers",
    task: ({ attempts }) => Math.max(0, attempts - 1),
    task_words: ({ attempts }) => counted(attempts, "attempt"),
    events: "task_failed",
    events_words: "Read how it failed",
  },
};

const overTime = (label: string, href: string | null): { text: string; href: string }[] =>
  href === null ? [] : [{ text: `See its ${label.toLowerCase()} over time`, href }];

/** `tasks`: its own, open and closed. */
export function coachingOf(
  row: AgentRow,
  tasks: readonly Task[],
  places: CoachPlaces,
  format: Format,
): Coaching {
  const { pip, verdict } = row.performance;
  if (pip?.metric === "failed_tasks") return failures(pip.value ?? PIP_FAILURES, tasks, places);
  const plan = pip === null ? undefined : row.cells.find(({ column }) => column.metric.id === pip.metric);
  if (pip !== null && plan === undefined) {
    const label = findMetric(pip.metric)?.label ?? pip.metric;
    return {
      finding: LESSONS[pip.metric]?.missed ?? `${label} is below target`,
      evidence: `${pipText(format, row.performance) ?? ""}.`,
      metric: pip.metric,
      steps: overTime(label, places.metric(pip.metric)),
    };
  }
  const missed = plan ?? row.cells.filter((cell) => cell.missed).toSorted((a, b) => gap(b) - gap(a))[0];
  if (missed !== undefined) return about(missed, "missed", tasks, places, format);
  if (verdict.rule !== "compared")
    return {
      finding: verdict.rule === "no closed task" ? "Nothing to compare yet" : "New, ramping up",
      evidence: verdict.reasons.join(". "),
      metric: null,
      steps: places.agent === null ? [] : [{ text: "See what it did", href: places.agent }],
    };
  const last = weaknessOf(row);
  if (last !== undefined) return about(last, "behind", tasks, places, format);
  return {
    finding: "Nothing to coach",
    evidence: `It meets each target that it has, and no figure lies far behind its peers.${verdict.reasons.length === 0 ? "" : ` ${verdict.reasons.join(". ")}.`}`,
    metric: "throughput",
    steps: [],
  };
}

/** Where it lies furthest behind its peers, though it misses no target; undefined: nowhere, or nobody can say yet. */
export function weaknessOf(row: AgentRow): Cell | undefined {
  const { verdict } = row.performance;
  if (verdict.rule !== "compared") return undefined;
  return row.cells
    .filter((cell) => behind(cell) >= NOTABLE && isNotable(cell, verdict.words))
    .toSorted((a, b) => behind(b) - behind(a))[0];
}

/** Where peers are nearly alike, a hair lies beyond the quartiles: it is noise, as the verdict has it. */
function isNotable({ column, value, usual, thin }: Cell, verdict: string): boolean {
  const word = JUDGED.get(column.metric.id);
  if (word !== undefined) return verdict.includes(word);
  if (value === null || usual === null || thin) return false;
  return Math.abs(value - usual.median) >= NOTABLE_SHARE * Math.abs(usual.median);
}

/** Of its target, so that shares and tokens can be compared. */
function gap({ row }: Cell): number {
  if (row?.value === null || row?.value === undefined || row.target === null) return 0;
  return Math.abs(row.value - row.target.value) / (Math.abs(row.target.value) || 1);
}

function failures(count: number, tasks: readonly Task[], places: CoachPlaces): Coaching {
  const failed = tasks
    .filter(({ status }) => status === "failed")
    .toSorted((a, b) => (b.closed_at ?? 0) - (a.closed_at ?? 0));
  const reasons = failed.slice(0, count).filter(({ failure_reason }) => failure_reason !== null).length;
  return {
    finding: `${NumberWord(count)} tasks failed in a row`,
    evidence:
      reasons === 0
        ? "None of them says why: a task_failed event may carry a reason."
        : `${NumberWord(reasons)} of them ${reasons === 1 ? "says" : "say"} why.`,
    metric: "throughput",
    steps: failed
      .slice(0, MAX_STEPS)
      .map((task) => ({ text: `Read why ${task.title ?? task.id} failed`, href: places.task(task) })),
  };
}

function about(
  cell: Cell,
  kind: "missed" | "behind",
  tasks: readonly Task[],
  places: CoachPlaces,
  format: Format,
): Coaching {
  const { id, label } = cell.column.metric;
  const lesson = LESSONS[id];
  const steps: Required<Part>[] = [];
  if (lesson !== undefined) {
    const [worst] = tasks
      .filter((task) => lesson.task(task) > 0)
      .toSorted((a, b) => lesson.task(b) - lesson.task(a));
    if (worst !== undefined)
      steps.push({
        text: `Open ${worst.title ?? worst.id}: ${lesson.task_words(worst, format)}`,
        href: places.task(worst),
      });
    const events = lesson.events === null ? null : places.events(lesson.events);
    if (events !== null) steps.push({ text: lesson.events_words, href: events });
  }
  steps.push(...overTime(label, places.metric(id)));
  return {
    finding: lesson?.[kind] ?? `${label} is ${kind === "missed" ? "below target" : "behind its peers"}`,
    evidence: evidenceOf(cell, format),
    metric: id,
    steps: steps.slice(0, MAX_STEPS),
  };
}

function evidenceOf({ column, row, value, usual }: Cell, format: Format): string {
  const said = columnOf(column.metric.id) ?? column;
  const parts = [
    `${column.metric.label} ${figureText(format, said, value)} from ${format.count(row?.n ?? null)}`,
  ];
  if (row !== undefined && row.target !== null)
    parts.push(`target ${format.target(column.metric.unit, row.target, column.plain)}`);
  if (usual !== null)
    parts.push(`median of ${format.count(usual.n)} is ${figureText(format, said, usual.median)}`);
  return `${parts.join("; ")}.`;
}
