/**
 * `GET …/alerts`, and what people and keys of scope `admin` do to an open one. Each deed is an event of
 * `clusterfork:alerts` in the log; the same deed twice adds nothing.
 */
import type { z } from "zod";
import type { OwnEvent } from "../../schema/event/own.ts";
import type { Alert } from "../../schema/state/entity/alert.ts";
import {
  ALERT_STATUSES,
  alertStatus,
  type AlertInfo,
  type AlertResponse,
  type AlertsResponse,
} from "../../schema/wire/alert.ts";
import { acknowledgeRequest, assignRequest, snoozeRequest } from "../../schema/wire/alert-body.ts";
import type { Failure } from "../../schema/wire/error.ts";
import { openDatabase } from "../account/database.ts";
import { personName } from "../account/person-name.ts";
import { isFailure } from "./access.ts";
import { readAsked } from "./asked-body.ts";
import type { HttpContext, ProjectAccess, ProjectHandler, Reply } from "./context.ts";
import { refusalFailure } from "./error.ts";
import { choiceParameter, parseQuery } from "./query.ts";
import { readWireState } from "./state.ts";

const ORGAN = "alerts";
const MINUTE_MS = 60_000;

export async function getAlerts(c: HttpContext, access: ProjectAccess): Promise<Reply> {
  const query = parseQuery(c, { status: choiceParameter(ALERT_STATUSES).optional() });
  if (!query.ok) return query.failure;
  const { status } = query.value;
  const read = await readWireState(access);
  if (!("ok" in read)) return read;
  const { open_alerts, closed_alerts } = read.state;
  const time = Date.now();
  const alerts = [...open_alerts.toReversed(), ...closed_alerts.toReversed()]
    .map((alert) => describe(alert, time))
    .filter((alert) => status === undefined || status.includes(alert.status));
  return Response.json({ time, alerts } satisfies AlertsResponse);
}

interface Deed {
  /** Beside alert and deed: what makes two of them the same. */
  cause: readonly (string | number)[];
  event_type: "alert_acknowledged" | "alert_snoozed" | "alert_assigned";
  metadata: Record<string, string>;
}
const NOTHING: Deed["metadata"] = {};

export const postAcknowledge = doing(acknowledgeRequest, (_body, alert) =>
  // Who was the first to see it stays.
  alert.acknowledged_at === null ? { cause: [], event_type: "alert_acknowledged", metadata: NOTHING } : null,
);

export const postSnooze = doing(snoozeRequest, ({ minutes }, alert, now_ms) => {
  if (minutes === 0 && alert.snoozed_until === null) return null;
  const until = minutes === 0 ? NOTHING : { until: new Date(now_ms + minutes * MINUTE_MS).toISOString() };
  return { cause: [alert.last_seq, minutes], event_type: "alert_snoozed", metadata: until };
});

export const postAssign = doing(assignRequest, ({ assignee }, alert) =>
  assignee === alert.assignee
    ? null
    : {
        cause: [alert.last_seq, assignee ?? ""],
        event_type: "alert_assigned",
        metadata: assignee === null ? NOTHING : { assignee },
      },
);

/** `deedOf`: null where it is so already. */
function doing<T>(
  schema: z.ZodType<T>,
  deedOf: (body: T, alert: Alert, now_ms: number) => Deed | null,
): ProjectHandler {
  return async (c, access) => {
    const query = parseQuery(c, {});
    if (!query.ok) return query.failure;
    const body = await readAsked(c, access, "admin", schema);
    if (!body.ok) return body.failure;
    const admitted = await access.room.admit(access.principal, "admin");
    if (!admitted.ok) return refusalFailure(admitted);
    const alert = await findOpen(c, access);
    if (isFailure(alert)) return alert;
    const now_ms = Date.now();
    const deed = deedOf(body.value, alert, now_ms);
    if (deed === null) return told(alert, now_ms);
    const own = eventOf(alert, deed, await asker(c, access), now_ms);
    const said = await access.room.tell(access.principal, [own]);
    if (!said.ok) return refusalFailure(said);
    const after = await find(c, access);
    return isFailure(after) ? after : told(after, now_ms);
  };
}

function eventOf(
  { id, rule, first_seq, task_id, feature_id }: Alert,
  { cause, event_type, metadata }: Deed,
  by: string,
  now_ms: number,
): OwnEvent {
  return {
    organ: ORGAN,
    // A later episode of the same alert is another one.
    cause: [event_type, id, first_seq, ...cause],
    event_type,
    timestamp: new Date(now_ms).toISOString(),
    ...(task_id === null ? {} : { task_id }),
    ...(feature_id === null ? {} : { feature_id }),
    metadata: { alert_id: id, rule, by, ...metadata },
  };
}

async function find(c: HttpContext, access: ProjectAccess): Promise<Alert | Failure> {
  const read = await readWireState(access);
  if (!("ok" in read)) return read;
  const id = c.req.param("alert") ?? "";
  const { open_alerts, closed_alerts } = read.state;
  return (
    [...open_alerts, ...closed_alerts].find((alert) => alert.id === id) ?? {
      code: "not_found",
      message: "There is no such alert. GET …/alerts lists the open ones and the newest closed ones.",
    }
  );
}

async function findOpen(c: HttpContext, access: ProjectAccess): Promise<Alert | Failure> {
  const alert = await find(c, access);
  if (isFailure(alert) || alert.cleared_at === null) return alert;
  return { code: "conflict", message: "This alert was cleared: there is nothing left to do about it." };
}

function told(alert: Alert, time: number): Reply {
  return Response.json({ time, alert: describe(alert, time) } satisfies AlertResponse);
}

function describe(alert: Alert, now_ms: number): AlertInfo {
  return { ...alert, status: alertStatus(alert, now_ms) };
}

/** Whose doing it is, as the log says it. */
async function asker(c: HttpContext, { principal }: ProjectAccess): Promise<string> {
  if (principal.kind === "session") return personName(openDatabase(c.env.DB), principal.user_id);
  return principal.kind === "key" ? `key ${principal.key_id}` : "";
}
