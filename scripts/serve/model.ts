import { Stop } from "../bootstrap/say.mjs";

/** Of the language model that words lessons; what they mean is in worker/env.ts. */
const COUNTS = ["MODEL_CALLS_PER_DAY", "MODEL_CALLS_PER_DAY_TEAM", "MODEL_CALLS_PER_DAY_TOTAL"] as const;
const NAMES = ["MODEL_URL", "MODEL_NAME", "MODEL_KEY", ...COUNTS] as const;

/** Bindings of the Worker. Half of what it needs stops the start: the Worker itself would go without in silence. */
export function modelBindings(environment: Record<string, string | undefined>): Record<string, string> {
  const set = Object.fromEntries(
    NAMES.flatMap((name) => {
      const value = environment[name]?.trim() ?? "";
      return value === "" ? [] : [[name, value]];
    }),
  );
  const { MODEL_URL: url, MODEL_NAME: name } = set;
  if ((url === undefined) !== (name === undefined))
    throw new Stop(
      "Set both MODEL_URL and MODEL_NAME, or neither: where the language model is, and which.",
      2,
    );
  if (url !== undefined && !URL.canParse(url))
    throw new Stop(`MODEL_URL=${url} is no address: give one such as http://localhost:11434/v1.`, 2);
  for (const count of COUNTS) {
    const calls = set[count];
    if (calls !== undefined && !/^\d{1,9}$/.test(calls))
      throw new Stop(`${count}=${calls} is no number of calls: give 0 or more.`, 2);
  }
  return set;
}

/** What whoever runs this lets the Worker ask, for `outward.ts`: as schema/wire/outward.ts has it, and nothing beside it. */
export const modelAddresses = ({ MODEL_URL: url }: Record<string, string | undefined>): string[] =>
  url === undefined ? [] : [`${new URL(url).href.replace(/\/+$/, "")}/chat/completions`];
