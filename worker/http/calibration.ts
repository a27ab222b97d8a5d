/** `GET …/forecast/calibration`: what was foretold against what came. */
import { calibrationByKind } from "../../schema/wire/calibration-kind.ts";
import type { CalibrationResponse } from "../../schema/wire/forecast.ts";
import type { HttpContext, ProjectAccess, Reply } from "./context.ts";
import { parseQuery } from "./query.ts";
import { readWireState } from "./state.ts";

export async function getCalibration(c: HttpContext, access: ProjectAccess): Promise<Reply> {
  const query = parseQuery(c, {});
  if (!query.ok) return query.failure;
  const read = await readWireState(access);
  if (!("ok" in read)) return read;
  const { seq, scored_forecasts } = read.state;
  return Response.json({
    seq,
    kinds: calibrationByKind(scored_forecasts),
  } satisfies CalibrationResponse);
}
