/** `clusterfork query`: questions on the log, as tables. */
import { compareTable, queryTable } from "../print/query-table.ts";
import { clean } from "../print/terminal.ts";
import type { CompareResponse, FieldsResponse, QueryResponse } from "../../schema/wire/query.ts";
import { answerOf } from "./answer.ts";
import { CONNECTION_OPTIONS, readFlags } from "./flags.ts";
import { UserError } from "./user-error.ts";

const TIME = { from: { type: "string" }, to: { type: "string" }, limit: { type: "string" } } as const;
const REPEATED = {
  where: { type: "string", multiple: true },
  select: { type: "string", multiple: true },
  "group-by": { type: "string", multiple: true },
  calc: { type: "string", multiple: true },
} as const;

export async function query(args: string[]): Promise<number> {
  const { values, positionals } = readFlags("query", args, {
    ...CONNECTION_OPTIONS,
    ...TIME,
    ...REPEATED,
    order: { type: "string" },
    step: { type: "string" },
    heatmap: { type: "string" },
    scale: { type: "string" },
    fields: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
  });
  if (positionals.length > 0)
    throw new UserError(
      `query takes options only; "${positionals[0]}" is too much. A filter goes with --where, in quotes where it holds < or >.`,
      2,
    );
  const { url, key, fields, json, ...asked } = values;
  const path = addressOf(fields, asked);
  const text = await answerOf({ url, key }, path);
  console.log(json ? text : print(path, JSON.parse(text)));
  return 0;
}

type Asked = Record<string, string | string[] | undefined>;

/** The server reads the texts; a second reader here would only disagree with it one day. */
export function addressOf(fields: boolean, asked: Asked): string {
  if (fields) return "/v1/query/fields";
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(asked)) {
    for (const each of value === undefined ? [] : [value].flat())
      parameters.append(name.replace("-", "_"), each);
  }
  const route = asked.select === undefined ? "/v1/query" : "/v1/query/compare";
  return parameters.size === 0 ? route : `${route}?${parameters.toString()}`;
}

function print(path: string, answer: unknown): string {
  if (path.startsWith("/v1/query/fields")) {
    const { fields, complete } = answer as FieldsResponse;
    return [...fields.map((name) => clean(name)), ...(complete ? [] : ["… and others"])].join("\n");
  }
  return path.startsWith("/v1/query/compare")
    ? compareTable(answer as CompareResponse)
    : queryTable(answer as QueryResponse);
}
