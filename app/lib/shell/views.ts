/** The views of a project that exist. A view joins with its page, never before: one line below. */
import { projectPath, type Slugs, type ViewName } from "#lib/session/place.ts";

export interface ViewLink {
  /** The job title on the rail; empty where it has none. */
  title: string;
  name: string;
  /** By which an open view is known; `href` may carry more. */
  path: string;
  href: string;
  /** The digit that opens it; null: none. */
  key: string | null;
}

/**
 * In the order of the rail. The five titles of the specification have a digit, each its own also while another is
 * missing; the rest stands behind "More".
 */
const VIEWS: readonly { title: string; name: string; at: ViewName; key: string | null }[] = [
  { title: "CEO", name: "Executive", at: "executive", key: "1" },
  { title: "COO", name: "Task flow", at: "flow", key: "2" },
  { title: "HR", name: "Agents", at: "agents", key: "3" },
  { title: "ARC", name: "Memory", at: "memory", key: "4" },
  { title: "KPI", name: "Metrics", at: "metrics", key: "5" },
  { title: "", name: "Features", at: "features", key: null },
  { title: "", name: "Explore", at: "explore", key: null },
  { title: "", name: "Alerts", at: "alerts", key: null },
  { title: "", name: "Budgets", at: "budgets", key: null },
  { title: "", name: "Calibration", at: "calibration", key: null },
  { title: "LOG", name: "Events", at: "events", key: null },
];

export function viewsOf(slugs: Slugs): ViewLink[] {
  return VIEWS.map(({ title, name, at, key }) => link(title, name, projectPath(slugs, at), key));
}

export function settingsOf(slugs: Slugs): ViewLink {
  return link("", "Settings", projectPath(slugs, "settings"), null);
}

/** Which of the views stand in the open, and which behind "More". One alone is not hidden behind a button. */
export function arrange<T extends ViewLink>(views: readonly T[], room: number): { open: T[]; more: T[] } {
  if (views.length <= room + 1) return { open: [...views], more: [] };
  const open = views.filter(({ key }) => key !== null).slice(0, room);
  return { open, more: views.filter((view) => !open.includes(view)) };
}

/** Whether this view is on screen: its own page or one below it, not one whose name only begins the same. */
export const isCurrent = ({ path }: Pick<ViewLink, "path">, pathname: string): boolean =>
  pathname === path || pathname.startsWith(`${path}/`);

const link = (title: string, name: string, path: string, key: string | null): ViewLink => ({
  title,
  name,
  path,
  href: path,
  key,
});
