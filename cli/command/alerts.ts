/** `clusterfork alerts`: what somebody should look at, and saying that somebody does. */
import { alertLine, alertTable } from "../print/alert-table.ts";
import type { AlertResponse, AlertsResponse } from "../../schema/wire/alert.ts";
import { answerOf } from "./answer.ts";
import { CONNECTION_OPTIONS, readFlags, wholeNumber } from "./flags.ts";
import { MAX_SNOOZE_MINUTES } from "../../schema/wire/alert-body.ts";
import { UserError } from "./user-error.ts";

const TEXT = { type: "string" } as const;
const HOUR_MINUTES = 60;

export async function alerts(args: string[]): Promise<number> {
  const { values, positionals } = readFlags("alerts", args, {
    ...CONNECTION_OPTIONS,
    ...{ status: TEXT, minutes: TEXT, json: { type: "boolean", default: false } },
  });
  const { url, key, json, status, minutes } = values;
  const asked = askedOf(positionals, { status, minutes });
  const text = await answerOf({ url, key }, asked.path, asked.init);
  if (json) console.log(text);
  else if (positionals.length === 0) console.log(alertTable(JSON.parse(text) as AlertsResponse));
  else console.log(alertLine((JSON.parse(text) as AlertResponse).alert));
  return 0;
}

interface Flags {
  status?: string | undefined;
  minutes?: string | undefined;
}

/** What is asked of the server. */
export function askedOf(
  [action, id, ...words]: readonly string[],
  { status, minutes }: Flags,
): { path: string; init: { method: string; body?: string; headers?: Record<string, string> } } {
  if (minutes !== undefined && action !== "snooze") throw new UserError("--minutes goes with snooze.", 2);
  if (action === undefined) {
    // As the dashboard does: what is over is asked for.
    const wanted = new URLSearchParams({ status: status ?? "open,acknowledged,snoozed" });
    return { path: `/v1/alerts?${wanted.toString()}`, init: { method: "GET" } };
  }
  if (status !== undefined) throw new UserError("--status goes with the list alone.", 2);
  if (id === undefined)
    throw new UserError(`alerts ${action} takes the id of an alert, which \`clusterfork alerts\` shows.`, 2);
  const { deed, body } = deedOf(action, words, minutes);
  return {
    path: `/v1/alerts/${encodeURIComponent(id)}/${deed}`,
    init: {
      method: "POST",
      body: JSON.stringify(body),
      headers: { "content-type": "application/json" },
    },
  };
}

function deedOf(
  action: string,
  words: readonly string[],
  minutes: string | undefined,
): { deed: string; body: object } {
  if (action === "assign")
    // Without a name: nobody's.
    return { deed: "assign", body: { assignee: words.length === 0 ? null : words.join(" ") } };
  if (words.length > 0)
    throw new UserError(`alerts: "${words[0]}" is too much. See \`clusterfork alerts --help\`.`, 2);
  if (action === "ack") return { deed: "acknowledge", body: {} };
  if (action === "snooze")
    return {
      deed: "snooze",
      body: {
        minutes:
          minutes === undefined ? HOUR_MINUTES : wholeNumber("minutes", minutes, 0, MAX_SNOOZE_MINUTES),
      },
    };
  throw new UserError(
    `alerts takes ack, snooze or assign, not "${action}". See \`clusterfork alerts --help\`.`,
    2,
  );
}
