import { Stop } from "../bootstrap/say.mjs";

/** Limits that the environment of `npm start` may set; what they mean is in schema/wire/rate.ts. */
const NAMES = ["MAX_EVENTS_PER_SECOND_PER_PROJECT", "MAX_REQUESTS_PER_SECOND_PER_KEY"] as const;

/** Bindings of the Worker. A typing error stops the start: the Worker itself would take the default in silence. */
export function limitBindings(environment: Record<string, string | undefined>): Record<string, string> {
  const set = NAMES.flatMap((name) => {
    const value = environment[name];
    if (value === undefined || value === "") return [];
    if (!(Number.isFinite(Number(value)) && Number(value) > 0))
      throw new Stop(`${name}=${value} is no limit: give a number above 0, or leave it out.`, 2);
    return [[name, value] as const];
  });
  return Object.fromEntries(set);
}
