/** The bodies of alert.ts as zod schemas, for the routes, documents and tests. */
import * as z from "zod";
import { ALERT_STATUSES, type AlertInfo, type AlertResponse, type AlertsResponse } from "./alert.ts";
import { alert } from "./state-body.ts";

/** Minutes: a month. What is to be silent for longer is a rule that should not be there. */
export const MAX_SNOOZE_MINUTES = 30 * 24 * 60;
/** As long as any id of the envelope may be. */
const MAX_ASSIGNEE_CHARACTERS = 256;

const alertInfo = alert.extend({ status: z.enum(ALERT_STATUSES) }) satisfies z.ZodType<AlertInfo>;
const time = z.number();

export const alertsResponse = z.object({
  time,
  alerts: z.array(alertInfo),
}) satisfies z.ZodType<AlertsResponse>;
export const alertResponse = z.object({ time, alert: alertInfo }) satisfies z.ZodType<AlertResponse>;

/** Nothing is said: `{}`. */
export const acknowledgeRequest = z.strictObject({});

export const snoozeRequest = z.strictObject({
  minutes: z
    .int("Say for how many minutes, as a whole number; 0 ends the silence.")
    .min(0, "Say for how many minutes; 0 ends the silence.")
    .max(MAX_SNOOZE_MINUTES, `At most ${MAX_SNOOZE_MINUTES} minutes, which are 30 days.`),
});

export const assignRequest = z.strictObject({
  assignee: z
    .string({ error: "Say whose it is, as text; null: nobody's." })
    .trim()
    .min(1, "Say whose it is; null: nobody's.")
    .max(MAX_ASSIGNEE_CHARACTERS, `A name has at most ${MAX_ASSIGNEE_CHARACTERS} characters.`)
    .nullable(),
});
