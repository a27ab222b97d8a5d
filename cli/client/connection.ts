/**
 * Where Clusterfork is and which key to use: flags, then the environment, then
 * what `login` stored. A stored key is used only with its own address, so that
 * `--url` never sends a key to a place it was not made for.
 */
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { UserError } from "../command/user-error.ts";

const DEFAULT_URL = "http://localhost:8787";

/** Four parts of letters and digits: nothing that a file or a header gives a meaning to. */
export const KEY_SHAPE = /^cfk_[a-z0-9]+_[a-z0-9]+_[A-Za-z0-9]+_[a-f0-9]+$/;

export interface Connection {
  /** Origin without a trailing slash. */
  url: string;
  key: string;
}

export function credentialsPath(env: NodeJS.ProcessEnv = process.env): string {
  return join(env["XDG_CONFIG_HOME"] || join(homedir(), ".config"), "clusterfork", "credentials.json");
}

function readStored(path: string): Connection | null {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw new UserError(`cannot read ${path}: ${(error as Error).message}`);
  }
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && "url" in value && "key" in value) {
      const { url, key } = value;
      if (typeof url === "string" && typeof key === "string") return { url, key };
    }
  } catch {
    // Falls through to the one message below: unreadable and misshapen are mended alike.
  }
  throw new UserError(`${path} is damaged. Run \`clusterfork login\` again.`);
}

export function storeConnection(connection: Connection, path = credentialsPath()): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  writeFileSync(path, `${JSON.stringify(connection, null, 2)}\n`, { mode: 0o600 });
  // An existing file keeps its old mode through writeFileSync.
  chmodSync(path, 0o600);
}

export function removeStored(path = credentialsPath()): void {
  rmSync(path, { force: true });
}

/** Checks an address as a person types it; a bare host gets `https://`, a local one `http://`. */
export function parseUrl(text: string): string {
  const bare = !/^[a-z]+:\/\//i.test(text);
  const local = /^(localhost|127\.|\[::1\])/.test(text);
  let url: URL;
  try {
    url = new URL(bare ? `${local ? "http" : "https"}://${text}` : text);
  } catch {
    throw new UserError(`"${text}" is not an address. Give one such as ${DEFAULT_URL}.`, 2);
  }
  if (url.protocol !== "http:" && url.protocol !== "https:")
    throw new UserError(`the address must begin with http:// or https://, not ${url.protocol}`, 2);
  if (url.username !== "" || url.password !== "")
    throw new UserError("leave user and password out of the address; the key is given with --key.", 2);
  return url.origin + url.pathname.replace(/\/+$/, "");
}

export interface ConnectionFlags {
  url?: string | undefined;
  key?: string | undefined;
}

export function resolveUrl(flags: ConnectionFlags, env = process.env, path = credentialsPath(env)): string {
  const text = flags.url ?? env["CLUSTERFORK_URL"];
  if (text !== undefined && text !== "") return parseUrl(text);
  return readStored(path)?.url ?? DEFAULT_URL;
}

/** What no header can carry fails here, in words: fetch would blame the connection, and print the key. */
function parseKey(text: string): string {
  const key = text.trim();
  if (/^[\x21-\x7e]+$/.test(key)) return key;
  throw new UserError(
    "this is not an API key: it holds characters that no key has, such as a space or a line break. Copy it again into --key or CLUSTERFORK_KEY: it is one word that begins with cfk_.",
    2,
  );
}

export function resolveConnection(
  flags: ConnectionFlags,
  env = process.env,
  path = credentialsPath(env),
): Connection {
  const url = resolveUrl(flags, env, path);
  const given = flags.key ?? env["CLUSTERFORK_KEY"];
  if (given !== undefined && given !== "") return { url, key: parseKey(given) };
  const stored = readStored(path);
  if (stored !== null && stored.url === url) return stored;
  throw new UserError(
    stored === null
      ? "no API key. Pass --key, set CLUSTERFORK_KEY, or run `clusterfork login`. Keys are made on the dashboard's settings page."
      : `the stored key belongs to ${stored.url}, not to ${url}. Pass --key, or run \`clusterfork login --url ${url}\`.`,
  );
}
