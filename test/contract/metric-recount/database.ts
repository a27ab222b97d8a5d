/** A log in an SQL database of its own, and the metrics counted from it. */
import { DatabaseSync } from "node:sqlite";
import type { StoredEvent } from "../../../schema/event/event.ts";
import { KNOWN_TYPES } from "../../../schema/event/type.ts";
import type { Grouping } from "../../../schema/metric/measure.ts";
import { AGENT, CHECK } from "./agent.ts";
import { CALL, COST } from "./cost.ts";
import { COURSE, FEATURES } from "./course.ts";
import { EVENTS, FILES } from "./events.ts";
import type { Recount } from "./metric-sql.ts";
import { BUG, LINT, QUALITY } from "./quality.ts";
import { APPROVED, GAP, HEARD, RELIABILITY, TOLD } from "./reliability.ts";
import { VELOCITY } from "./velocity.ts";

export const RECOUNTS: Readonly<Record<string, Recount>> = {
  ...VELOCITY,
  ...QUALITY,
  ...COST,
  ...RELIABILITY,
  ...AGENT,
};

export interface Counted {
  value: number | null;
  n: number;
  excluded: number;
}

/** ms; beyond any log. */
const FAR_MS = 9e15;

export class Recounted {
  readonly #db = new DatabaseSync(":memory:");
  readonly #first_ms: number;

  constructor(events: Iterable<StoredEvent>) {
    this.#db.exec("CREATE TABLE log (body TEXT NOT NULL); CREATE TABLE known (type TEXT PRIMARY KEY); BEGIN");
    const known = this.#db.prepare("INSERT INTO known VALUES (?)");
    for (const type of KNOWN_TYPES) known.run(type);
    const insert = this.#db.prepare("INSERT INTO log VALUES (?)");
    for (const event of events) insert.run(JSON.stringify(event));
    for (const step of [EVENTS, COURSE, FEATURES, FILES, CALL, BUG, LINT, GAP, HEARD, CHECK, TOLD, APPROVED])
      this.#db.exec(step);
    this.#db.exec("COMMIT");
    const first = this.#db
      .prepare(
        "SELECT round(1000 * min(min(unixepoch(body ->> 'timestamp', 'subsec'), unixepoch(body ->> 'received_at', 'subsec')))) AS ms FROM log",
      )
      .get();
    this.#first_ms = Number(first?.["ms"]);
  }

  /** By group; without one, under null. Infinite ends are open. */
  count(
    metric: string,
    by: Grouping | null,
    { from, to, now_ms }: { from: number; to: number; now_ms: number },
  ): Map<string | null, Counted> {
    const text = RECOUNTS[metric]?.sql.replaceAll("{by}", by ?? "NULL") ?? "";
    const prepared = this.#db.prepare(text);
    prepared.setAllowUnknownNamedParameters(true);
    const rows = prepared.all({
      from: from === -Infinity ? -FAR_MS : from,
      to: to === Infinity ? FAR_MS : to,
      now: now_ms,
      first: this.#first_ms,
    });
    return new Map(
      rows.map(({ grp, value, n, excluded }) => [
        grp === null ? null : String(grp),
        { value: value === null ? null : Number(value), n: Number(n), excluded: Number(excluded) },
      ]),
    );
  }

  close(): void {
    this.#db.close();
  }
}
