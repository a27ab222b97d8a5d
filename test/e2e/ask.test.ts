/** Explore, memory and the list of features, as somebody uses them: the served product and a real browser. */
import type { BrowserContext, Page } from "playwright-core";
import { beforeAll, describe, expect, it } from "vitest";
import { lendSession, send, signUp, type Account } from "./account.ts";
import { serveProduct } from "./served.ts";

const PHONE = { width: 375, height: 812 };
const DESK = { width: 1440, height: 900 };
const HOSTILE = `<img src=x onerror="document.title='taken'">`;
const LONG = "x".repeat(1_000);
const MINUTE_MS = 60_000;

const served = serveProduct();
let context: BrowserContext;
let account: Account;
let page: Page;

beforeAll(async () => {
  account = await signUp(served.url, "Askers");
  context = await served.browser.newContext({ locale: "en-GB", timezoneId: "UTC", viewport: DESK });
  await lendSession(context, served.url, account);
  page = await context.newPage();
});

/** Calls of two models over two hours: those of the slow one are long, and all by one agent. */
function work(): object[] {
  const at = (i: number) => ({ timestamp: new Date(Date.now() - (121 - i) * MINUTE_MS).toISOString() });
  const calls = Array.from({ length: 120 }, (_, i) => {
    const slow = i % 4 === 0;
    return {
      ...at(i),
      ...{
        event_type: "tokens_used",
        agent_id: slow ? HOSTILE : "coder-a",
        feature_id: "login",
        task_id: "t-1",
      },
      metadata: { model: slow ? "slow" : "quick", cost_source: "reported" },
      metrics: { input_tokens: 10, output_tokens: 5, cost_usd: 0.01, duration_ms: slow ? 60_000 : 500 },
    };
  });
  return [
    { ...at(0), event_type: "feature_requested", feature_id: "login", metadata: { title: LONG } },
    { ...at(0), event_type: "feature_started", feature_id: "login" },
    {
      ...at(0),
      event_type: "task_created",
      feature_id: "login",
      task_id: "t-1",
      metadata: { title: "Form" },
    },
    ...calls,
    {
      ...{ event_type: "decision_recorded", feature_id: "login", task_id: "t-1" },
      metadata: { title: "One pure function", rationale: HOSTILE, alternatives: ["a wave per bead"] },
    },
    { event_type: "decision_recorded", metadata: { title: LONG, rationale: "Because of the queue" } },
  ];
}
const overflows = () => page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
const answer = () => page.getByRole("region", { name: "Answer" });

describe("before the first event", () => {
  it("each page says what would fill it", async () => {
    await page.goto(`${account.path}/explore`);
    await page.getByText("There is nothing to ask yet: no event has come.").waitFor();
    await page.goto(`${account.path}/memory`);
    await page.getByText(/^No decision has been recorded/).waitFor();
    await page.goto(`${account.path}/features`);
    await page.getByText("No feature is known yet.").waitFor();
  });
});

describe("explore", () => {
  it("answers, and a press on a group narrows the question in the address", async () => {
    await send(served.url, account.keys.ingest, work());
    await page.goto(`${account.path}/explore`);
    await page.getByText(/has the most: 120 of/).waitFor();
    await answer().getByRole("link", { name: "tokens_used" }).click();
    await page.waitForURL(/where=event_type%3Dtokens_used/);
    await page.getByText(/^120 events of \d+ in the whole log fit\.$/).waitFor();
  });

  it("[P2] groups by what is typed, and a hostile name is only text", async () => {
    await page.getByLabel("Field to group by").fill("agent_id");
    await page.getByRole("button", { name: "Group", exact: true }).click();
    await page.waitForURL(/group_by=agent_id/);
    await page.getByLabel("Calculation", { exact: true }).selectOption("p95");
    await page.getByLabel("Field to calculate with").fill("metrics.duration_ms");
    await page.getByRole("button", { name: "Calculate" }).click();
    await answer().getByText("1 min").first().waitFor();
    expect(await answer().getByRole("link", { name: HOSTILE }).count()).toBe(1);
    expect(await page.locator("main img").count()).toBe(0);
    expect(await page.title()).toMatch(/^Explore · /);
  });

  it("says what the events of a region have in common, and leads to each of them", async () => {
    await page.goto(
      `${account.path}/explore?where=event_type%3Dtokens_used&calc=count&heatmap=metrics.duration_ms&x=12&y=8`,
    );
    const row = page.getByRole("grid").locator("tbody tr").first();
    await row.getByRole("gridcell").first().focus();
    await page.keyboard.press("Shift+ArrowRight");
    for (let i = 0; i < 10; i++) await page.keyboard.press("Shift+ArrowRight");
    await page.keyboard.press("Enter");
    await page.waitForURL(/select=metrics\.duration_ms/);
    const common = page.getByRole("region", { name: "In common" });
    await common.getByRole("link", { name: "model slow" }).waitFor();
    expect(await common.innerText()).toContain("100%");
    await common.getByRole("link", { name: "The selected events" }).click();
    await page.getByRole("heading", { name: "Events, the newest first" }).waitFor();
    await answer().locator("tbody a").first().click();
    await page.waitForURL(/events\?at=\d+&event=\d+/);
  });

  it("says what it cannot read, and keeps the way back", async () => {
    await page.goto(`${account.path}/explore?calc=median:x`);
    await page.getByText(/This question cannot be read\. There is no calculation "median"/).waitFor();
    await page.getByRole("link", { name: "Begin anew" }).click();
    await answer().waitFor();
  });
});

describe("memory", () => {
  it("[P2] finds a decision by its words, and leads to its task and event", async () => {
    await page.goto(`${account.path}/memory`);
    await page.getByText(/^Two decisions by/).waitFor();
    await page.getByLabel("Search the decisions").fill("wave bead");
    await page.waitForURL(/q=wave\+bead/);
    await page.getByText("One of two decisions holds these words.").waitFor();
    expect(await page.locator("main img").count()).toBe(0);
    await page.getByRole("link", { name: /^Decision of event/ }).click();
    await page.getByRole("link", { name: "Its event" }).waitFor();
    await page.getByRole("link", { name: "t-1" }).click();
    await page.waitForURL(/flow\/login\?task=t-1/);
  });
});

describe("features", () => {
  it("lists them with duration and cost, and filters by the address", async () => {
    await page.goto(`${account.path}/features`);
    await page.getByText(/^One of one feature is open/).waitFor();
    await page.getByRole("cell", { name: "$1.20" }).waitFor();
    await page.getByRole("button", { name: /^Shipped/ }).click();
    await page.waitForURL(/show=shipped/);
    await page.getByText("No feature fits.").waitFor();
  });
});

it("each page fits a phone, and a desk", async () => {
  for (const size of [DESK, PHONE]) {
    await page.setViewportSize(size);
    for (const path of [
      "explore?group_by=agent_id",
      "explore?calc=count&heatmap=metrics.duration_ms",
      "memory",
      "features",
    ]) {
      await page.goto(`${account.path}/${path}`);
      await page.locator("main h2, main table").first().waitFor();
      expect(await overflows(), `${path} at ${size.width}`).toBe(false);
    }
  }
});
