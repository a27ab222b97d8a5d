/** What a project's reading routes answer, by session cookie or by a share link, as values: expected failures never throw. */
import { projectApi } from "./api.ts";
import { readFailure, UNREACHABLE, type Result } from "./failure.ts";

/** The slowest route folds a large project anew; longer than this means that nobody answers. */
const TIMEOUT_MS = 20_000;

export type Query = Record<string, string | number | undefined>;
export type Reader = <Value>(route: string, query: Query) => Promise<Result<Value>>;

/** `bearer`: of a share link, which names the project itself. */
export function projectReader(project_id: string, bearer?: string, fetcher: typeof fetch = fetch): Reader {
  const path = bearer === undefined ? projectApi(project_id) : "/v1";
  const headers = new Headers({ accept: "application/json" });
  if (bearer !== undefined) headers.set("authorization", `Bearer ${bearer}`);
  return async <Value>(route: string, query: Query): Promise<Result<Value>> => {
    const given = Object.entries(query).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, String(value)]],
    );
    try {
      const response = await fetcher(`${path}/${route}?${new URLSearchParams(given).toString()}`, {
        headers,
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      const body: unknown = await response.json();
      if (!response.ok) return { ok: false, failure: readFailure(response.status, body, response.headers) };
      // Our own server, our own schema (schema/wire), checked by its tests.
      return { ok: true, value: body as Value };
    } catch {
      // Offline, cut off, too slow, or no JSON: the same next step.
      return { ok: false, failure: UNREACHABLE };
    }
  };
}
