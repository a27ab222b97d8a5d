/** How a feature went, for the routes: as data and as Markdown. */
export { reportOf } from "../report/report.ts";
export { markdownOf } from "../report/markdown.ts";
export { QUALITY_METRICS } from "../report/quality.ts";
export type { Known } from "../report/known.ts";
