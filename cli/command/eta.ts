/** `clusterfork eta`: when features will be done. */
import type { FeatureForecast, ForecastOverview } from "../../schema/wire/forecast.ts";
import { etaOfFeature, etaTable } from "../print/eta-table.ts";
import { answerOf } from "./answer.ts";
import { CONNECTION_OPTIONS, readFlags } from "./flags.ts";
import { UserError } from "./user-error.ts";

export async function eta(args: string[]): Promise<number> {
  const { values, positionals } = readFlags("eta", args, {
    ...CONNECTION_OPTIONS,
    json: { type: "boolean", default: false },
  });
  const [feature, ...rest] = positionals;
  if (rest.length > 0)
    throw new UserError(
      `eta takes one feature; "${rest[0]}" is too much. See \`clusterfork eta --help\`.`,
      2,
    );
  const { url, key, json } = values;
  const text = await answerOf({ url, key }, addressOf(feature));
  if (json) console.log(text);
  else if (feature === undefined) console.log(etaTable(JSON.parse(text) as ForecastOverview));
  else console.log(etaOfFeature(JSON.parse(text) as FeatureForecast));
  return 0;
}

export function addressOf(feature: string | undefined): string {
  return feature === undefined ? "/v1/forecast" : `/v1/forecast?feature=${encodeURIComponent(feature)}`;
}
