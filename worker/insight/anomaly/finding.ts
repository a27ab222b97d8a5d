/** Something out of the ordinary, in a form that an alert can be made of. */
export const RULES = [
  "token_use",
  "task_duration",
  "task_tokens",
  "task_cost",
  "agent_drift",
  "team_drift",
  "no_progress",
  "agent_silent",
  "telemetry_gap",
  "lock_contention",
  "review_ping_pong",
] as const;
export type Rule = (typeof RULES)[number];

export interface Subject {
  agent_id?: string;
  task_id?: string;
  feature_id?: string;
  path?: string;
}

export type Severity = "info" | "warning" | "critical";

export interface Finding {
  rule: Rule;
  subject: Subject;
  /** In the unit that `words` name. */
  value: number;
  /** What it may be; beyond it the rule speaks. */
  target: number;
  severity: Severity;
  /** What happened, against what, from how large a sample. Text of events only as data: ids and paths. */
  words: string;
  /** Event time, ms. */
  since: number;
  /** Seqs that show it, the newest last; a few. */
  evidence: number[];
  /** What is usual, in the unit of `value`, and from how many. Absent where nothing is compared. */
  usual?: number;
  samples?: number;
  /** Of something that happened at one moment: until when it stands, ms. Absent: as long as it lasts. */
  until?: number;
}

/** One finding per rule and subject: what an alert is grouped by. */
export function findingKey({ rule, subject }: Pick<Finding, "rule" | "subject">): string {
  return JSON.stringify([rule, subject.agent_id, subject.task_id, subject.feature_id, subject.path]);
}

/** What each rule looks at and how often it is wrong, for the person who reads it. */
export const EXPLAIN: Readonly<Record<Rule, string>> = {
  token_use:
    "An agent's mean tokens per model call on one task, on a logarithmic scale, stand further above the median of its role's last hundred than the modified z-score allows (3.5 from 58 values on, more below; wrong once in a thousand on log-normal data), stretched where the project's own scores have a heavier tail.",
  task_duration:
    "A finished task took longer than the modified z-score of its kind and complexity allows, on a logarithmic scale; the same cut-offs, and raised so that at most 0.5 % of the project's own past would have been told. Like work has to be known for twice that long, without a day between two of it.",
  task_tokens: "A finished task used more tokens than its kind and complexity allow; the same cut-offs.",
  task_cost: "A finished task cost more than its kind and complexity allow; the same cut-offs.",
  agent_drift:
    "The exponentially weighted average of an agent's tokens per call, task by task, left the control limits of its role (weight 0.2, width 4 standard deviations), after twenty tasks at the least.",
  team_drift:
    "The same average over all agents left its limits: everybody uses more, or less, than the last hundred did.",
  no_progress:
    "Ten of an agent's last twenty tool calls were the same tool with the same arguments, with no commit, no changed test result and no submission between.",
  agent_silent:
    "An agent that has a task in hand has said nothing for longer than three times what 99 of 100 of its role's tasks show, and never under ten minutes. Time in which nobody at all is heard does not count, nor waiting for a file; where that limit would exceed two hours, agents do not tell what they do and nothing is said.",
  telemetry_gap:
    "Nobody was heard for longer than the project's usual pauses while agents had tasks in hand: the telemetry may be cut, so nothing is said of the agents.",
  lock_contention:
    "Agents were refused the same file three times within an hour, or one has waited for it for 15 minutes.",
  review_ping_pong: "A reviewer has asked for changes to the same task three times.",
};
