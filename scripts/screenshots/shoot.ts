/** Pages of a project as pictures: each in both themes, at the width that the pages are drawn for. */
import { mkdirSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { chromium, type Page } from "playwright-core";
import { ROOT } from "../bootstrap/root.mjs";
import { Stop } from "../bootstrap/say.mjs";
import type { Browser } from "../test/browser.ts";
import type { Team } from "./team.ts";

const SIZE = { width: 1_440, height: 900 };
const THEMES = ["dark", "light"] as const;
/** Bytes. The README of a clone loads all of them. */
const MAX_BYTES = 300_000;
/** The room looks for alerts some seconds after work, and pages ask for figures again after that. */
const SETTLE_MS = 20_000;
/** Fonts, charts and the layout of a graph after a page's own answers. */
const DRAW_MS = 2_500;

interface Shot {
  name: string;
  path: (team: Team) => string;
  /** What is there when the page has its answers. */
  ready: (page: Page) => Promise<unknown>;
}

const SHOTS: readonly Shot[] = [
  { name: "executive", path: () => "executive", ready: (page) => page.getByText("All of it").waitFor() },
  {
    name: "task-flow",
    path: ({ feature }) => `flow/${feature}`,
    ready: (page) => page.getByRole("treeitem").first().waitFor(),
  },
  { name: "agents", path: () => "agents", ready: (page) => page.getByRole("row").nth(3).waitFor() },
  { name: "metrics", path: () => "metrics", ready: (page) => page.locator("figure svg").nth(6).waitFor() },
];

interface Job {
  /** With a budget. */
  spending: Team;
  /** Without one. */
  working: Team;
  browser: Browser;
  folder: string;
  say: (line: string) => void;
}

export async function shoot({ spending, working, browser, folder, say }: Job): Promise<void> {
  mkdirSync(folder, { recursive: true });
  await new Promise((done) => setTimeout(done, SETTLE_MS));
  // Its sandbox needs rights that containers and CI do not give; the pages are ours.
  const running = await chromium.launch({
    executablePath: browser.path,
    args: [...browser.args, "--no-sandbox"],
  });
  try {
    for (const theme of THEMES) {
      const context = await running.newContext({
        viewport: SIZE,
        colorScheme: theme,
        reducedMotion: "reduce",
      });
      await context.addInitScript(`localStorage.setItem("clusterfork:theme", "${theme}")`);
      const page = await context.newPage();
      for (const shot of SHOTS) {
        const team = shot.name === "executive" ? spending : working;
        const [name = ""] = team.cookie.split("=", 1);
        await context.addCookies([{ name, value: team.cookie.slice(name.length + 1), url: team.url }]);
        await page.goto(`${team.path}/${shot.path(team)}`);
        await shot.ready(page);
        await page.waitForTimeout(DRAW_MS);
        const path = join(folder, `${shot.name}-${theme}.png`);
        await page.screenshot({ path });
        const { size } = statSync(path);
        say(`${relative(ROOT, path)}  ${Math.round(size / 1_000)} kB`);
        if (size > MAX_BYTES) throw new Stop(`${path} has ${size} bytes, more than ${MAX_BYTES}.`);
      }
      await context.close();
    }
  } finally {
    await running.close();
  }
}
