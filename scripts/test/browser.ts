import { execFileSync, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { ROOT } from "../bootstrap/root.mjs";
import { Stop } from "../bootstrap/say.mjs";

/** A browser that runs here. Tests read it from CLUSTERFORK_CHROMIUM and CLUSTERFORK_CHROMIUM_ARGS. */
export interface Browser {
  path: string;
  args: string[];
}

/** Outside package.json: 70 MB that only a machine without any browser needs. */
const PACKAGE = "@sparticuz/chromium@153.0.0";
const INSTALL_TIMEOUT_MS = 300_000;

/** Says its version, so it runs: Ubuntu's `chromium-browser` without snap is a text that does not. */
function runs(path: string): boolean {
  return spawnSync(path, ["--version", "--no-sandbox"], { timeout: 20_000 }).status === 0;
}

function ofTheMachine(): Browser | undefined {
  const asked = process.env.CLUSTERFORK_CHROMIUM;
  if (asked) {
    if (!runs(asked))
      throw new Stop(`CLUSTERFORK_CHROMIUM=${asked} does not run. Give the path of a Chromium or Chrome.`);
    return { path: asked, args: (process.env.CLUSTERFORK_CHROMIUM_ARGS ?? "").split(" ").filter(Boolean) };
  }
  const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge"];
  const folders = (process.env.PATH ?? "").split(":").filter(Boolean);
  const path = [
    ...names.flatMap((name) => folders.map((folder) => join(folder, name))),
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
  ].find((candidate) => existsSync(candidate) && runs(candidate));
  return path ? { path, args: [] } : undefined;
}

function fromApt(): Browser | undefined {
  const root = process.getuid?.() === 0;
  const may = root || spawnSync("sudo", ["-n", "true"]).status === 0;
  if (!may || spawnSync("apt-get", ["--version"]).status !== 0) return undefined;
  console.log("No browser found: installing Debian's chromium …");
  const apt = (...args: string[]) =>
    spawnSync(root ? "apt-get" : "sudo", [...(root ? [] : ["-n", "apt-get"]), ...args], {
      env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
      timeout: INSTALL_TIMEOUT_MS,
    });
  apt("update", "-q");
  apt("install", "-q", "-y", "--no-install-recommends", "chromium");
  return ofTheMachine();
}

async function fromNpm(): Promise<Browser | undefined> {
  console.log(`No browser found: fetching ${PACKAGE} from npm …`);
  const folder = join(ROOT, "node_modules/.cache/browser");
  try {
    execFileSync("npm", ["install", "--prefix", folder, "--no-save", "--loglevel=error", PACKAGE], {
      stdio: ["ignore", "ignore", "inherit"],
      timeout: INSTALL_TIMEOUT_MS,
    });
    const entry = pathToFileURL(join(folder, "node_modules/@sparticuz/chromium/build/index.js")).href;
    const { default: chromium } = (await import(entry)) as {
      default: { args: string[]; executablePath(): Promise<string> };
    };
    const path = await chromium.executablePath();
    return runs(path) ? { path, args: chromium.args } : undefined;
  } catch (error) {
    console.error(
      `That did not work: ${error instanceof Error ? error.message.split("\n")[0] : String(error)}`,
    );
    return undefined;
  }
}

/** The machine's browser, else Debian's package, else one from npm. */
export async function findBrowser(): Promise<Browser> {
  const found = ofTheMachine() ?? fromApt() ?? (await fromNpm());
  if (found) return found;
  throw new Stop(
    `The tests of the pages need a browser, and none could be had. Install Chromium or Chrome (Debian: apt install chromium), or set CLUSTERFORK_CHROMIUM to one, or leave those tests out: npm test -- --no-browser`,
  );
}
