/** What `metrics` and `agents` ask of `GET /v1/metrics`. */
import { METRICS } from "../../schema/metric/definition.ts";
import { clean } from "../print/terminal.ts";
import { answerOf, type Where } from "./answer.ts";
import { UserError } from "./user-error.ts";

export type Parameters = Record<string, string | undefined>;
/** Answers as text, so that `--json` prints what the server gave. */
export type Ask = (path: string, parameters: Parameters) => Promise<string>;

export function asking(where: Where): Ask {
  return (path, parameters) => {
    const named = Object.entries(parameters).filter(
      (pair): pair is [string, string] => pair[1] !== undefined,
    );
    const query = new URLSearchParams(named).toString();
    return answerOf(where, query === "" ? path : `${path}?${query}`);
  };
}

/** Ids as they are, or by a beginning that only one has: `efficiency`. */
export function metricIds(names: readonly string[]): string[] {
  return [...new Set(names.flatMap((name) => name.split(",")).map(metricId))];
}

function metricId(text: string): string {
  const name = text.trim().toLowerCase();
  const exact = METRICS.find(({ id }) => id === name);
  if (exact !== undefined) return exact.id;
  const begun = METRICS.filter(({ id }) => name !== "" && id.startsWith(name));
  if (begun.length === 1 && begun[0] !== undefined) return begun[0].id;
  const choice = begun.length > 1 ? begun : METRICS;
  throw new UserError(
    `${begun.length > 1 ? "more than one metric begins with" : "there is no metric"} "${clean(text, 40)}". Choose from: ${choice.map(({ id }) => id).join(", ")}.`,
    2,
  );
}

const DURATION = /^(\d{1,6})([smhd])$/;
const UNIT_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** A duration before now becomes a time; all else is the server's to read. */
export function timeOf(text: string | undefined, now_ms: number): string | undefined {
  const [, count, unit = ""] = DURATION.exec(text ?? "") ?? [];
  const unit_ms = UNIT_MS[unit];
  return count === undefined || unit_ms === undefined ? text : String(now_ms - Number(count) * unit_ms);
}
