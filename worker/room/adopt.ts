/**
 * One session, one feature: what hooks, telemetry and transcripts tell of it
 * goes under the one that was stored first (`schema/event/session.ts`).
 *
 * Done before anything is written, so that the log, its columns, the state and
 * the archive agree. The body's hash stays the sender's: a resend is a duplicate.
 */
import { featureOfSession, sessionTaskOf } from "../../schema/event/session.ts";
import { findTask } from "../../schema/state/select.ts";
import type { ProjectState } from "../../schema/state/state.ts";
import type { Candidates } from "./append.ts";

/** Changes events and texts in place: a commit owns them. */
export function adoptSessions(
  { events, texts }: Pick<Candidates, "events" | "texts">,
  state: ProjectState,
): void {
  /** Session task → its feature, as far as this commit tells it first. */
  const told = new Map<string, string>();
  for (const [i, event] of events.entries()) {
    const own = sessionTaskOf(event);
    if (own === null) continue;
    const known = findTask(state, own)?.feature_id ?? told.get(own) ?? null;
    const feature_id = featureOfSession(event, known);
    if (feature_id !== null && feature_id !== event.feature_id) {
      event.feature_id = feature_id;
      texts[i] = JSON.stringify(event);
    }
    if (known === null && event.task_id === own && feature_id !== null) told.set(own, feature_id);
  }
}
