/** The views of a project that exist. A view joins the rail with its page, never before. */
import { projectPath, type Slugs } from "#lib/session/place.ts";

export interface ViewLink {
  /** The job title on the rail. */
  title: string;
  name: string;
  href: string;
}

export function viewsOf(slugs: Slugs): ViewLink[] {
  return [
    { title: "COO", name: "Task flow", href: projectPath(slugs, "flow") },
    { title: "LOG", name: "Events", href: projectPath(slugs, "events") },
  ];
}

export function settingsOf(slugs: Slugs): ViewLink {
  return { title: "", name: "Settings", href: projectPath(slugs, "settings") };
}
