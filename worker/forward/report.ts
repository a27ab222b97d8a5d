/**
 * One hour of a project, as it is told to another installation: sums alone. Nothing in it is a name or a text
 * of the project: it appears under a pseudonym, and types that its senders invented count as `other`.
 */
import { createHmac, hash } from "node:crypto";
import { isKnownType } from "../../schema/event/type.ts";
import type { HistoryHour } from "../../schema/wire/http.ts";

const HOUR_MS = 3_600_000;
/** 64 bits: two sources of one receiver never share a pseudonym, and none is traced back without the secret. */
const PSEUDONYM_CHARACTERS = 16;
/** 128 bits of the body's hash: two reports of one hour differ in it. */
const DIGEST_CHARACTERS = 32;
/** A billionth of a dollar: sums of the same prices in another order are the same sum. */
const USD_STEPS = 1e9;

/** A sender's event, as `POST /v1/events` takes it. */
export interface Report {
  id: string;
  timestamp: string;
  event_type: "usage_reported";
  agent_id: string;
  metadata: { hour: string; by_type: Record<string, number> };
  metrics: Record<string, number>;
}

/** By what the receiver tells sources apart. Only who has the installation's secret can tell which project it is. */
export function pseudonymOf(secret: string, project_id: string): string {
  const hmac = createHmac("sha256", secret).update(`clusterfork forward ${project_id}`).digest("hex");
  return `source-${hmac.slice(0, PSEUDONYM_CHARACTERS)}`;
}

/**
 * The same sums make the same event, id included, so that sending twice adds nothing. After a late event the
 * hour is another event, with more `events` in it, and that one counts (of equal ones the newest): reports of an hour
 * are never added up.
 */
export function reportOf(source: string, hour: HistoryHour): Report {
  const by_type = new Map<string, number>();
  for (const [event_type, count] of hour.by_type) {
    const name = isKnownType(event_type) ? event_type : "other";
    by_type.set(name, (by_type.get(name) ?? 0) + count);
  }
  const { reported_usd, priced_usd, ...counts } = hour.usage;
  const begin = new Date(hour.time).toISOString();
  const body = {
    timestamp: new Date(hour.time + HOUR_MS).toISOString(),
    event_type: "usage_reported" as const,
    agent_id: source,
    metadata: { hour: begin, by_type: Object.fromEntries([...by_type].sort(([a], [b]) => (a < b ? -1 : 1))) },
    metrics: {
      events: hour.events,
      ...counts,
      reported_usd: Math.round(reported_usd * USD_STEPS) / USD_STEPS,
      priced_usd: Math.round(priced_usd * USD_STEPS) / USD_STEPS,
    },
  };
  const digest = hash("sha256", JSON.stringify(body), "hex").slice(0, DIGEST_CHARACTERS);
  return { id: `${source}:${begin.slice(0, 13)}:${digest}`, ...body };
}
