/**
 * Files that only one agent may hold.
 *
 * | event                    | what it does                                                        |
 * |--------------------------|---------------------------------------------------------------------|
 * | file_locked, path free   | the agent holds it and waits for it no more                         |
 * | file_locked, held by it  | the task of the lock follows; `since` stays                         |
 * | file_locked, held by another | a conflict: the newcomer waits, the holder stays                |
 * | lock_conflict            | a conflict, with the holder named, else the one known               |
 * | file_unlocked by holder, or nobody holds it | free; nobody waits for the path any more         |
 * | file_unlocked by another | the holder stays; the sender waits no more                          |
 * | agent_stopped, _crashed  | its locks are released, and it waits for nothing                    |
 * | task_completed, _failed, _merged | locks taken for the task are released, its waiting ends     |
 *
 * Paths are compared as they stand: `./a` and `a` are two files, since a shared
 * view sees aliases in their place (S2).
 */
import { idIn, nameIn } from "./field.ts";
import { forgetOldest } from "./forget.ts";
import { MAX_CONFLICTS, MAX_LOCKS } from "./limits.ts";
import type { LockConflict } from "./entity/lock.ts";
import type { ProjectState } from "./state.ts";
import type { Fold } from "./subject.ts";

/** Injective for any two texts: the path's length says where it ends. */
export function conflictKey(path: string, agent_id: string): string {
  return `${path.length}:${path}${agent_id}`;
}

function recordConflict(state: ProjectState, conflict: LockConflict): void {
  const key = conflictKey(conflict.path, conflict.agent_id);
  const known = state.conflicts.get(key);
  if (known === undefined) {
    state.conflicts.set(key, conflict);
    forgetOldest(state.conflicts, MAX_CONFLICTS);
    return;
  }
  known.task_id = conflict.task_id ?? known.task_id;
  known.holder_agent_id = conflict.holder_agent_id;
  known.holder_task_id = conflict.holder_task_id;
  known.seq = conflict.seq;
}

/** Values instead of entries: these scans are hot, and entries make an array each. */
function dropConflicts(state: ProjectState, ended: (conflict: LockConflict) => boolean): void {
  if (state.conflicts.size === 0) return;
  for (const conflict of state.conflicts.values()) {
    if (ended(conflict)) state.conflicts.delete(conflictKey(conflict.path, conflict.agent_id));
  }
}

function clearPath(state: ProjectState, path: string): void {
  dropConflicts(state, (conflict) => conflict.path === path);
}

export const foldLocked: Fold = (state, event, { time_ms }) => {
  const path = nameIn(event, "path");
  if (path === null) return;
  const agent_id = event.agent_id;
  const task_id = event.task_id ?? null;
  const held = state.locks.get(path);
  if (held === undefined) {
    state.locks.set(path, { path, agent_id, task_id, since: time_ms });
    if (state.conflicts.size > 0) state.conflicts.delete(conflictKey(path, agent_id));
    const forgotten = forgetOldest(state.locks, MAX_LOCKS);
    if (forgotten !== null) clearPath(state, forgotten.path);
  } else if (held.agent_id === agent_id) {
    held.task_id = task_id ?? held.task_id;
  } else {
    recordConflict(state, {
      path,
      agent_id,
      task_id,
      holder_agent_id: held.agent_id,
      holder_task_id: held.task_id,
      since: time_ms,
      seq: event.seq,
    });
  }
};

export const foldConflict: Fold = (state, event, { time_ms }) => {
  const path = nameIn(event, "path");
  if (path === null) return;
  const held = state.locks.get(path);
  recordConflict(state, {
    path,
    agent_id: event.agent_id,
    task_id: event.task_id ?? null,
    holder_agent_id: nameIn(event, "holder_agent_id") ?? held?.agent_id ?? null,
    holder_task_id: idIn(event, "holder_task_id") ?? held?.task_id ?? null,
    since: time_ms,
    seq: event.seq,
  });
};

export const foldUnlocked: Fold = (state, event) => {
  const path = nameIn(event, "path");
  if (path === null) return;
  const held = state.locks.get(path);
  if (held !== undefined && held.agent_id !== event.agent_id) {
    state.conflicts.delete(conflictKey(path, event.agent_id));
    return;
  }
  free(state, path);
};

export function releaseLocksOfAgent(state: ProjectState, agent_id: string): void {
  for (const lock of state.locks.values()) {
    if (lock.agent_id === agent_id) free(state, lock.path);
  }
  dropConflicts(state, (conflict) => conflict.agent_id === agent_id);
}

export function releaseLocksOfTask(state: ProjectState, task_id: string): void {
  for (const lock of state.locks.values()) {
    if (lock.task_id === task_id) free(state, lock.path);
  }
  dropConflicts(state, (conflict) => conflict.task_id === task_id);
}

function free(state: ProjectState, path: string): void {
  state.locks.delete(path);
  clearPath(state, path);
}
