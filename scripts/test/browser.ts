import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Stop } from "../bootstrap/say.mjs";
import { THIS_MACHINE, type Machine } from "./machine.ts";

/** A browser that runs here. Tests read it from CLUSTERFORK_CHROMIUM and CLUSTERFORK_CHROMIUM_ARGS. */
export interface Browser {
  path: string;
  args: string[];
}

/** Outside package.json: 70 MB that only a machine without any browser needs. */
const PACKAGE = "@sparticuz/chromium@153.0.0";
const INSTALL_TIMEOUT_MS = 300_000;
const LOOK_TIMEOUT_MS = 20_000;

/** Says its version, so it runs: Ubuntu's `chromium-browser` without snap is a text that does not. */
function runs(machine: Machine, path: string): boolean {
  return machine.run(path, ["--version", "--no-sandbox"], { timeout_ms: LOOK_TIMEOUT_MS });
}

function ofTheMachine(machine: Machine): Browser | undefined {
  const asked = machine.env.CLUSTERFORK_CHROMIUM;
  if (asked) {
    if (!runs(machine, asked))
      throw new Stop(`CLUSTERFORK_CHROMIUM=${asked} does not run. Give the path of a Chromium or Chrome.`);
    return { path: asked, args: (machine.env.CLUSTERFORK_CHROMIUM_ARGS ?? "").split(" ").filter(Boolean) };
  }
  const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge"];
  const folders = (machine.env.PATH ?? "").split(":").filter(Boolean);
  const path = [
    ...names.flatMap((name) => folders.map((folder) => join(folder, name))),
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
  ].find((candidate) => machine.exists(candidate) && runs(machine, candidate));
  return path ? { path, args: [] } : undefined;
}

function fromApt(machine: Machine): Browser | undefined {
  const look = { timeout_ms: LOOK_TIMEOUT_MS };
  const may = machine.is_root || machine.run("sudo", ["-n", "true"], look);
  if (!may || !machine.run("apt-get", ["--version"], look)) return undefined;
  machine.say("No browser found: installing Debian's chromium …");
  const [command = "", ...before] = machine.is_root ? ["apt-get"] : ["sudo", "-n", "apt-get"];
  const apt = (...args: string[]) =>
    machine.run(command, [...before, ...args], {
      timeout_ms: INSTALL_TIMEOUT_MS,
      env: { DEBIAN_FRONTEND: "noninteractive" },
    });
  apt("update", "-q");
  apt("install", "-q", "-y", "--no-install-recommends", "chromium");
  return ofTheMachine(machine);
}

async function fromNpm(machine: Machine): Promise<Browser | undefined> {
  machine.say(`No browser found: fetching ${PACKAGE} from npm …`);
  const folder = machine.cache;
  const installed = machine.run(
    "npm",
    ["install", "--prefix", folder, "--no-save", "--loglevel=error", PACKAGE],
    { timeout_ms: INSTALL_TIMEOUT_MS },
  );
  if (!installed) {
    machine.say("That did not work: npm could not install it.");
    return undefined;
  }
  try {
    const entry = pathToFileURL(join(folder, "node_modules/@sparticuz/chromium/build/index.js")).href;
    const { default: chromium } = (await machine.load(entry)) as {
      default: { args: string[]; executablePath(): Promise<string> };
    };
    const path = await chromium.executablePath();
    return runs(machine, path) ? { path, args: chromium.args } : undefined;
  } catch (error) {
    machine.say(
      `That did not work: ${error instanceof Error ? error.message.split("\n")[0] : String(error)}`,
    );
    return undefined;
  }
}

/** The machine's browser, else Debian's package, else one from npm. */
export async function findBrowser(machine: Machine = THIS_MACHINE): Promise<Browser> {
  const found = ofTheMachine(machine) ?? fromApt(machine) ?? (await fromNpm(machine));
  if (found) return found;
  throw new Stop(
    `The tests of the pages need a browser, and none could be had. Install Chromium or Chrome (Debian: apt install chromium), or set CLUSTERFORK_CHROMIUM to one, or leave those tests out: npm test -- --no-browser`,
  );
}
