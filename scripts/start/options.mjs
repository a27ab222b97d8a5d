import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { Stop } from "../bootstrap/say.mjs";

export const HELP = `npm start -- [--port N] [--data DIR] [--host ADDRESS]

  --port N        port to listen on (8787; 0 takes a free one)
  --data DIR      folder that keeps everything, secrets too (.clusterfork)
  --host ADDRESS  address to listen on (127.0.0.1; 0.0.0.0 lets other machines in)

Limits, from the environment:
  MAX_EVENTS_PER_SECOND_PER_PROJECT  (100000)
  MAX_REQUESTS_PER_SECOND_PER_KEY    (10000)

A language model that words lessons for projects that want it, from the environment:
  MODEL_URL             an OpenAI-compatible API, such as http://localhost:11434/v1
  MODEL_NAME            its name there
  MODEL_KEY             its key, where it wants one
  MODEL_CALLS_PER_DAY   of each project (200)
  MODEL_CALLS_PER_DAY_TEAM   of all projects of a team (500)
  MODEL_CALLS_PER_DAY_TOTAL  of all together (2000)

Behind a proxy, from the environment:
  BASE_URL               its public origin, such as https://clusterfork.example; by https, channels
                         and forwarding then reach public addresses alone
  CLIENT_ADDRESS_HEADER  the header in which it always says the client's address, such as x-real-ip`;

/**
 * @typedef {{ port: number, data: string, host: string }} StartOptions
 * @param {string[]} argv
 * @returns {StartOptions | "help"}
 */
export function startOptions(argv) {
  let values;
  try {
    ({ values } = parseArgs({
      args: argv,
      options: {
        port: { type: "string", default: "8787" },
        data: { type: "string", default: ".clusterfork" },
        host: { type: "string", default: "127.0.0.1" },
        help: { type: "boolean", short: "h", default: false },
      },
    }));
  } catch (error) {
    throw new Stop(`${error instanceof Error ? error.message.split(". ")[0] : error}.\n\n${HELP}`, 2);
  }
  if (values.help) return "help";
  const port = /^\d{1,5}$/.test(values.port ?? "") ? Number(values.port) : NaN;
  if (!(port <= 65_535))
    throw new Stop(`--port ${values.port} is no port: give a number from 0 to 65535.`, 2);
  if (!values.data) throw new Stop("--data needs a folder.", 2);
  if (!values.host || /[^\w.:-]/.test(values.host))
    throw new Stop(`--host ${values.host} is no address: give 127.0.0.1, 0.0.0.0 or a host name.`, 2);
  // Relative to where the person stands; npm moves scripts to the root and remembers the place.
  return { port, data: resolve(process.env.INIT_CWD ?? ".", values.data), host: values.host };
}
