/**
 * A feature's part of the log, page by page, for whoever reflects on it: its own events and those of its tasks. A page
 * looks at a bounded number of events, so that a long log holds up no append (B1).
 */
import type { StoredEvent } from "../../schema/event/event.ts";
import { OWN_KEY_ID } from "../../schema/event/own.ts";
import type { FeatureAsk, FeaturePage } from "./contract.ts";
import { REFLECT_PAGE_CHARS, REFLECT_SCAN_EVENTS } from "./limits.ts";
import { lines } from "./log.ts";

export function readFeatureLog(sql: SqlStorage, { feature_id, tasks, after }: FeatureAsk): FeaturePage {
  const of_feature = `"feature_id":${JSON.stringify(feature_id)}`;
  const ids = new Set(tasks);
  const events: string[] = [];
  let looked = 0;
  let chars = 0;
  for (const { seq, text } of lines(sql, after)) {
    if (looked === REFLECT_SCAN_EVENTS || chars > REFLECT_PAGE_CHARS) return { events, next: seq - 1 };
    looked++;
    // Text first: most of a log is about something else, and a look costs less than a parse.
    if (!text.includes(of_feature) && (ids.size === 0 || !text.includes('"task_id":'))) continue;
    if (!isAbout(JSON.parse(text) as StoredEvent, feature_id, ids)) continue;
    events.push(text);
    chars += text.length;
  }
  return { events, next: null };
}

function isAbout(event: StoredEvent, feature_id: string, tasks: ReadonlySet<string>): boolean {
  if (event.key_id === OWN_KEY_ID) return false;
  return event.feature_id === feature_id || (event.task_id !== undefined && tasks.has(event.task_id));
}
