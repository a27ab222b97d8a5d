/** Pages of a project's log, by session cookie or by a share link, as values: expected failures never throw. */
import type { EventsPage } from "../../../schema/wire/http.ts";
import { readFailure, requestId, UNREACHABLE } from "../api/failure.ts";
import type { ReadLog } from "./log.ts";

/** A page is read from one table by key; longer than this means that nobody answers. */
const TIMEOUT_MS = 15_000;

/** `bearer`: of a share link, which names the project itself. */
export function logReader(project: string, bearer?: string): ReadLog {
  const path = bearer === undefined ? `/api/projects/${encodeURIComponent(project)}/events` : "/v1/events";
  const headers = new Headers({ accept: "application/json" });
  if (bearer !== undefined) headers.set("authorization", `Bearer ${bearer}`);
  return async ({ since, limit, task }) => {
    const query = new URLSearchParams({ since: String(since), limit: String(limit) });
    if (task !== undefined) query.set("task", task);
    try {
      const response = await fetch(`${path}?${query.toString()}`, {
        headers,
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      const body: unknown = await response.json();
      if (isPage(body) && response.ok) return { ok: true, page: body };
      const failure = readFailure(response.ok ? 502 : response.status, body, response.headers);
      return { ok: false, message: failure.message, request_id: requestId(failure) };
    } catch {
      // Offline, cut off, too slow, or no JSON: the same next step.
      return { ok: false, message: UNREACHABLE.message, request_id: undefined };
    }
  };
}

function isPage(value: unknown): value is EventsPage {
  return typeof value === "object" && value !== null && "events" in value && Array.isArray(value.events);
}
