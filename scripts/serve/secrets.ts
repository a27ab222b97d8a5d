import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Stop } from "../bootstrap/say.mjs";

const NAMES = ["AUTH_SECRET", "KEY_SECRET"] as const;
/** 32 bytes of chance: 43 characters of base64url, above the 32 that the Worker asks for. */
const SECRET_BYTES = 32;

export type Secrets = Record<(typeof NAMES)[number], string>;

/**
 * The secrets of this data folder, made on the first start. They live beside the data: without
 * them its sessions and API keys are worthless, with other ones every key would be refused.
 */
export function localSecrets(folder: string): Secrets {
  const file = join(folder, "secrets.json");
  let known: Partial<Secrets> = {};
  if (existsSync(file)) {
    try {
      known = JSON.parse(readFileSync(file, "utf8")) as Partial<Secrets>;
    } catch {
      throw new Stop(
        `${file} is not readable JSON. Restore it from a backup; if you delete it, new secrets are made and every API key and session of this folder stops working.`,
      );
    }
    chmodSync(file, 0o600);
  }
  const secrets = Object.fromEntries(
    NAMES.map((name) => [name, known[name] ?? randomBytes(SECRET_BYTES).toString("base64url")]),
  ) as Secrets;
  if (NAMES.some((name) => known[name] === undefined)) {
    // Whole or not at all: a kill in the middle must not leave half a file.
    writeFileSync(`${file}.new`, JSON.stringify(secrets, null, 2), { mode: 0o600 });
    renameSync(`${file}.new`, file);
  }
  return secrets;
}
