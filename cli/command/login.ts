/** `clusterfork login` and `logout`. */
import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import {
  credentialsPath,
  KEY_SHAPE,
  removeStored,
  resolveUrl,
  storeConnection,
} from "../client/connection.ts";
import { request, RequestError } from "../client/transport.ts";
import { CONNECTION_OPTIONS, readFlags } from "./flags.ts";
import { explainRequest } from "./refusal.ts";
import { UserError } from "./user-error.ts";

export async function login(args: string[]): Promise<number> {
  const { values } = readFlags("login", args, CONNECTION_OPTIONS);
  const url = resolveUrl(values);
  const key = (
    values.key ??
    process.env["CLUSTERFORK_KEY"] ??
    (await askHidden(`API key for ${url}: `))
  ).trim();
  if (!KEY_SHAPE.test(key))
    throw new UserError(
      "that is not an API key. It begins with cfk_ and is shown once, when it is made on the settings page.",
    );
  const scope = await probe(url, key);
  storeConnection({ url, key });
  console.log(`Logged in to ${url} with a key that may ${scope}. Stored in ${credentialsPath()}.`);
  return 0;
}

/** A read of nothing tells a good key from a bad one, and an ingest-only key by its refusal. */
async function probe(url: string, key: string): Promise<string> {
  try {
    await request({ url, key }, "/v1/events?limit=1", {}, { maxTries: 2 });
    return "read";
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    if (error.status === 403) return "send events, and not read";
    throw new UserError(explainRequest(error));
  }
}

export function logout(args: string[]): Promise<number> {
  readFlags("logout", args, {});
  removeStored();
  console.log("Forgotten. The key stays valid until it is revoked on the settings page.");
  return Promise.resolve(0);
}

/** Asks on a terminal without showing what is typed; from a pipe it reads one line. */
async function askHidden(question: string): Promise<string> {
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = process.stdin.isTTY === true;
  if (terminal) process.stderr.write(question);
  const reader = createInterface({ input: process.stdin, output: silent, terminal });
  try {
    for await (const line of reader) return line;
    throw new UserError("no key was given. Pass --key, or pipe it in.");
  } finally {
    reader.close();
    if (terminal) process.stderr.write("\n");
  }
}
