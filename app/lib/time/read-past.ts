/** The past of a project, by session cookie or by a share link, as values: expected failures never throw. */
import type { StoredEvent } from "../../../schema/event/event.ts";
import type { StateResponse, TimelineResponse } from "../../../schema/wire/http.ts";
import { readFailure, requestId, UNREACHABLE } from "../api/failure.ts";
import type { PastFailure, PastReader } from "./past.ts";
import { PAGE_EVENTS } from "./pages.ts";

/** A state is folded from some 20,000 events at most; longer than this means that nobody answers. */
const TIMEOUT_MS = 20_000;

export interface TimelineReader {
  timeline(buckets: number): Promise<{ ok: true; timeline: TimelineResponse } | PastFailure>;
}

/** `path`: `/api/projects/<id>`, or `/v1` with the `bearer` of a share link, which names the project itself. */
export function pastReader(path: string, bearer?: string): PastReader & TimelineReader {
  const headers = new Headers({ accept: "application/json" });
  if (bearer !== undefined) headers.set("authorization", `Bearer ${bearer}`);
  async function get(
    route: string,
    query: Record<string, string>,
  ): Promise<{ ok: true; body: Record<string, unknown>; chars: number } | PastFailure> {
    try {
      const response = await fetch(`${path}/${route}?${new URLSearchParams(query).toString()}`, {
        headers,
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      const text = await response.text();
      const body: unknown = JSON.parse(text);
      if (response.ok && isRecord(body)) return { ok: true, body, chars: text.length };
      const failure = readFailure(response.ok ? 502 : response.status, body, response.headers);
      return { ok: false, message: failure.message, request_id: requestId(failure) };
    } catch {
      // Offline, cut off, too slow, or no JSON: the same next step.
      return { ok: false, message: UNREACHABLE.message, request_id: undefined };
    }
  }

  return {
    async state(moment) {
      const at = "seq" in moment ? moment.seq : moment.time_ms;
      const answer = await get("state", { at: String(at) });
      if (!answer.ok) return answer;
      // Our own server, our own schema (schema/wire), checked by its tests.
      const { seq, state } = answer.body as unknown as StateResponse;
      return { ok: true, seq, state };
    },
    async page(since) {
      const end = since + PAGE_EVENTS;
      const events: StoredEvent[] = [];
      let chars = 0;
      let through = since;
      // Pages of large events come in parts.
      while (through < end) {
        const answer = await get("events", { since: String(through), limit: String(end - through) });
        if (!answer.ok) return answer;
        const part = answer.body as unknown as {
          events: StoredEvent[];
          next: number | null;
          head: { seq: number };
        };
        // Where events were destroyed, the page reaches over its end.
        events.push(...part.events.filter((event) => event.seq <= end));
        chars += answer.chars;
        through = Math.min(end, part.next ?? part.head.seq);
        if (part.next === null) break;
      }
      return { ok: true, events, through, chars };
    },
    async timeline(buckets) {
      const answer = await get("timeline", { buckets: String(buckets) });
      if (!answer.ok) return answer;
      return { ok: true, timeline: answer.body as unknown as TimelineResponse };
    },
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
