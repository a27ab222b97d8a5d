/** What a project's reading routes answer, for a member by the session and for a visitor by the link: one way for every view. */
import { readFailure, UNREACHABLE, type Result } from "./failure.ts";

/** A question on a large log takes a second or two; longer than this means that nobody answers. */
const TIMEOUT_MS = 20_000;

/** `route`: as under `/v1`, such as `/metrics`. Absent parts of the query are left out. */
export type Read = <T>(route: string, query?: Record<string, string | undefined>) => Promise<Result<T>>;

/** `base`: `/api/projects/<id>`, or `/v1` with the `bearer` of a share link, which names the project itself. */
export function createRead(base: string, bearer?: string): Read {
  const headers = new Headers({ accept: "application/json" });
  if (bearer !== undefined) headers.set("authorization", `Bearer ${bearer}`);
  return async <T>(route: string, query: Record<string, string | undefined> = {}): Promise<Result<T>> => {
    const asked = new URLSearchParams();
    for (const [name, value] of Object.entries(query)) if (value !== undefined) asked.set(name, value);
    const path = `${base}${route}${asked.size === 0 ? "" : `?${asked.toString()}`}`;
    try {
      const response = await fetch(path, { headers, signal: AbortSignal.timeout(TIMEOUT_MS) });
      const body: unknown = await response.json();
      if (!response.ok) return { ok: false, failure: readFailure(response.status, body, response.headers) };
      // Our own server, our own schema: the shape is its contract (schema/wire), checked by its tests.
      return { ok: true, value: body as T };
    } catch {
      // Offline, cut off, too slow, or no JSON: the same next step.
      return { ok: false, failure: UNREACHABLE };
    }
  };
}
