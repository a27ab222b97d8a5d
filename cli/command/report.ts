/** `clusterfork report FEATURE`: how a feature went. */
import type { FeatureReport } from "../../schema/wire/report.ts";
import { resolveConnection } from "../client/connection.ts";
import { reportPath } from "../client/report.ts";
import { request, RequestError } from "../client/transport.ts";
import { reportText } from "../print/report-text.ts";
import { CONNECTION_OPTIONS, readFlags } from "./flags.ts";
import { explainRequest } from "./refusal.ts";
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
  let text: string;
  try {
    const headers = { accept: markdown ? "text/markdown" : "application/json" };
    const reply = await request(
      resolveConnection({ url, key }),
      reportPath(feature),
      { headers },
      { maxTries: 3 },
    );
    text = await reply.text();
  } catch (error) {
    if (error instanceof RequestError) throw new UserError(explainRequest(error));
    throw error;
  }
  console.log(json || markdown ? text.trimEnd() : reportText(JSON.parse(text) as FeatureReport));
  return 0;
}
