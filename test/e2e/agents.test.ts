/** Agents, alerts and budgets of a simulated team, as a lead reads them: the served product, a real browser. */
import type { Page } from "playwright-core";
import { beforeAll, describe, expect, it } from "vitest";
import { lendSession, send, signUp, type Account } from "./account.ts";
import { runCommand } from "./command.ts";
import { serveProduct } from "./served.ts";
import { visit, type Visitor } from "./visitor.ts";

const PHONE = { viewport: { width: 390, height: 844 } };
const HOSTILE = `<img src=x onerror="document.title='taken'">`;
/** The room looks for alerts after ten seconds, and waits longer while it has work. */
const SLOWEST_MS = 60_000;

const served = serveProduct();
let account: Account;
let desk: Visitor;
let phone: Visitor;

beforeAll(async () => {
  account = await signUp(served.url, "People");
  [desk, phone] = await Promise.all([
    visit(served.browser),
    visit(served.browser, { ...PHONE, colorScheme: "light" }),
  ]);
  await lendSession(desk.context, served.url, account);
  await lendSession(phone.context, served.url, account);
}, 120_000);

const fits = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth);
/** For eyes: where CLUSTERFORK_SHOTS names a folder. */
async function shoot({ page }: Visitor, name: string): Promise<void> {
  const shots = process.env["CLUSTERFORK_SHOTS"];
  if (shots !== undefined) await page.screenshot({ path: `${shots}/${name}.png`, fullPage: true });
}
const calm = () => expect([...desk.complaints, ...phone.complaints]).toEqual([]);

it("says of an empty project what would fill each page", async () => {
  const { page } = desk;
  await page.goto(`${account.path}/agents`);
  await page.getByText("No agent worked in the last 7 days.", { exact: true }).waitFor();
  await page.getByRole("link", { name: "Show all time" }).waitFor();
  await page.goto(`${account.path}/alerts`);
  await page.getByText("No alert is open.").waitFor();
  await page.goto(`${account.path}/budgets`);
  await page.getByText("No budget is set: nothing tells when money runs out.").waitFor();
  calm();
});

