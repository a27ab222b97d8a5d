import { spawn } from "node:child_process";
import { join } from "node:path";
import { ROOT } from "../bootstrap/root.mjs";
import { Stop } from "../bootstrap/say.mjs";
import { QUIET } from "./quiet.ts";

/** Runs a tool of node_modules/.bin; its words are shown only when it fails. `env` replaces what the caller's has. */
export async function tool(name: string, args: string[], env: Record<string, string> = {}): Promise<void> {
  const bin = join(ROOT, "node_modules/.bin");
  const child = spawn(join(bin, name), args, {
    cwd: ROOT,
    env: { ...process.env, ...QUIET, ...env, PATH: `${bin}:${process.env.PATH ?? ""}` },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let words = "";
  child.stdout.on("data", (chunk: Buffer) => (words += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (words += chunk.toString()));
  const code = await new Promise<number>((resolve) => {
    child.on("error", (error) => {
      words += error.message;
      resolve(1);
    });
    child.on("close", (status) => resolve(status ?? 1));
  });
  if (code !== 0) throw new Stop(`${words.trim()}\n\n${name} ${args[0] ?? ""} failed. Its words are above.`);
}
