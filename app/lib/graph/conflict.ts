/** Who waits for whose file, as tasks: what the dashed line joins and the headline names. */
import type { LockConflict } from "../../../schema/state/entity/lock.ts";
import type { ProjectState } from "../../../schema/state/state.ts";

export interface Wait {
  path: string;
  waiter_task: string;
  waiter_agent: string;
  holder_task: string | null;
  holder_agent: string | null;
  since: number;
}

/** The holder named by the conflict, else whoever holds the lock now. */
function waitOf(state: ProjectState, conflict: LockConflict): Wait | null {
  if (conflict.task_id === null) return null;
  const lock = state.locks.get(conflict.path);
  return {
    path: conflict.path,
    waiter_task: conflict.task_id,
    waiter_agent: conflict.agent_id,
    holder_task: conflict.holder_task_id ?? lock?.task_id ?? null,
    holder_agent: conflict.holder_agent_id ?? lock?.agent_id ?? null,
    since: conflict.since,
  };
}

export function waitsOf(state: ProjectState): Map<string, Wait> {
  const waits = new Map<string, Wait>();
  for (const conflict of state.conflicts.values()) {
    const wait = waitOf(state, conflict);
    if (wait !== null && !waits.has(wait.waiter_task)) waits.set(wait.waiter_task, wait);
  }
  return waits;
}
