/** The pages of a share link: each with the view of the link that it needs. The address says which one is open, by `?page=`. */
import type { ShareView } from "../state/share-view.ts";
import type { Redaction } from "./share.ts";

export type SharedPageId =
  | "flow"
  | "executive"
  | "agents"
  | "memory"
  | "metrics"
  | "features"
  | "explore"
  | "alerts"
  | "budgets"
  | "calibration"
  | "events"
  | "report";

export interface SharedPage {
  /** As in the address; the Task Flow is the link's own page. */
  id: SharedPageId;
  name: string;
  needs: ShareView;
  /** Nothing of it is left where the link hides this. */
  about?: Redaction;
  /** What it answers, for those who are sent the link. */
  shows: string;
}

export const SHARED_PAGES: readonly SharedPage[] = [
  { id: "flow", name: "Task flow", needs: "flow", shows: "what is done, what is under way and what waits" },
  {
    id: "executive",
    name: "Executive",
    needs: "metrics",
    shows: "what lands when, at what cost, and what needs a person",
  },
  { id: "agents", name: "Agents", needs: "metrics", shows: "each agent against its targets and its peers" },
  { id: "memory", name: "Memory", needs: "events", shows: "what was decided, why, and what was learned" },
  { id: "metrics", name: "Metrics", needs: "metrics", shows: "every metric with its target and its limits" },
  { id: "features", name: "Features", needs: "flow", shows: "every feature, open and shipped" },
  { id: "explore", name: "Explore", needs: "events", shows: "questions to the log, and their answers" },
  { id: "alerts", name: "Alerts", needs: "metrics", shows: "what somebody should look at" },
  {
    id: "budgets",
    name: "Budgets",
    needs: "metrics",
    about: "cost",
    shows: "what may be spent, what was, and when it runs out",
  },
  // Its figures are times, tokens and money under one name: a link that hides costs has none of them.
  {
    id: "calibration",
    name: "Calibration",
    needs: "metrics",
    about: "cost",
    shows: "what was foretold, against what came",
  },
  { id: "events", name: "Events", needs: "events", shows: "every event, the newest first" },
];

/** Of one feature, which the address names beside it: opened by a press on one, and no page of the row. */
const REPORT: SharedPage = {
  id: "report",
  name: "Report",
  needs: "metrics",
  shows: "how one feature went: its time, its tasks and its quality",
};

export const pagesOf = (views: readonly ShareView[], redactions: readonly Redaction[] = []): SharedPage[] =>
  SHARED_PAGES.filter(
    ({ needs, about }) => views.includes(needs) && (about === undefined || !redactions.includes(about)),
  );

/** What a link does not show is not there: its own page is, and null stands for it. */
export function askedPage(
  query: Pick<URLSearchParams, "get">,
  views: readonly ShareView[],
  redactions: readonly Redaction[] = [],
): SharedPage | null {
  const asked = query.get("page");
  if (asked === REPORT.id && views.includes(REPORT.needs) && query.get("feature") !== null) return REPORT;
  return pagesOf(views, redactions).find(({ id }) => id === asked) ?? null;
}
