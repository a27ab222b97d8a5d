/**
 * What a project's room sends to another installation, hour by hour, and over which wire.
 *
 *   D1: archive_hour ──settled──▶ report (sums alone) ──POST /v1/events──▶ the receiver's ingest key
 *       project_setting: address, sealed key ────────────────┘ └─▶ project_setting.forwarded_hour
 *
 * The room owns the when and what was sent, and knows this only as a port (room/forward.ts).
 */
import { notSent } from "../../schema/wire/outward.ts";
import { openDatabase } from "../account/database.ts";
import { openForwardKey, readSettings } from "../account/settings.ts";
import { mapHours, selectHours } from "../archive/query-hour.ts";
import { ANSWER_TIMEOUT_MS, SETTLE_MS } from "./limits.ts";
import { pseudonymOf, reportOf, type Report } from "./report.ts";

const HOUR_MS = 3_600_000;

interface Hours {
  /** Ascending; over, and settled. `report`: the id of what says its sums. */
  settled: { hour: number; report: string }[];
  /** The last seq in all of them, when no hour is still open; else null. */
  complete_seq: number | null;
}

export class Forward {
  readonly #db: D1Database;
  readonly #project_id: string;
  readonly #secret: string;

  constructor(db: D1Database, project_id: string, secret: string) {
    this.#db = db;
    this.#project_id = project_id;
    this.#secret = secret;
  }

  async hours(now_ms: number): Promise<Hours> {
    return settledHours(this.#db, this.#project_id, pseudonymOf(this.#secret, this.#project_id), now_ms);
  }

  /** Null once the receiver has them; else what is wrong and what to do. Rejects when D1 is away. */
  async send(hours: readonly number[]): Promise<string | null> {
    const { forward } = await readSettings(openDatabase(this.#db), this.#project_id);
    // Switched off meanwhile: the room is about to hear it too.
    if (forward === null) return "Forwarding is switched off.";
    const key = await openForwardKey(this.#secret, this.#project_id, forward.sealed_key);
    if (key === null)
      return "The receiver's key cannot be read any more, as this installation's KEY_SECRET was changed. Enter the key again.";
    const source = pseudonymOf(this.#secret, this.#project_id);
    const sums = await selectHours(this.#db, this.#project_id, hours);
    const refused = await post(
      forward.url,
      key,
      sums.map((hour) => reportOf(source, hour)),
    );
    if (refused !== null) return refused;
    await this.#db
      .prepare(
        `UPDATE project_setting SET forwarded_hour = max(coalesce(forwarded_hour, 0), ?)
         WHERE project_id = ? AND forward_url = ?`,
      )
      .bind(Math.max(...hours), this.#project_id, forward.url)
      .run();
    return null;
  }
}

/** What there is to send, as reports of `source`. */
export async function settledHours(
  db: D1Database,
  project_id: string,
  source: string,
  now_ms: number,
): Promise<Hours> {
  const { seq, hours } = await mapHours(db, project_id, (sums) => {
    const end_ms = sums.time + HOUR_MS;
    return end_ms + SETTLE_MS > now_ms
      ? null
      : { hour: sums.time / HOUR_MS, report: reportOf(source, sums).id };
  });
  const settled = hours.filter((hour) => hour !== null);
  return { settled, complete_seq: settled.length === hours.length ? seq : null };
}

async function post(origin: string, key: string, events: Report[]): Promise<string | null> {
  // Not AbortSignal.timeout: nobody can end its timer, which would keep the room awake after a quick answer.
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), ANSWER_TIMEOUT_MS);
  let reply: Response;
  try {
    reply = await fetch(`${origin}/v1/events`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${key}`,
        "content-type": "application/json",
        "clusterfork-source": "forward",
      },
      body: JSON.stringify({ events }),
      // Where else it points was never looked at, and the key is for this address alone.
      redirect: "manual",
      signal: late.signal,
    });
  } catch {
    // Refused, unknown, cut or too slow: the next step is the same.
    return `${origin} cannot be reached. Check the address, and that the receiver is running.`;
  } finally {
    clearTimeout(timer);
  }
  // Only its status is read: a stranger's words are not shown on our pages.
  await reply.body?.cancel();
  return notSent(origin, reply) ?? explain(origin, reply.status);
}

function explain(origin: string, status: number): string | null {
  if (status === 200) return null;
  if (status === 401)
    return "The receiver does not know this key, or revoked it. Make one with the scope ingest there, and enter it here.";
  if (status === 403)
    return "The receiver's key may not send events. Make one with the scope ingest there, and enter it here.";
  if (status === 422)
    return "The receiver does not understand the sums. It may be older than this installation: update it.";
  if (status === 429 || status >= 500) return `The receiver is busy or failing (status ${status}).`;
  return `No Clusterfork answers at ${origin} (status ${status}). Check the address.`;
}