describe("of a team at work", () => {
  beforeAll(async () => {
    const simulated = await runCommand(
      ["simulate", "--features", "8", "--seed", "5", "--start", "now-2d", "--quiet"],
      { url: served.url, key: account.keys.ingest, home: served.folder },
    ).ended;
    expect(simulated, simulated.err).toMatchObject({ code: 0 });
    const failing = ["one", "two", "three"].flatMap((task_id) => [
      { event_type: "task_claimed", task_id, agent_id: HOSTILE, agent_role: "coder" },
      {
        event_type: "task_failed",
        task_id,
        agent_id: HOSTILE,
        metadata: { title: HOSTILE, reason: HOSTILE },
      },
    ]);
    await send(served.url, account.keys.ingest, [
      ...failing,
      { event_type: "task_created", task_id: "stuck", metadata: { title: "A".repeat(300) } },
      { event_type: "task_claimed", task_id: "stuck", agent_id: HOSTILE },
      { event_type: "retry_budget_exhausted", task_id: "stuck", agent_id: HOSTILE },
    ]);
  }, 120_000);

  it("[P2] judges each agent, names who needs a plan, and coaches it", async () => {
    const { page } = desk;
    await page.goto(`${account.path}/agents`);
    await page.locator(".headline").getByText("requires a Performance Improvement Plan").waitFor();
    const rows = page.locator("tbody tr");
    expect(await rows.count()).toBeGreaterThan(3);
    expect(await rows.first().innerText()).toContain("Performance Improvement Plan required");
    expect(await rows.first().innerText()).toContain("three tasks failed in a row");
    expect(await rows.first().innerText()).toContain("<img src=x");
    expect(await page.title()).not.toBe("taken");
    const card = page.getByRole("region", { name: "Coaching", exact: true });
    await card.getByText("Three tasks failed in a row").waitFor();
    expect(await card.getByRole("link", { name: /^Read why/ }).count()).toBe(3);
    await shoot(desk, "agents-dark");
    // The second row, by keyboard.
    await page.keyboard.press("j");
    await page.keyboard.press("j");
    await page.keyboard.press("Enter");
    await page.waitForURL(/pick=/);
    expect(await rows.nth(1).locator("a").getAttribute("aria-current")).toBe("true");
    expect(await fits(page)).toBe(true);
    calm();
  });

  it("replaces names by letters everywhere on the page", async () => {
    const { page } = desk;
    const names = await page.locator("tbody tr .names a").allInnerTexts();
    await page.getByRole("switch", { name: /Anonymise names/ }).click();
    await page.waitForURL(/names=letters/);
    await page
      .locator("tbody")
      .getByText(/^Agent [A-Z]$/)
      .first()
      .waitFor();
    await page.reload();
    await page
      .locator(".headline")
      .getByText(/^Agent [A-Z]/)
      .first()
      .waitFor();
    const text = await page.locator("main").innerText();
    expect(names.length).toBeGreaterThan(3);
    for (const name of names) expect(text).not.toContain(name);
    await page.goto(`${account.path}/agents?by=role`);
    await page.locator("tbody").getByRole("link", { name: "coder", exact: true }).first().waitFor();
    calm();
  });

  it("has a page for each agent, and fits a phone", async () => {
    await phone.page.goto(`${account.path}/agents`);
    await phone.page.locator("tbody tr").first().waitFor();
    await phone.page.getByRole("region", { name: "Efficiency" }).waitFor();
    expect(await fits(phone.page)).toBe(true);
    await shoot(phone, "agents-phone");
    const { page } = desk;
    await page.goto(`${account.path}/agents`);
    const row = page.locator("tbody tr", { hasNotText: "Plan required" }).first().locator(".names a");
    const name = await row.innerText();
    await row.click();
    await page.getByRole("link", { name: `Open the page of ${name}` }).click();
    await page.waitForURL(/agent=/);
    await page.locator(".headline").getByText(name).waitFor();
    await page.getByRole("region", { name: "Figures" }).getByText("Reviewer pass rate").waitFor();
    await page.getByRole("heading", { name: "Drift" }).waitFor();
    await page.getByRole("heading", { name: "Models used" }).waitFor();
    await shoot(desk, "agent-dark");
    await phone.page.goto(page.url());
    await phone.page.getByRole("region", { name: "Figures" }).getByText("Reviewer pass rate").waitFor();
    expect(await fits(phone.page)).toBe(true);
    await shoot(phone, "agent-phone");
    calm();
  });

  it("[P2] lists what waits, and takes it off the list by keyboard", { timeout: 120_000 }, async () => {
    const { page } = desk;
    await page.goto(`${account.path}/alerts`);
    const list = page.getByRole("region", { name: "Alerts" });
    await list.getByText("has no retries left").first().waitFor({ timeout: SLOWEST_MS });
    await shoot(desk, "alerts-dark");
    await page.keyboard.press("j");
    await page.keyboard.press("Enter");
    await page.waitForURL(/alert=/);
    const open = page.locator("li.open");
    const title = await open.locator(".what").innerText();
    expect(await open.locator("a[aria-expanded=true]").evaluate((it) => it === document.activeElement)).toBe(
      true,
    );
    await open.getByRole("button", { name: /^Acknowledge/ }).click();
    await page.getByRole("button", { name: /^Seen 1/ }).click();
    await page.locator(".what", { hasText: title }).waitFor();
    await page.getByRole("button", { name: /^Assign/ }).click();
    await page.getByRole("menuitemradio").first().click();
    await page.locator(".who").getByText("'s").waitFor();
    await page.getByRole("button", { name: /^Snooze/ }).click();
    await page.getByRole("menuitem", { name: "For an hour" }).click();
    await page.getByRole("button", { name: /^Silent 1/ }).waitFor();
    await phone.page.goto(`${account.path}/alerts?status=snoozed`);
    await phone.page.locator(".what", { hasText: title }).waitFor();
    expect(await fits(phone.page)).toBe(true);
    await shoot(phone, "alerts-phone");
    calm();
  });

  it("[M2] sets a budget, counts what was spent, shows what is reserved, and takes it away", async () => {
    const { page } = desk;
    await page.goto(`${account.path}/budgets`);
    await page.getByRole("button", { name: "Set a budget" }).click();
    const dialog = page.getByRole("dialog");
    // The browser tells of a closing late: what was opened again meanwhile stays open.
    await dialog.evaluate(
      (element: HTMLDialogElement) =>
        new Promise((told) => {
          element.addEventListener("close", () => setTimeout(told), { once: true });
          element.close();
          element.showModal();
        }),
    );
    await dialog.getByRole("button", { name: "Set the budget" }).click();
    await dialog.getByText("Give an amount in dollars").waitFor();
    await dialog.getByLabel("Limit in dollars").fill("250");
    await dialog.getByLabel("Title").fill(HOSTILE);
    await dialog.getByRole("button", { name: "Set the budget" }).click();
    const budget = page.getByRole("region", { name: HOSTILE });
    await budget.getByText("of $250").first().waitFor();
    await budget.getByText(/\$[\d.]+ reported, \$[\d.]+ priced/).waitFor();
    const reply = await fetch(`${served.url}/v1/budgets/reserve`, {
      method: "POST",
      headers: { authorization: `Bearer ${account.keys.ingest}`, "content-type": "application/json" },
      body: JSON.stringify({ agent_id: "coder-a", amount_usd: 7.5, ttl_s: 600 }),
    });
    expect(await reply.json()).toMatchObject({ granted: true });
    await budget
      .getByRole("row", { name: /coder-a/ })
      .getByText("$7.50")
      .waitFor();
    await shoot(desk, "budgets-dark");
    await phone.page.goto(`${account.path}/budgets`);
    await phone.page.getByRole("region", { name: HOSTILE }).waitFor();
    expect(await fits(phone.page)).toBe(true);
    await shoot(phone, "budgets-phone");
    await budget.getByRole("button", { name: /^Change the budget/ }).click();
    await dialog.getByLabel("Limit in dollars").fill("300");
    await dialog.getByRole("button", { name: "Change it" }).click();
    await budget.getByText("of $300").first().waitFor();
    await budget.getByRole("button", { name: /^Remove the budget/ }).click();
    await dialog.getByRole("button", { name: "Remove it" }).click();
    await page.getByText("No budget is set").waitFor();
    expect(await page.title()).not.toBe("taken");
    calm();
  });
});
