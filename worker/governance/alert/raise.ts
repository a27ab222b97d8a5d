/** An alert's event. */
import type { Json } from "../../../schema/event/event.ts";
import type { OwnEvent } from "../../../schema/event/own.ts";
import type { Condition } from "./condition.ts";

/** The organ that speaks: the log shows `clusterfork:alerts`. */
export const ORGAN = "alerts";

export type Said = Omit<Condition, "since_ms" | "worse_ms" | "due_ms" | "apart"> &
  Partial<Pick<Condition, "since_ms">>;

/** `cause`: what makes saying it twice the same; absent: its severity. */
export function raise(
  rule: string,
  alert_id: string,
  condition: Said,
  now_ms: number,
  cause?: OwnEvent["cause"],
): OwnEvent {
  const { severity, title, message, metric, agent_id, task_id, feature_id, evidence, since_ms } = condition;
  const metadata: Record<string, Json> = { alert_id, rule, severity, title, message };
  if (metric !== null) metadata.metric = metric;
  if (agent_id !== null) metadata.agent = agent_id;
  if (condition.path) metadata.path = condition.path;
  if (since_ms !== undefined && Number.isFinite(since_ms)) metadata.since = new Date(since_ms).toISOString();
  if (evidence.length > 0) metadata.evidence = evidence.map(String);
  const metrics: Record<string, number> = {};
  for (const field of ["value", "target", "samples"] as const) {
    const figure = condition[field];
    if (figure !== null && Number.isFinite(figure)) metrics[field] = figure;
  }
  return {
    organ: ORGAN,
    cause: cause ?? ["raised", alert_id, severity],
    event_type: "alert_raised",
    timestamp: new Date(now_ms).toISOString(),
    ...(task_id === null ? {} : { task_id }),
    ...(feature_id === null ? {} : { feature_id }),
    metadata,
    metrics,
  };
}
