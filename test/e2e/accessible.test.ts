/**
 * What axe-core finds on every page of a project, in both themes, on a desk and on a phone: nothing. The work is that
 * of a simulated team, so that tables, charts and graphs are drawn.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { AxeResults } from "axe-core";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { FeaturesResponse } from "../../schema/wire/http.ts";
import { lendSession, signUp, type Account } from "./account.ts";
import { launchBrowser } from "./browser.ts";
import { runCommand } from "./command.ts";
import { dataFolder, startServer, type Running } from "./server.ts";
import { visit, type Visitor } from "./visitor.ts";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const PAGES = [
  "executive",
  "flow",
  "agents",
  "memory",
  "metrics",
  "features",
  "report",
  "explore",
  "alerts",
  "budgets",
  "calibration",
  "events",
  "members",
  "settings",
] as const;
const SIZES = [
  { name: "desk", viewport: { width: 1440, height: 900 } },
  { name: "phone", viewport: { width: 375, height: 800 } },
] as const;
const THEMES = ["dark", "light"] as const;

const folder = dataFolder();
let server: Running;
let browser: Browser;
let account: Account;
/** A feature that is over: its report is drawn whole. */
let shipped: string;

beforeAll(async () => {
  [server, browser] = await Promise.all([startServer(folder.path), launchBrowser()]);
  account = await signUp(server.url, "Readers");
  const simulated = await runCommand(
    ["simulate", "--features", "8", "--seed", "5", "--start", "now-2d", "--quiet"],
    { url: server.url, key: account.keys.ingest, home: folder.path },
  ).ended;
  expect(simulated, simulated.err).toMatchObject({ code: 0 });
  const headers = { authorization: `Bearer ${account.keys.read}` };
  const reply = await fetch(`${server.url}/v1/features?status=merged`, { headers });
  const { features } = (await reply.json()) as FeaturesResponse;
  shipped = features[0]?.id ?? "none";
}, 180_000);
afterAll(async () => {
  await browser.close();
  await server.stop();
  folder.remove();
});

/** In words: the rule, what is wrong, and where. */
async function violations(page: Page): Promise<string[]> {
  // By the debugger's way: the page's own policy runs no script that is not its own.
  await page.evaluate(AXE);
  const { violations: found } = await page.evaluate(() =>
    (Reflect.get(window, "axe") as { run(): Promise<AxeResults> }).run(),
  );
  return found.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary = "" }) => `${id} ${target.join(" ")}: ${failureSummary}`),
  );
}

const CASES = THEMES.flatMap((theme) => SIZES.map((size) => ({ theme, ...size })));

it.each(CASES)(
  "axe finds nothing on any page, $theme, $name",
  { timeout: 300_000 },
  async ({ theme, viewport }) => {
    const reader: Visitor = await visit(browser, { viewport });
    await reader.context.addInitScript((name) => localStorage.setItem("clusterfork:theme", name), theme);
    await lendSession(reader.context, server.url, account);
    const found: Record<string, string[]> = {};
    for (const path of PAGES) {
      const at = path === "report" ? `features/${encodeURIComponent(shipped)}` : path;
      await reader.page.goto(`${account.path}/${at}`);
      await reader.page.getByRole("main").waitFor();
      await reader.page.waitForLoadState("networkidle");
      expect(await reader.page.evaluate(() => document.documentElement.dataset["theme"])).toBe(theme);
      const words = await violations(reader.page);
      if (words.length > 0) found[path] = words;
    }
    expect(found).toEqual({});
    expect(reader.complaints, "what the browser complained of").toEqual([]);
    await reader.context.close();
  },
);
