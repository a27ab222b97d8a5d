/** The routes of budgets that change something, described (see routes.ts). */
import * as budget from "../../../schema/wire/budget-body.ts";
import type { Description } from "./routes.ts";

const CONFIGURING: Record<string, Description> = {
  "POST /budgets": {
    summary:
      "A new budget, per month or for good, in US dollars or tokens. A hard one refuses reservations when it is used up.",
    request: budget.budgetRequest,
    reply: { status: 201, body: budget.budgetResponse },
  },
  "PUT /budgets/:budget": {
    summary: "Changes what is given: limit, title, hardness. What was counted stays.",
    request: budget.budgetChange,
    reply: { status: 200, body: budget.budgetResponse },
  },
  "DELETE /budgets/:budget": {
    summary: "Takes a budget away. The log keeps that it was there.",
    reply: { status: 204, body: null },
  },
};

export const BUDGET_ROUTES: Record<string, Description> = {
  ...Object.fromEntries(
    Object.entries(CONFIGURING).flatMap(([route, description]) =>
      ["/v1", "/api/projects/:project"].map((mount) => [route.replace(" ", ` ${mount}`), description]),
    ),
  ),
  "POST /v1/budgets/reserve": {
    summary:
      "Asks before a call whether all hard budgets have room for it, and holds the amount until the tokens_used that names the reservation, a release, or ttl_s. 200 either way: `granted` is the answer.",
    request: budget.reserveRequest,
    reply: { status: 200, body: budget.reserveResponse },
  },
  "POST /v1/budgets/release": {
    summary: "Gives a reservation back whose call does not take place.",
    request: budget.releaseRequest,
    reply: { status: 200, body: budget.releaseResponse },
  },
};
