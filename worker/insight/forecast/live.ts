/** What futures are imagined from: the open work, who is there, and what like work took. */
import type { ProjectState } from "../../../schema/state/state.ts";
import { recordOfTask } from "../work/record.ts";
import type { Live } from "./finish.ts";
import { graphOf } from "./graph.ts";
import type { Learner } from "./learn.ts";

/** An agent that was heard within it is at work. */
const ACTIVE_MS = 60 * 60_000;

export function liveOf(
  state: ProjectState,
  now_ms: number,
  { forecasters: { work, lead }, bounds }: Pick<Learner, "forecasters" | "bounds">,
): Live & Required<Pick<Live, "graph">> {
  const tasks = [...state.open_tasks.values()].map((task) => recordOfTask(task, bounds));
  const agents = [...state.agents.values()].filter(
    ({ status, last_seen }) => status === "active" && now_ms - last_seen < ACTIVE_MS,
  ).length;
  return { seq: state.seq, now_ms, tasks, graph: graphOf(tasks), agents, work: work.pool, lead: lead.pool };
}
