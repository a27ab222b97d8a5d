/** Metrics and calibration, as somebody reads them: the served product, a real browser, mostly by keyboard. */
import type { BrowserContext, Page } from "playwright-core";
import { beforeAll, describe, expect, it } from "vitest";
import { lendSession, send, signUp, type Account } from "./account.ts";
import { serveProduct } from "./served.ts";

const PHONE = { width: 375, height: 812 };
const HOSTILE = `<img src=x onerror="document.title='taken'">`;
const HOUR_MS = 3_600_000;

const served = serveProduct();
let context: BrowserContext;
let account: Account;
let page: Page;

beforeAll(async () => {
  account = await signUp(served.url, "Chart readers");
  context = await served.browser.newContext({ locale: "en-GB", timezoneId: "UTC" });
  await lendSession(context, served.url, account);
  page = await context.newPage();
});

/** A model call in each of the last twenty hours, the newest of them dear. */
function calls(): object[] {
  return Array.from({ length: 20 }, (_, i) => ({
    event_type: "tokens_used",
    agent_id: i % 2 === 0 ? "coder-a" : HOSTILE,
    timestamp: new Date(Date.now() - (20 - i) * HOUR_MS).toISOString(),
    metadata: { model: "m-1", cost_source: "reported" },
    metrics: { input_tokens: 100, output_tokens: 10, cost_usd: i === 18 ? 5 : 0.5 + (i % 2) / 10 },
  }));
}
const cell = (name: string) => page.locator("figure", { has: page.getByRole("link", { name, exact: true }) });
const overflows = (on: Page) => on.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);

describe("the metrics page", () => {
  it("says of an empty project what would fill it", async () => {
    await page.goto(`${account.path}/metrics`);
    await page.getByText("Nothing is measured yet: no event has come.").waitFor();
    await page.getByRole("link", { name: "Send the first event" }).waitFor();
  });

  it("fills as events come, and says of what is unknown which event is missing", async () => {
    await send(served.url, account.keys.ingest, calls());
    await cell("Cost per hour")
      // $15.50 in twenty hours, of the first of which a part had passed.
      .getByText(/^\$0\.(?:7[7-9]|8[0-2])\/h$/)
      .waitFor();
    expect(await cell("Test coverage").innerText()).toContain(
      "No coverage_measured or coverage_increased event has come yet.",
    );
    expect(await cell("Test coverage").innerText()).not.toMatch(/\b0\b/);
    const label = await cell("Cost per hour").getByRole("img").first().getAttribute("aria-label");
    expect(label).toMatch(
      /^Cost per hour, last 24 hours, now \$0\.(?:7[7-9]|8[0-2])\/h, from .*, 1 point outside/,
    );
    await page.getByRole("link", { name: /cost per hour broke its upper control limit/i }).waitFor();
  });

  it("is read by keys: arrows, the table behind d, Enter to open, Escape to close", async () => {
    await page.reload();
    const chart = cell("Cost per hour").getByRole("img").first();
    await chart.focus();
    await page.keyboard.press("End");
    const spoken = cell("Cost per hour").locator("[aria-live]");
    // Back from the newest step to the dear one: an hour that has just begun may hold nothing yet.
    for (let i = 0; i < 3 && !/Cost per hour \$5\/h, n 1/.test(await spoken.innerText()); i += 1)
      await page.keyboard.press("ArrowLeft");
    expect(await spoken.innerText()).toMatch(/Cost per hour \$5\/h, n 1/);
    await page.keyboard.press("d");
    const table = cell("Cost per hour").getByRole("region", { name: /as a table$/ });
    await table.waitFor();
    expect(await table.getByRole("row").count()).toBeGreaterThan(20);
    await page.keyboard.press("d");
    await page.keyboard.press("Enter");
    await page.waitForURL(/metric=cost_per_hour/);
    await page.getByRole("region", { name: "Cost per hour" }).getByText("clock hours with work").waitFor();
    await page.keyboard.press("Escape");
    await page.waitForURL((url) => !url.search.includes("metric="));
  });

  it("[P2] shows whose a value is, narrows to one, and a hostile name is only text", async () => {
    await page.goto(`${account.path}/metrics?metric=cost&by=agent`);
    const name = page.getByRole("link", { name: HOSTILE });
    await name.click();
    await page.waitForURL(/agent=%3Cimg/);
    await page.getByRole("link", { name: /^Show all/ }).waitFor();
    expect(await page.title()).toMatch(/^Metrics · /);
    expect(await page.locator("main img").count()).toBe(0);
    await page.getByRole("link", { name: /^Show all/ }).click();
    await page.waitForURL((url) => !url.search.includes("agent="));
  });

  it("leads from a value to its events", async () => {
    await page.getByRole("link", { name: "tokens_used" }).click();
    await page.waitForURL(/explore\?from=24h&where=event_type%3Dtokens_used/);
    await page.getByRole("link", { name: "The 20 events behind it" }).waitFor();
  });

  it("fits a phone, open and closed", async () => {
    await page.setViewportSize(PHONE);
    for (const query of ["", "?metric=cost_per_hour&by=model"]) {
      await page.goto(`${account.path}/metrics${query}`);
      await cell("Cost per hour").getByRole("img").first().waitFor();
      expect(await overflows(page)).toBe(false);
    }
  });
});

describe("the calibration page", () => {
  it("promises nothing before a forecast was held against what came", async () => {
    await page.goto(`${account.path}/calibration`);
    await page.getByText("No forecast has been held against what came yet.").waitFor();
    await page.getByText(/Each task that begins gets a forecast/).waitFor();
    expect(await overflows(page)).toBe(false);
  });
});
