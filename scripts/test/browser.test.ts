import { describe, expect, it } from "vitest";
import { findBrowser } from "./browser.ts";
import type { Machine } from "./machine.ts";

const DEBIAN = "/usr/bin/chromium";
const PACKED = "/cache/node_modules/@sparticuz/chromium/build/index.js";
const UNPACKED = "/tmp/chromium";

/** A machine on which only `works` succeed: commands by their first words, or files that are browsers. */
function machine(works: string[], more: Partial<Machine> = {}) {
  const ran: string[] = [];
  const files = new Set(works.filter((word) => word.startsWith("/")));
  const fake: Machine = {
    env: { PATH: "/usr/bin:/bin" },
    is_root: false,
    cache: "/cache",
    exists: (path) => files.has(path),
    run(command, args) {
      const line = [command, ...args].join(" ");
      ran.push(line);
      const done = files.has(command) || works.some((word) => line.startsWith(word));
      if (done && line.includes("install -q -y")) files.add(DEBIAN);
      if (done && command === "npm") files.add(UNPACKED);
      return done;
    },
    async load(url) {
      expect(url).toBe(`file://${PACKED}`);
      return { default: { args: ["--single-process"], executablePath: async () => UNPACKED } };
    },
    say: () => undefined,
    ...more,
  };
  return { fake, ran };
}

describe("the browser of the tests is", () => {
  it("the machine's, if it runs: nothing is installed", async () => {
    const { fake, ran } = machine([DEBIAN, "apt-get", "npm"], { is_root: true });
    expect(await findBrowser(fake)).toEqual({ path: DEBIAN, args: [] });
    expect(ran).toEqual([`${DEBIAN} --version --no-sandbox`]);
  });

  it("another of the machine's when the first is a text that tells to install it", async () => {
    const { fake } = machine(["/bin/google-chrome"], {
      exists: (path) => ["/usr/bin/chromium-browser", "/bin/google-chrome"].includes(path),
    });
    expect(await findBrowser(fake)).toEqual({ path: "/bin/google-chrome", args: [] });
  });

  it("the one that was asked for, with its arguments, or none", async () => {
    const env = {
      CLUSTERFORK_CHROMIUM: "/opt/mine",
      CLUSTERFORK_CHROMIUM_ARGS: "--a  --b",
      PATH: "/usr/bin",
    };
    expect(await findBrowser(machine(["/opt/mine"], { env }).fake)).toEqual({
      path: "/opt/mine",
      args: ["--a", "--b"],
    });
    await expect(findBrowser(machine([DEBIAN], { env }).fake)).rejects.toThrow(
      "CLUSTERFORK_CHROMIUM=/opt/mine does not run",
    );
  });

  it("Debian's package, for root", async () => {
    const { fake, ran } = machine(["apt-get"], { is_root: true });
    expect(await findBrowser(fake)).toEqual({ path: DEBIAN, args: [] });
    expect(ran).toEqual([
      "apt-get --version",
      "apt-get update -q",
      "apt-get install -q -y --no-install-recommends chromium",
      `${DEBIAN} --version --no-sandbox`,
    ]);
  });

  it("Debian's package, for who may sudo without a password", async () => {
    const { fake, ran } = machine(["apt-get", "sudo -n"]);
    expect(await findBrowser(fake)).toEqual({ path: DEBIAN, args: [] });
    expect(ran).toContain("sudo -n apt-get install -q -y --no-install-recommends chromium");
  });

  it.each([
    ["may not install", ["apt-get", "npm install"]],
    ["has no apt", ["sudo -n", "npm install"]],
    ["has no such package", ["sudo -n true", "apt-get --version", "npm install"]],
  ])("npm's where the machine %s", async (_title, works) => {
    const { fake, ran } = machine(works);
    expect(await findBrowser(fake)).toEqual({ path: UNPACKED, args: ["--single-process"] });
    expect(ran.filter((line) => line.startsWith("npm"))).toEqual([
      expect.stringMatching(/^npm install --prefix \/cache --no-save .*@sparticuz\/chromium@\d+\.\d+\.\d+$/),
    ]);
  });

  it.each([
    ["npm fails", [], {}],
    [
      "the package cannot be loaded",
      ["npm install"],
      { load: () => Promise.reject(new Error("no such file")) },
    ],
    [
      "what it brings does not run",
      ["npm install"],
      {
        load: async () => ({ default: { args: [], executablePath: async () => "/tmp/other" } }),
      },
    ],
  ])("none when %s: the tests end and say what to do", async (_title, works, more: Partial<Machine>) => {
    await expect(findBrowser(machine(works, more).fake)).rejects.toThrow(
      /apt install chromium.*CLUSTERFORK_CHROMIUM.*--no-browser/,
    );
  });
});
