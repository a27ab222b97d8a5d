/** Addresses inside the dashboard, and the one that a reader returns to. */

const LAST_PROJECT_KEY = "clusterfork:last-project";

export interface Slugs {
  team: string;
  project: string;
}

/** The views of the rail and of "More", as they stand in the address. */
export type ViewName =
  | "executive"
  | "flow"
  | "agents"
  | "memory"
  | "metrics"
  | "explore"
  | "features"
  | "alerts"
  | "budgets"
  | "calibration"
  | "events";

export function projectPath(
  { team, project }: Slugs,
  view: "" | ViewName | "start" | "settings" | "members" = "",
): string {
  const base = `/${encodeURIComponent(team)}/${encodeURIComponent(project)}`;
  return view === "" ? base : `${base}/${view}`;
}

export function signInPath(given: { email?: string; next?: string }): string {
  return withQuery("/sign-in", given);
}
export function signUpPath(given: { email?: string }): string {
  return withQuery("/sign-up", given);
}

function withQuery(path: string, given: { email?: string; next?: string }): string {
  const query = new URLSearchParams();
  if (given.email !== undefined && given.email !== "") query.set("email", given.email);
  if (given.next !== undefined && given.next !== "/") query.set("next", given.next);
  return query.size === 0 ? path : `${path}?${query.toString()}`;
}

/**
 * Where to go after signing in: only a path of this origin, never another site
 * that a prepared link names. Browsers read `//host` and `/\host` as a host,
 * and drop tabs and line breaks before they look.
 */
export function safeNext(next: string | null): string {
  if (next === null || !/^\/(?![/\\])/.test(next) || /[\s\\]/.test(next)) return "/";
  return next;
}

export function rememberProject(slugs: Slugs): void {
  try {
    localStorage.setItem(LAST_PROJECT_KEY, `${slugs.team}/${slugs.project}`);
  } catch {
    // Storage switched off or full: the first project is opened next time.
  }
}

export function lastProject(): Slugs | undefined {
  let stored: string | null;
  try {
    stored = localStorage.getItem(LAST_PROJECT_KEY);
  } catch {
    // As above.
    return undefined;
  }
  const [team, project, ...rest] = stored?.split("/") ?? [];
  return team && project && rest.length === 0 ? { team, project } : undefined;
}
