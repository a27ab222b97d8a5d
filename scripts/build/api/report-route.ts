/** What the route table does not say of reports. */
import { featureReport } from "../../../schema/wire/report-body.ts";
import type { Description } from "./routes.ts";

export const REPORT_ROUTE: Description = {
  summary:
    "How a feature went: its grade with the sum behind it, duration, cost and tokens against what was foretold or is usual, its tasks, quality, insights, what to do next time, and what was learned. Unknown is null, with the reason.",
  reply: {
    status: 200,
    body: featureReport,
    also: { "text/markdown": "The same to read, with `Accept: text/markdown`." },
  },
};
