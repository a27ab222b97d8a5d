export interface FileLock {
  path: string;
  agent_id: string;
  task_id: string | null;
  since: number;
}

/** Somebody waits for a file that somebody else holds. */
export interface LockConflict {
  path: string;
  agent_id: string;
  task_id: string | null;
  holder_agent_id: string | null;
  holder_task_id: string | null;
  since: number;
  seq: number;
}
