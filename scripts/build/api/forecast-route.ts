/** What the route table does not say of forecasts. */
import * as z from "zod";
import { calibrationResponse, forecastResponse } from "../../../schema/wire/forecast-body.ts";
import type { Description } from "./routes.ts";

const text = z.string().min(1).max(256);

export const FORECAST_ROUTE: Description = {
  summary:
    "What a task will take, when a feature will be done, or, without parameters, the current sprint, the open features and how forecasts held so far. Unknown is null, with the reason in `why`.",
  query: {
    task: text.describe("Of the live state. Not together with feature."),
    feature: text.describe("Of the live state."),
    by: text.describe("RFC 3339, or ms since 1970; with feature: how likely it is done later."),
  },
  reply: { status: 200, body: forecastResponse },
};

export const CALIBRATION_ROUTE: Description = {
  summary:
    "How forecasts held: for each kind of them, what was said against what came, of the newest scored ones.",
  reply: { status: 200, body: calibrationResponse },
};
