/** Something a person or the Board was asked to look at. */
export interface Escalation {
  seq: number;
  time: number;
  agent_id: string;
  task_id: string | null;
  feature_id: string | null;
  to: "user" | "board";
  reason: string | null;
  /** Event time of `human_intervened` on the same task, else null. */
  resolved_at: number | null;
}
