/** What agents and people say a lesson did. Each has one vote on it, and the newest counts. */
import { eventTime, type StoredEvent } from "../../../schema/event/event.ts";
import { judge } from "./kept.ts";
import { MAX_VOTERS } from "./limits.ts";
import { importanceOf, isTrusted } from "./saying.ts";
import type { Shelf } from "./shelf.ts";

export function vote(sql: SqlStorage, shelf: Shelf, project: string, event: StoredEvent): void {
  const { metadata = {}, metrics = {} } = event;
  const lesson_id = metadata["lesson_id"];
  const place = typeof lesson_id === "string" ? shelf.find(project, lesson_id) : null;
  if (place === null) return;
  let { kept } = place;
  const at = eventTime(event);
  if (event.event_type === "lesson_applied") kept = { ...kept, applied: kept.applied + 1 };
  // How much it matters is for people to say.
  const importance = metrics["importance"];
  if (importance !== undefined && isTrusted(event) && kept.project === project)
    kept = { ...kept, importance: importanceOf(importance) };
  const value = valueOf(metadata["helpful"], metrics["rating"]);
  const before = value === null ? null : note(sql, place.pk, project, event, value);
  if (value !== null && before !== null) kept = judge(kept, before, value, at);
  if (kept.importance === place.kept.importance) shelf.count(place.pk, kept);
  else shelf.put({ pk: place.pk, kept });
}

/** 1: it helped; −1: it did harm; null: nothing was said of it. */
function valueOf(helpful: unknown, rating: number | undefined): 1 | -1 | null {
  if (typeof helpful === "boolean") return helpful ? 1 : -1;
  if (rating === undefined || rating === 0) return null;
  return rating > 0 ? 1 : -1;
}

/** The voter's last vote, 0 where there was none; null: there are too many voters. */
function note(
  sql: SqlStorage,
  pk: number,
  project: string,
  event: StoredEvent,
  value: number,
): number | null {
  const said = event.metadata?.["by"];
  const who = isTrusted(event) && typeof said === "string" ? said : event.agent_id;
  const voter = JSON.stringify([project, event.key_id, who]);
  const known = sql
    .exec<{ value: number }>("SELECT value FROM vote WHERE pk = ? AND voter = ?", pk, voter)
    .toArray()[0];
  if (known === undefined) {
    const { n } = sql.exec<{ n: number }>("SELECT count(*) AS n FROM vote WHERE pk = ?", pk).one();
    if (n >= MAX_VOTERS) return null;
  }
  sql.exec(
    "INSERT OR REPLACE INTO vote (pk, voter, project, key_id, value) VALUES (?, ?, ?, ?, ?)",
    ...[pk, voter, project, event.key_id, value],
  );
  return known?.value ?? 0;
}
