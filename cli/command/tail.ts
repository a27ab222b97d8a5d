/** `clusterfork tail`: the project's events as they happen. */
import { resolveConnection, type Connection } from "../client/connection.ts";
import { CLOSING, readReport } from "../client/report.ts";
import { followStream } from "../client/stream.ts";
import { request, RequestError } from "../client/transport.ts";
import type { StoredEvent } from "../../schema/event/event.ts";
import type { EventsPage } from "../../schema/wire/http.ts";
import { DayMarks } from "../print/day.ts";
import { featureSummary } from "../print/feature-summary.ts";
import { Narrative } from "../print/narrative.ts";
import { clean } from "../print/terminal.ts";
import { CONNECTION_OPTIONS, readFlags, wholeNumber } from "./flags.ts";
import { explainRequest } from "./refusal.ts";
import { UserError } from "./user-error.ts";

const PAGE = 1_000;
/** Without a filter this many events are printed first. */
const DEFAULT_LINES = 20;

interface Filter {
  type: string | undefined;
  agent: string | undefined;
  task: string | undefined;
  feature: string | undefined;
}

export async function tail(args: string[]): Promise<number> {
  const { values, positionals } = readFlags("tail", args, {
    ...CONNECTION_OPTIONS,
    lines: { type: "string", default: String(DEFAULT_LINES) },
    since: { type: "string" },
    type: { type: "string" },
    agent: { type: "string" },
    task: { type: "string" },
    feature: { type: "string" },
    json: { type: "boolean", default: false },
    follow: { type: "boolean", default: true },
    "no-follow": { type: "boolean", default: false },
  });
  if (positionals.length > 0)
    throw new UserError(
      `tail takes options only; "${positionals[0]}" is too much. See \`clusterfork tail --help\`.`,
      2,
    );
  const connection = resolveConnection(values);
  const filter: Filter = {
    type: values.type,
    agent: values.agent,
    task: values.task,
    feature: values.feature,
  };
  const narrative = new Narrative(process.stdout.isTTY === true);
  const days = new DayMarks();
  const print = (event: StoredEvent): void => {
    if (values.json) {
      console.log(JSON.stringify(event));
      return;
    }
    const day = days.before(event.timestamp);
    if (day !== null) {
      console.log(day);
      narrative.interrupt();
    }
    console.log(narrative.tell(event));
  };
  try {
    const lines = wholeNumber("lines", values.lines, 0, 1_000_000);
    const since =
      values.since === undefined ? null : wholeNumber("since", values.since, 0, Number.MAX_SAFE_INTEGER);
    const head = await printPast(connection, filter, { since, lines }, print);
    if (values["no-follow"] || !values.follow) return 0;
    for await (const { event, notice } of followStream(connection, head)) {
      if (notice !== undefined) console.error(clean(notice));
      if (event === undefined || !matches(event, filter)) continue;
      print(event);
      if (values.json || event.feature_id === undefined || !CLOSING.has(event.event_type)) continue;
      const known = await readReport(connection, event.feature_id);
      if (known === null) continue;
      console.log(featureSummary(known));
      narrative.interrupt();
    }
    return 1;
  } catch (error) {
    if (error instanceof RequestError) throw new UserError(explainRequest(error));
    throw error;
  }
}

function matches(event: StoredEvent, filter: Filter): boolean {
  return (
    (filter.type === undefined || event.event_type === filter.type) &&
    (filter.agent === undefined || event.agent_id === filter.agent) &&
    (filter.task === undefined || event.task_id === filter.task) &&
    (filter.feature === undefined || event.feature_id === filter.feature)
  );
}

async function readPage(
  connection: Connection,
  since: number,
  limit: number,
  filter: Filter,
): Promise<EventsPage> {
  const query = new URLSearchParams({ since: String(since), limit: String(limit) });
  for (const [name, value] of Object.entries(filter) as [string, string | undefined][])
    if (value !== undefined) query.set(name, value);
  const response = await request(connection, `/v1/events?${query.toString()}`, {}, { maxTries: 3 });
  return (await response.json()) as EventsPage;
}

/** Prints what was asked of the past; returns the seq after which the live part goes on. */
async function printPast(
  connection: Connection,
  filter: Filter,
  wanted: { since: number | null; lines: number },
  print: (event: StoredEvent) => void,
): Promise<number> {
  const filtered = Object.values(filter).some((value) => value !== undefined);
  const none: Filter = { type: undefined, agent: undefined, task: undefined, feature: undefined };
  const { head } = await readPage(connection, 0, 1, none);
  if (wanted.since === null && wanted.lines === 0) return head.seq;
  // With a filter the last N matches may lie anywhere, so the log is read from its start.
  let since = wanted.since ?? (filtered ? 0 : Math.max(0, head.seq - wanted.lines));
  const last: StoredEvent[] = [];
  for (;;) {
    const page = await readPage(connection, since, PAGE, filter);
    for (const event of page.events) {
      if (wanted.since !== null || !filtered) print(event);
      else {
        last.push(event);
        if (last.length > wanted.lines) last.shift();
      }
    }
    if (page.next === null) {
      for (const event of last) print(event);
      return Math.max(page.head.seq, since);
    }
    since = page.next;
  }
}
