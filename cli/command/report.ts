/** `clusterfork report FEATURE`: how a feature went. */
import type { FeatureReport } from "../../schema/wire/report.ts";
import { reportPath } from "../client/report.ts";
import { reportText } from "../print/report-text.ts";
import { answerOf } from "./answer.ts";
import { CONNECTION_OPTIONS, readFlags } from "./flags.ts";
import { UserError } from "./user-error.ts";

export async function report(args: string[]): Promise<number> {
  const { values, positionals } = readFlags("report", args, {
    ...CONNECTION_OPTIONS,
    json: { type: "boolean", default: false },
    markdown: { type: "boolean", default: false },
  });
  const [feature, ...rest] = positionals;
  if (feature === undefined || rest.length > 0)
    throw new UserError(
      "report takes one feature: clusterfork report FEATURE. See `clusterfork report --help`.",
      2,
    );
  const { url, key, json, markdown } = values;
  if (json && markdown) throw new UserError("give --json or --markdown, not both.", 2);
  const headers = { accept: markdown ? "text/markdown" : "application/json" };
  const text = await answerOf({ url, key }, reportPath(feature), { headers });
  console.log(json || markdown ? text.trimEnd() : reportText(JSON.parse(text) as FeatureReport));
  return 0;
}
