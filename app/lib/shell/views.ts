/** The views of a project that exist. A view joins the rail with its page, never before. */
import { projectPath, type Slugs } from "#lib/session/place.ts";

export interface ViewLink {
  /** The job title on the rail. */
  title: string;
  name: string;
  /** By which an open view is known; `href` may carry more. */
  path: string;
  href: string;
}

export function viewsOf(slugs: Slugs): ViewLink[] {
  return [
    view("COO", "Task flow", projectPath(slugs, "flow")),
    view("LOG", "Events", projectPath(slugs, "events")),
  ];
}

export function settingsOf(slugs: Slugs): ViewLink {
  return view("", "Settings", projectPath(slugs, "settings"));
}

const view = (title: string, name: string, path: string): ViewLink => ({ title, name, path, href: path });
