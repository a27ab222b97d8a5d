import { spawnSync } from "node:child_process";
import { statSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./root.mjs";
import { Stop } from "./say.mjs";

const changed_ms = (/** @type {string} */ path) =>
  statSync(join(ROOT, path), { throwIfNoEntry: false })?.mtimeMs ?? 0;

/** Installs the dependencies when they are missing or older than the lockfile. */
export function install() {
  if (changed_ms("node_modules/.package-lock.json") >= changed_ms("package-lock.json")) return;
  console.log("Installing dependencies (once; about half a minute) …");
  // Also under NODE_ENV=production: the server is run by development tools, Node 24 is an optional one.
  const args = ["ci", "--include=dev", "--include=optional", "--loglevel=error", "--prefer-offline"];
  const npm = process.env.npm_execpath;
  const done = npm?.endsWith(".js")
    ? spawnSync(process.execPath, [npm, ...args], { cwd: ROOT, stdio: ["ignore", "inherit", "inherit"] })
    : spawnSync("npm", args, { cwd: ROOT, stdio: ["ignore", "inherit", "inherit"] });
  if (done.status !== 0)
    throw new Stop(
      "npm ci failed (its words are above). Check that the package registry can be reached, then run the same command again.",
    );
}
