/** `clusterfork send`: one event from flags, or events as JSON. */
import { randomUUID } from "node:crypto";
import type { Json } from "../../schema/event/event.ts";
import { nearestType } from "../../schema/event/nearest.ts";
import { isKnownType } from "../../schema/event/type.ts";
import { resolveConnection, type Connection } from "../client/connection.ts";
import { postEvents, RequestError } from "../client/transport.ts";
import { deliver, MAX_BATCH_EVENTS } from "../import/deliver.ts";
import type { OutgoingEvent } from "../../schema/event/outgoing.ts";
import { clean } from "../print/terminal.ts";
import { CONNECTION_OPTIONS, readFlags } from "./flags.ts";
import { explainRequest } from "./refusal.ts";
import { UserError } from "./user-error.ts";
import { tryingAgain } from "../print/sending.ts";

export async function send(args: string[]): Promise<number> {
  const { values, positionals } = readFlags("send", args, {
    ...CONNECTION_OPTIONS,
    agent: { type: "string" },
    role: { type: "string" },
    task: { type: "string" },
    feature: { type: "string" },
    session: { type: "string" },
    meta: { type: "string", multiple: true },
    metric: { type: "string", multiple: true },
    id: { type: "string" },
    timestamp: { type: "string" },
  });
  const [what, ...rest] = positionals;
  if (what === undefined)
    throw new UserError(
      "send what? `clusterfork send TYPE --agent ID`, or JSON with `clusterfork send -`.",
      2,
    );
  if (rest.length > 0)
    throw new UserError(
      `one event type at a time; "${rest[0]}" is too much. Metadata goes with --meta key=value.`,
      2,
    );
  const connection = resolveConnection(values);
  if (what === "-") return await report(connection, parseTexts(await readAll(process.stdin)));
  // Typed by hand, it happens now. A file says itself when its events happened.
  if (/^\s*[[{]/.test(what)) return await report(connection, parseTexts(what).map(stampNow));
  if (values.agent === undefined)
    throw new UserError("say who did it: --agent ID. Any name will do; the dashboard shows it.", 2);
  const metadata = pairs("meta", values.meta ?? [], readJsonOrText);
  const metrics = pairs("metric", values.metric ?? [], (text, key) => {
    const value = Number(text);
    if (text.trim() === "" || !Number.isFinite(value))
      throw new UserError(`--metric ${key} takes a number, not "${text}".`, 2);
    return value;
  });
  const event: OutgoingEvent = {
    id: values.id ?? randomUUID(),
    timestamp: values.timestamp ?? new Date().toISOString(),
    event_type: what,
    agent_id: values.agent,
    ...(values.role === undefined ? {} : { agent_role: values.role }),
    ...(values.task === undefined ? {} : { task_id: values.task }),
    ...(values.feature === undefined ? {} : { feature_id: values.feature }),
    ...(values.session === undefined ? {} : { session_id: values.session }),
    ...(metadata === null ? {} : { metadata }),
    ...(metrics === null ? {} : { metrics }),
  };
  return await report(connection, [event]);
}

export function stampNow(event: OutgoingEvent): OutgoingEvent {
  if (typeof event !== "object" || event === null || event.timestamp !== undefined) return event;
  return { ...event, timestamp: new Date().toISOString() };
}

function pairs<T>(
  flag: string,
  texts: string[],
  read: (text: string, key: string) => T,
): Record<string, T> | null {
  if (texts.length === 0) return null;
  const entries = texts.map((text): [string, T] => {
    const at = text.indexOf("=");
    if (at < 1) throw new UserError(`--${flag} takes key=value, not "${text}".`, 2);
    const key = text.slice(0, at);
    return [key, read(text.slice(at + 1), key)];
  });
  return Object.fromEntries(entries);
}

function readJsonOrText(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}

async function readAll(stream: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}

/** One JSON document (object, array, `{ "events": [] }`) or NDJSON. The server checks the events themselves. */
function parseTexts(text: string): OutgoingEvent[] {
  const parse = (part: string, where: string): unknown => {
    try {
      return JSON.parse(part);
    } catch (error) {
      throw new UserError(`${where} is not JSON: ${clean((error as Error).message)}. Nothing was sent.`);
    }
  };
  const trimmed = text.trim();
  if (trimmed === "") throw new UserError("there was nothing to send.");
  let whole: unknown;
  try {
    whole = JSON.parse(trimmed);
  } catch {
    whole = trimmed
      .split("\n")
      .map((line, index) => [line.trim(), index + 1] as const)
      .filter(([line]) => line !== "")
      .map(([line, number]) => parse(line, `line ${number}`));
  }
  if (Array.isArray(whole)) return whole as OutgoingEvent[];
  if (typeof whole === "object" && whole !== null && "events" in whole && Array.isArray(whole.events))
    return whole.events as OutgoingEvent[];
  return [whole as OutgoingEvent];
}

/** A type that is not known is stored and counted, and moves no task: worth a word where it looks like a slip. */
export function typeHints(events: readonly OutgoingEvent[]): string[] {
  const types = new Set(
    events.flatMap((event) => (typeof event?.event_type === "string" ? [event.event_type] : [])),
  );
  return [...types].flatMap((type) => {
    const meant = isKnownType(type) ? null : nearestType(type);
    return meant === null
      ? []
      : [`"${clean(type, 64)}" is no known type: it is stored and counted only. Did you mean "${meant}"?`];
  });
}

async function report(connection: Connection, events: OutgoingEvent[]): Promise<number> {
  // An id made here keeps a retry from storing an event twice.
  const identified = events.map((event) =>
    typeof event === "object" && event !== null && event.id === undefined
      ? { ...event, id: randomUUID() }
      : event,
  );
  try {
    const seqs: { first: number | null; last: number | null } = { first: null, last: null };
    const delivery = await deliver(identified, {
      batch_events: MAX_BATCH_EVENTS,
      skip: 0,
      onBatch: () => undefined,
      post: async (lines) => {
        const answer = await postEvents(connection, lines, "cli", {
          maxTries: 5,
          onRetry: (reason, wait_ms) => console.error(`${clean(reason)} ${tryingAgain(wait_ms)}`),
        });
        seqs.first ??= answer.first_seq;
        seqs.last = answer.last_seq ?? seqs.last;
        return answer;
      },
    });
    const { first, last } = seqs;
    const place =
      first === null ? "" : first === last ? ` as event ${first}` : ` as events ${first} to ${last}`;
    const known = delivery.duplicates > 0 ? `; ${delivery.duplicates} already there` : "";
    console.log(`${delivery.accepted} stored${place}${known}`);
    for (const hint of typeHints(events)) console.error(hint);
    for (const refusal of delivery.refusals)
      console.error(`event ${refusal.index}: ${refusal.status}: ${clean(refusal.message, 400)}`);
    return delivery.rejected + delivery.conflicts > 0 ? 1 : 0;
  } catch (error) {
    if (error instanceof RequestError) throw new UserError(explainRequest(error));
    throw error;
  }
}
