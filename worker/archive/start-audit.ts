/** Starting the durable job that audits a chain, as the room's port wants it. */

/** Which run: the day whose night it is (UTC, yyyy-mm-dd), and how often it was started. */
export interface AuditRun {
  day: string;
  attempt: number;
}

export type AuditParams = { project_id: string } & AuditRun;

/** One instance per project, day and attempt: a second `create` under the id is refused. */
export function auditId({ project_id, day, attempt }: AuditParams): string {
  return attempt === 1 ? `${project_id}-${day}` : `${project_id}-${day}-${String(attempt)}`;
}

/** Twice starts it once; rejects when it was not started. A further attempt ends the one before it. */
export async function startAudit(workflow: Workflow<AuditParams>, params: AuditParams): Promise<void> {
  const id = auditId(params);
  if (params.attempt > 1) await end(workflow, auditId({ ...params, attempt: params.attempt - 1 }));
  try {
    await workflow.create({ id, params });
  } catch (error) {
    if (!(await exists(workflow, id))) throw error;
  }
}

async function end(workflow: Workflow<AuditParams>, id: string): Promise<void> {
  try {
    await (await workflow.get(id)).terminate();
  } catch (error) {
    // It is over, or gone. If it does run on, its verdict is as true as the next one's.
    console.warn(`the audit ${id} could not be ended`, error);
  }
}

async function exists(workflow: Workflow<AuditParams>, id: string): Promise<boolean> {
  try {
    await workflow.get(id);
    return true;
  } catch {
    // Whatever the reason: the caller has the error of `create`, which says more.
    return false;
  }
}
