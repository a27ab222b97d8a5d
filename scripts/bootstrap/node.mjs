import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./root.mjs";
import { Stop } from "./say.mjs";

const runsTypeScript = (/** @type {string} */ version) => {
  const [major = 0, minor = 0] = version.replace(/^v/, "").split(".").map(Number);
  return major > 23 || (major === 23 && minor >= 6) || (major === 22 && minor >= 18);
};

/** A Node that runs .ts: the one npm brought (Linux), or else the one that runs this file. */
export function modernNode() {
  const brought = join(ROOT, "node_modules/.bin/node");
  if (existsSync(brought)) {
    const asked = spawnSync(brought, ["--version"], { encoding: "utf8" });
    if (asked.status === 0) return brought;
  }
  if (runsTypeScript(process.version)) return process.execPath;
  throw new Stop(
    `This is Node ${process.version}. On this kind of machine npm brings no newer one along: install Node 24 (https://nodejs.org) and try again.`,
  );
}
