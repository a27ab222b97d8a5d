/**
 * What axe-core finds on every page of a project, in both themes, on a desk and on a phone: nothing. The work is that
 * of a simulated team, so that tables, charts and graphs are drawn.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { AxeResults } from "axe-core";
import type { Page } from "playwright-core";
import { beforeAll, expect, it, vi } from "vitest";
import type { FeaturesResponse } from "../../schema/wire/http.ts";
import type { LessonsResponse } from "../../schema/wire/lesson.ts";
import { lendSession, signUp, type Account } from "./account.ts";
import { runCommand } from "./command.ts";
import { serveProduct } from "./served.ts";
import { visit, type Visitor } from "./visitor.ts";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const PAGES = [
  "executive",
  "flow",
  "agents",
  "memory",
  "lessons",
  "lesson",
  "skills",
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

const served = serveProduct();
let account: Account;
/** A feature that is over: its report is drawn whole. */
let shipped: string;
/** One that was learned: it is drawn whole. */
let learned: string;

beforeAll(async () => {
  account = await signUp(served.url, "Readers");
  const simulated = await runCommand(
    ["simulate", "--features", "8", "--seed", "5", "--start", "now-2d", "--quiet"],
    { url: served.url, key: account.keys.ingest, home: served.folder },
  ).ended;
  expect(simulated, simulated.err).toMatchObject({ code: 0 });
  const headers = { authorization: `Bearer ${account.keys.read}` };
  const reply = await fetch(`${served.url}/v1/features?status=merged`, { headers });
  const { features } = (await reply.json()) as FeaturesResponse;
  shipped = features[0]?.id ?? "none";
  await vi.waitFor(async () => expect((learned = await firstLesson(headers))).not.toBe(""), {
    ...{ timeout: 30_000, interval: 200 },
  });
}, 180_000);

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
    const reader: Visitor = await visit(served.browser, { viewport });
    await reader.context.addInitScript((name) => localStorage.setItem("clusterfork:theme", name), theme);
    await lendSession(reader.context, served.url, account);
    const found: Record<string, string[]> = {};
    for (const path of PAGES) {
      await opened(reader.page, path);
      expect(await reader.page.evaluate(() => document.documentElement.dataset["theme"])).toBe(theme);
      const words = await violations(reader.page);
      if (words.length > 0) found[path] = words;
    }
    expect(found).toEqual({});
    expect(reader.complaints, "what the browser complained of").toEqual([]);
    await reader.context.close();
  },
);

/** A phone, and a desk of which somebody enlarged the page twice (WCAG 2.2, 1.4.4 and 1.4.10). */
const NARROW = [
  { name: "375 px", options: { viewport: { width: 375, height: 800 } } },
  { name: "200 % zoom", options: { viewport: { width: 720, height: 450 }, deviceScaleFactor: 2 } },
];

it.each(NARROW)("no page has to be scrolled sideways, $name", { timeout: 180_000 }, async ({ options }) => {
  const reader = await visit(served.browser, options);
  await lendSession(reader.context, served.url, account);
  const wider: Record<string, string[]> = {};
  for (const path of PAGES) {
    await opened(reader.page, path);
    const found = await reader.page.evaluate(sticksOut);
    if (found.length > 0) wider[path] = found;
  }
  expect(wider).toEqual({});
  await reader.context.close();
});

it("every page is walked through by the keyboard alone", { timeout: 240_000 }, async () => {
  const reader = await visit(served.browser);
  await lendSession(reader.context, served.url, account);
  const missed: Record<string, string[]> = {};
  for (const path of PAGES) {
    await opened(reader.page, path);
    const count = await reader.page.evaluate(markControls);
    expect(count, path).toBeGreaterThan(10);
    for (let pressed = 0; pressed < count + TAB_SLACK; pressed++) {
      await reader.page.keyboard.press("Tab");
      if (await reader.page.evaluate(noteFocus)) break;
    }
    const found = await reader.page.evaluate(unreached);
    if (found.length > 0) missed[path] = found;
  }
  expect(missed).toEqual({});
  await reader.context.close();
});

/** Beyond the controls themselves: the page's own places where the focus may stand, such as regions that scroll. */
const TAB_SLACK = 40;

/** Empty while the book has heard of none. */
async function firstLesson(headers: Record<string, string>): Promise<string> {
  const reply = await fetch(`${served.url}/v1/lessons?limit=1`, { headers });
  return ((await reply.json()) as LessonsResponse).lessons[0]?.id ?? "";
}

function addressOf(path: (typeof PAGES)[number]): string {
  if (path === "report") return `features/${encodeURIComponent(shipped)}`;
  if (path === "lesson") return `memory?q=review&lesson=${encodeURIComponent(learned)}`;
  return path === "lessons" || path === "skills" ? `memory?show=${path}` : path;
}

async function opened(page: Page, path: (typeof PAGES)[number]): Promise<void> {
  await page.goto(`${account.path}/${addressOf(path)}`);
  await page.getByRole("main").waitFor();
  await page.waitForLoadState("networkidle");
}

/** In the page: what makes it wider than its window. Empty where it is not. */
function sticksOut(): string[] {
  const { scrollWidth, clientWidth } = document.documentElement;
  const main = document.querySelector("main");
  const page_sticks = scrollWidth > clientWidth;
  const main_sticks = main !== null && main.scrollWidth > main.clientWidth;
  if (!page_sticks && !main_sticks) return [];
  return [...document.querySelectorAll("main, main *, header, nav")]
    .filter((element) => element.getBoundingClientRect().right > clientWidth + 1)
    .slice(0, 5)
    .map((element) => element.outerHTML.slice(0, 120));
}

/** In the page: marks what can be pressed or filled in, is seen, and is not one of a group that arrows walk. */
function markControls(): number {
  const controls = [
    ...document.querySelectorAll<HTMLElement>(
      "a[href], button, input, select, textarea, summary, [tabindex='0']",
    ),
  ].filter(
    (element) =>
      element.tabIndex >= 0 &&
      !element.matches(":disabled") &&
      element.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: false }),
  );
  for (const control of controls) control.dataset["unreached"] = "";
  return controls.length;
}

/** In the page, after a press: true when every control was reached. */
function noteFocus(): boolean {
  if (document.activeElement instanceof HTMLElement) delete document.activeElement.dataset["unreached"];
  return document.querySelector("[data-unreached]") === null;
}

/** In the page: what the keyboard did not reach. Of radio buttons of one name, one is enough. */
function unreached(): string[] {
  return [...document.querySelectorAll<HTMLElement>("[data-unreached]")]
    .filter(
      (element) =>
        element.checkVisibility({ visibilityProperty: true }) &&
        !(element instanceof HTMLInputElement && element.type === "radio"),
    )
    .map((element) => element.outerHTML.slice(0, 160));
}
