export interface Decision {
  seq: number;
  time: number;
  agent_id: string;
  task_id: string | null;
  feature_id: string | null;
  title: string | null;
  rationale: string | null;
  alternatives: string[];
}
