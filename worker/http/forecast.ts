/**
 * `GET …/forecast`: of a task, of a feature, or of all. What was learned is kept (outlooks.ts). A share link has a
 * learning of its own, from the state as the link shows it: what it hides cannot be guessed back.
 */
import { decodeState } from "../../schema/state/encode.ts";
import type { Failure } from "../../schema/wire/error.ts";
import { openDatabase } from "../account/database.ts";
import { readMeasuring } from "../account/measuring.ts";
import type { HttpContext, ProjectAccess, Reply } from "./context.ts";
import type { Outlooks } from "./outlooks.ts";
import { parseQuery, textParameter, timeParameter } from "./query.ts";
import { readWireState } from "./state.ts";

const PARAMETERS = {
  task: textParameter.optional(),
  feature: textParameter.optional(),
  by: timeParameter.optional(),
};

const MIXED: Failure = {
  code: "invalid_parameter",
  message: "Give task or feature, not both. `by` goes with feature alone.",
};
const NO_TASK: Failure = {
  code: "not_found",
  message: "There is no such task in the live state. GET …/tasks lists those of it, …/history/tasks all.",
};
const NO_FEATURE: Failure = {
  code: "not_found",
  message:
    "There is no such feature in the live state. GET …/features lists those of it, …/history/features all.",
};

export function createForecast(
  outlooks: Outlooks,
): (c: HttpContext, access: ProjectAccess) => Promise<Reply> {
  return async (c, access) => {
    const query = parseQuery(c, PARAMETERS);
    if (!query.ok) return query.failure;
    const { task, feature, by } = query.value;
    if ((task !== undefined && feature !== undefined) || (by !== undefined && feature === undefined))
      return MIXED;
    const read = await readWireState(access);
    if (!("ok" in read)) return read;
    const state = decodeState(read.state);
    const { project_id, lens } = access;
    const { complexity } = await readMeasuring(openDatabase(c.env.DB), project_id);
    const outlook = outlooks.of(`${project_id} ${lens?.share_id ?? ""}`, state, complexity);
    const now_ms = Date.now();
    if (task !== undefined) {
      const found = outlook.ofTask(state, task, now_ms);
      return found === null ? NO_TASK : Response.json(found);
    }
    if (feature !== undefined) {
      const found = outlook.ofFeature(state, feature, now_ms, by);
      return found === null ? NO_FEATURE : Response.json(found);
    }
    return Response.json(outlook.overview(state, now_ms));
  };
}
