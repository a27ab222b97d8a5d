/** Command lines, read by Node's own parser, with messages that say what to do. */
import { parseArgs, type ParseArgsConfig } from "node:util";
import { UserError } from "./user-error.ts";

type Options = NonNullable<ParseArgsConfig["options"]>;

export const CONNECTION_OPTIONS = {
  url: { type: "string" },
  key: { type: "string" },
} as const satisfies Options;

export function readFlags<const T extends Options>(command: string, args: string[], options: T) {
  try {
    return parseArgs({ args, options, allowPositionals: true, strict: true });
  } catch (error) {
    const message = error instanceof Error ? error.message.split("\n")[0] : String(error);
    throw new UserError(`${message} See \`clusterfork ${command} --help\`.`, 2);
  }
}

export function wholeNumber(name: string, text: string, lowest: number, highest: number): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < lowest || value > highest)
    throw new UserError(`--${name} takes a whole number from ${lowest} to ${highest}, not "${text}".`, 2);
  return value;
}

/** 64 hex characters, as export, verify and `GET /v1/chain` show them. */
export function readPublicKey(text: string): string {
  if (!/^[0-9a-f]{64}$/.test(text))
    throw new UserError(`a public key is 64 characters 0-9a-f, as export prints it, not "${text}".`, 2);
  return text;
}
