/** What the routes about lessons share. */
import { findTask } from "../../schema/state/select.ts";
import { decodeState } from "../../schema/state/encode.ts";
import type { ReadLearning } from "../account/learning.ts";
import type { TeamOf } from "../account/team-of.ts";
import type { ProjectAccess } from "./context.ts";
import type { Outlooks } from "./outlooks.ts";
import { readWireState } from "./state.ts";

/** They remember teams, settings and what was learned, so one of each serves all requests. */
export interface LearningTools {
  teamOf: TeamOf;
  readLearning: ReadLearning;
  outlooks: Outlooks;
  /** Whether the live state has it: an event about a task that nobody knows would make one. */
  knowsTask(access: ProjectAccess, task: string): Promise<boolean>;
}

export async function knowsTask(access: ProjectAccess, task: string): Promise<boolean> {
  const read = await readWireState(access);
  return "ok" in read && findTask(decodeState(read.state), task) !== undefined;
}
