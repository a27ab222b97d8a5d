/** The pages of a share link: each with the view of the link that it needs. The address says which one is open, by `?page=`. */
import type { ShareView } from "../../../schema/state/share-view.ts";
import type { Redaction } from "../../../schema/wire/share.ts";
import type { ViewName } from "../session/place.ts";

export interface SharedPage {
  /** As in the address; the Task Flow is the link's own page. */
  id: ViewName | "report";
  name: string;
  needs: ShareView;
  /** Nothing of it is left where the link hides this. */
  about?: Redaction;
}

const PAGES: readonly SharedPage[] = [
  { id: "flow", name: "Task flow", needs: "flow" },
  { id: "executive", name: "Executive", needs: "metrics" },
  { id: "agents", name: "Agents", needs: "metrics" },
  { id: "memory", name: "Memory", needs: "events" },
  { id: "metrics", name: "Metrics", needs: "metrics" },
  { id: "features", name: "Features", needs: "flow" },
  { id: "explore", name: "Explore", needs: "events" },
  { id: "alerts", name: "Alerts", needs: "metrics" },
  { id: "budgets", name: "Budgets", needs: "metrics", about: "cost" },
  // Its figures are times, tokens and money under one name: a link that hides costs has none of them.
  { id: "calibration", name: "Calibration", needs: "metrics", about: "cost" },
  { id: "events", name: "Events", needs: "events" },
];

/** Of one feature, which the address names beside it: opened by a press on one, and no page of the row. */
const REPORT: SharedPage = { id: "report", name: "Report", needs: "metrics" };

export const pagesOf = (views: readonly ShareView[], redactions: readonly Redaction[] = []): SharedPage[] =>
  PAGES.filter(
    ({ needs, about }) => views.includes(needs) && (about === undefined || !redactions.includes(about)),
  );

/** What a link does not show is not there: its own page is. */
export function pageAt(
  query: Pick<URLSearchParams, "get">,
  views: readonly ShareView[],
  redactions: readonly Redaction[] = [],
): SharedPage["id"] {
  const asked = query.get("page");
  if (asked === REPORT.id && views.includes(REPORT.needs) && query.get("feature") !== null) return REPORT.id;
  return pagesOf(views, redactions).find(({ id }) => id === asked)?.id ?? "flow";
}

/** The moment on screen stays; what belongs to a page's own selection does not. */
export function pageHref(path: string, id: SharedPage["id"]): string {
  return id === "flow" ? path : `${path}?page=${id}`;
}
