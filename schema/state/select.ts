/**
 * Questions on the state that the dashboard, the CLI and the API share: pure,
 * and linear in the number of entries.
 */
import { AGENT_STATUSES, FEATURE_STATUSES, TASK_STATUSES } from "./state.ts";
import type { AgentStatus, Feature, FeatureStatus, ProjectState, Task, TaskStatus } from "./state.ts";

/** Open tasks first, in the order they were met, then the closed ones in the order of closing. */
export function allTasks(state: ProjectState): Task[] {
  return [...state.open_tasks.values(), ...state.closed_tasks.values()];
}

export function allFeatures(state: ProjectState): Feature[] {
  return [...state.open_features.values(), ...state.closed_features.values()];
}

export function findTask(state: ProjectState, id: string): Task | undefined {
  return state.open_tasks.get(id) ?? state.closed_tasks.get(id);
}

export function findFeature(state: ProjectState, id: string): Feature | undefined {
  return state.open_features.get(id) ?? state.closed_features.get(id);
}

export function tasksOf(state: ProjectState, feature_id: string): Task[] {
  return allTasks(state).filter((task) => task.feature_id === feature_id);
}

/** Absent parts ask for nothing; `null` asks for tasks that have none. */
export interface TaskFilter {
  status?: TaskStatus;
  assignee?: string | null;
  feature?: string | null;
  /** The role of the assignee. */
  role?: string;
}

export function selectTasks(state: ProjectState, filter: TaskFilter): Task[] {
  return allTasks(state).filter((task) => {
    if (filter.status !== undefined && task.status !== filter.status) return false;
    if (filter.assignee !== undefined && task.assignee !== filter.assignee) return false;
    if (filter.feature !== undefined && task.feature_id !== filter.feature) return false;
    if (filter.role === undefined) return true;
    return task.assignee !== null && state.agents.get(task.assignee)?.role === filter.role;
  });
}

/** Others may build on it. A failed task or an abandoned feature is closed, but not finished. */
export function isFinished(status: TaskStatus | FeatureStatus): boolean {
  return status === "done" || status === "merged";
}

/**
 * Ids of the tasks and features that this task still waits for. An id that the
 * hot state does not know blocks nothing: it was forgotten after it closed, or
 * names no work of this project.
 */
export function unfinishedDependencies(state: ProjectState, task: Task): string[] {
  return task.dependencies.filter((id) => {
    const status = (findTask(state, id) ?? findFeature(state, id))?.status;
    return status !== undefined && !isFinished(status);
  });
}

export interface Summary {
  tasks: Record<TaskStatus, number>;
  features: Record<FeatureStatus, number>;
  agents: Record<AgentStatus, number>;
  locks: number;
  conflicts: number;
  /** Escalations that nobody has answered. */
  escalations: number;
}

function zeros<K extends string>(keys: readonly K[]): Record<K, number> {
  const counts: Partial<Record<K, number>> = {};
  for (const key of keys) counts[key] = 0;
  return counts as Record<K, number>;
}

export function countTasks(tasks: Iterable<Task>): Record<TaskStatus, number> {
  const counts = zeros(TASK_STATUSES);
  for (const task of tasks) counts[task.status] += 1;
  return counts;
}

export function summarize(state: ProjectState): Summary {
  const features = zeros(FEATURE_STATUSES);
  for (const feature of state.open_features.values()) features[feature.status] += 1;
  for (const feature of state.closed_features.values()) features[feature.status] += 1;
  const agents = zeros(AGENT_STATUSES);
  for (const agent of state.agents.values()) agents[agent.status] += 1;
  let escalations = 0;
  for (const entry of state.escalations) if (entry.resolved_at === null) escalations += 1;
  return {
    tasks: countTasks(allTasks(state)),
    features,
    agents,
    locks: state.locks.size,
    conflicts: state.conflicts.size,
    escalations,
  };
}
