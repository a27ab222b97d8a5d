/** The public keys that a copy trusts: the first one it saw, and those that a person added after a change. */
import { readFileSync, writeFileSync } from "node:fs";
import * as z from "zod";
import { UserError } from "../command/user-error.ts";
import { pinPath } from "./layout.ts";

const PIN_VERSION = 1;

const pin = z.strictObject({
  clusterfork: z.literal("sync"),
  v: z.literal(PIN_VERSION),
  project: z.string(),
  /** Ed25519, hex, oldest first. */
  public_keys: z.array(z.string().regex(/^[0-9a-f]{64}$/)).min(1),
});
type Pin = z.infer<typeof pin>;

const write = (value: Pin): string => `${JSON.stringify(value, null, 2)}\n`;

/** Null: nothing was pinned yet. */
export function readPin(folder: string, project: string): string[] | null {
  const path = pinPath(folder);
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
  let value: unknown = null;
  try {
    value = JSON.parse(text);
  } catch {
    // Falls through to the one message below.
  }
  const parsed = pin.safeParse(value);
  if (!parsed.success || parsed.data.project !== project || write(parsed.data) !== text)
    throw new UserError(`${path} is not as it was written; \`git checkout HEAD -- ${path}\` restores it`);
  return parsed.data.public_keys;
}

export function writePin(folder: string, project: string, public_keys: string[]): void {
  writeFileSync(pinPath(folder), write({ clusterfork: "sync", v: PIN_VERSION, project, public_keys }));
}
