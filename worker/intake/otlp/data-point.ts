/** One data point of a metrics request. */
import type { Refused } from "../adapter.ts";
import { fieldOf, listIn, recordsOf, type Origin } from "./signal.ts";
import { numberFrom, readAttributes, timeFrom, type Attributes } from "./value.ts";

export interface DataPoint extends Origin {
  /** Place among the data points of the request. */
  index: number;
  metric: string;
  time_ms: number;
  start_ms: number | null;
  /** Null for a distribution. */
  value: number | null;
  /** What it says is the change since the point before. */
  is_delta: boolean;
  attributes: Attributes;
}

const KINDS = ["sum", "gauge", "histogram", "exponentialHistogram", "summary"];
const DELTA = 1;

export function readPoints(payload: unknown, now_ms: number): { points: DataPoint[]; refused: Refused[] } {
  const points: DataPoint[] = [];
  const refused: Refused[] = [];
  let index = 0;
  for (const { raw, resource, scope } of recordsOf(payload, "metrics")) {
    const metric = fieldOf(raw, "name");
    if (typeof metric !== "string" || metric === "") {
      refused.push({ index: index++, message: "A metric needs a name." });
      continue;
    }
    for (const kind of KINDS) {
      const data = fieldOf(raw, kind);
      const is_delta = kind === "sum" && fieldOf(data, "aggregationTemporality") === DELTA;
      for (const point of listIn(data, "dataPoints")) {
        points.push({
          resource,
          scope,
          index: index++,
          metric,
          time_ms: timeFrom(fieldOf(point, "timeUnixNano")) ?? now_ms,
          start_ms: timeFrom(fieldOf(point, "startTimeUnixNano")),
          value: numberFrom(fieldOf(point, "asInt")) ?? numberFrom(fieldOf(point, "asDouble")),
          is_delta,
          attributes: readAttributes(fieldOf(point, "attributes")),
        });
      }
    }
  }
  return { points, refused };
}
