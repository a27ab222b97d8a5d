import type { Usage } from "./usage.ts";

export const AGENT_STATUSES = ["active", "idle", "stopped", "crashed"] as const;

export type AgentStatus = (typeof AGENT_STATUSES)[number];

/** Why an agent's last work asks for a Performance Improvement Plan (schema/metric/pip.ts), while it does. */
export interface AgentPip {
  /** A metric's id, or `failed_tasks`. */
  metric: string;
  /** In the metric's unit, and what it is held against; null where a view does not show it. */
  value: number | null;
  target: number | null;
  /** When the first of the failed tasks closed, or the first of the missed windows began, ms; null: not told. */
  since: number | null;
  opened_at: number;
  seq: number;
}

export interface Agent {
  id: string;
  role: string | null;
  model: string | null;
  status: AgentStatus;
  current_task: string | null;
  /** Event time of its newest word of work; null: none yet. */
  worked_at: number | null;
  /** Of its newest word that nothing is left to do for it: handed in, judged, done, idle. */
  rested_at: number | null;
  /** Of its newest heartbeat. */
  beat_at: number | null;
  /** Event time of its newest event. */
  last_seen: number;
  first_seen: number;
  first_seq: number;
  last_seq: number;
  events: number;
  tasks_completed: number;
  tasks_failed: number;
  usage: Usage;
  pip: AgentPip | null;
}
