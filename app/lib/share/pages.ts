/** The pages of a share link: each with the view of the link that it needs. The address says which one is open, by `?page=`. */
import type { ShareView } from "../../../schema/state/share-view.ts";

export interface SharedPage {
  /** As in the address; the Task Flow is the link's own page. */
  id: "flow" | "executive" | "metrics" | "report";
  name: string;
  needs: ShareView;
}

const PAGES: readonly SharedPage[] = [
  { id: "flow", name: "Task flow", needs: "flow" },
  { id: "executive", name: "Executive", needs: "metrics" },
  { id: "metrics", name: "Metrics", needs: "metrics" },
];

/** Of one feature, which the address names beside it: opened by a press on one, and no page of the row. */
const REPORT: SharedPage = { id: "report", name: "Report", needs: "metrics" };

export const pagesOf = (views: readonly ShareView[]): SharedPage[] =>
  PAGES.filter(({ needs }) => views.includes(needs));

/** What a link does not show is not there: its own page is. */
export function pageAt(query: Pick<URLSearchParams, "get">, views: readonly ShareView[]): SharedPage["id"] {
  const asked = query.get("page");
  if (asked === REPORT.id && views.includes(REPORT.needs) && query.get("feature") !== null) return REPORT.id;
  return pagesOf(views).find(({ id }) => id === asked)?.id ?? "flow";
}

/** The moment on screen stays; what belongs to a page's own selection does not. */
export function pageHref(path: string, id: SharedPage["id"]): string {
  return id === "flow" ? path : `${path}?page=${id}`;
}
