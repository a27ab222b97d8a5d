/** `clusterfork run -- COMMAND`: the command, with the address and the key in its environment. */
import { resolveConnection } from "../client/connection.ts";
import { splitCommand, startChild } from "./child.ts";
import { CONNECTION_OPTIONS, readFlags } from "./flags.ts";
import { UserError } from "./user-error.ts";

export async function run(args: string[]): Promise<number> {
  const { own, command } = splitCommand(args);
  const { values, positionals } = readFlags("run", own, CONNECTION_OPTIONS);
  if (positionals.length > 0 || command.length === 0)
    throw new UserError("run what? `clusterfork run -- COMMAND`; the command stands after `--`.", 2);
  const { url, key } = resolveConnection(values);
  return await startChild(command, { CLUSTERFORK_URL: url, CLUSTERFORK_KEY: key }).ended;
}
