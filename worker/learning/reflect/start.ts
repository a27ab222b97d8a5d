/** Starting the durable job that reflects on a feature, as the room's port wants it. */
import { hash } from "node:crypto";

export interface ReflectionParams {
  project_id: string;
  feature_id: string;
  /** Of what ended it, or of the trouble since. */
  seq: number;
  attempt: number;
  /** Of tasks of no feature, whose `feature_id` is "": those since then, up to `seq`. */
  since?: number;
  /** It has not ended, and nobody will say that it has. */
  rests?: true;
}

/**
 * One instance per project, feature, ending and attempt: a second `create` under the id is refused. Of loose work `seq`
 * is another one at each attempt, so it is told by where it begins.
 */
export function reflectionId({ project_id, feature_id, seq, since, attempt }: ReflectionParams): string {
  const subject = hash("sha256", feature_id, "hex").slice(0, 16);
  return `${project_id}-${subject}-${since === undefined ? String(seq) : `since${String(since)}`}-${String(attempt)}`;
}

/** Twice starts it once; rejects when it was not started. A further attempt ends the one before it. */
export async function startReflection(
  workflow: Workflow<ReflectionParams>,
  params: ReflectionParams,
): Promise<void> {
  const id = reflectionId(params);
  if (params.attempt > 1) await end(workflow, reflectionId({ ...params, attempt: params.attempt - 1 }));
  try {
    await workflow.create({ id, params });
  } catch (error) {
    if (!(await exists(workflow, id))) throw error;
  }
}

async function end(workflow: Workflow<ReflectionParams>, id: string): Promise<void> {
  try {
    await (await workflow.get(id)).terminate();
  } catch (error) {
    // It is over, or gone. If it does run on, it says what the next one says, under the same ids.
    console.warn(`the reflection ${id} could not be ended`, error);
  }
}

async function exists(workflow: Workflow<ReflectionParams>, id: string): Promise<boolean> {
  try {
    await workflow.get(id);
    return true;
  } catch {
    // Whatever the reason: the caller has the error of `create`, which says more.
    return false;
  }
}
