/** An alert as a team meets it: raised by what agents send, seen on the bell, acknowledged, and gone when it is over. */
import { beforeAll, expect, it } from "vitest";
import { lendSession, send, signUp, type Account } from "./account.ts";
import { serveProduct } from "./served.ts";
import { visit, type Visitor } from "./visitor.ts";

const served = serveProduct();
let account: Account;
let desk: Visitor;

beforeAll(async () => {
  account = await signUp(served.url, "Watchers");
  desk = await visit(served.browser);
  await lendSession(desk.context, served.url, account);
});

/** The room looks after ten seconds, and clears after a minute without the condition: by its own clock. */
const SLOWEST_MS = 110_000;

it(
  "[P2] rings, is acknowledged by keyboard, shows so on a phone, and is cleared",
  { timeout: 200_000 },
  async () => {
    const { page } = desk;
    const task_id = `<img src=x onerror="document.title='owned'">`;
    await send(served.url, account.keys.ingest, [
      { event_type: "task_claimed", task_id },
      { event_type: "retry_budget_exhausted", task_id },
    ]);
    await page.goto(`${account.path}/flow`);
    const bell = page.getByRole("button", { name: "Alerts: 1 waits for somebody" });
    await bell.waitFor({ timeout: SLOWEST_MS });
    // Not while a field has the focus, and from anywhere on the page: one key.
    await page.keyboard.press("a");
    const list = page.getByRole("list", { name: "Open alerts" });
    await list.getByText("has no retries left").waitFor();
    expect(await list.innerText()).toContain("<img src=x");
    expect(await page.title()).not.toBe("owned");
    const shots = process.env["CLUSTERFORK_SHOTS"];
    if (shots) await page.screenshot({ path: `${shots}/alert-dark.png` });
    await page.getByRole("button", { name: /^Acknowledge: Task/ }).focus();
    await page.keyboard.press("Enter");
    await list.getByText(`Seen by ${account.email.split("@")[0] ?? ""}`).waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Alerts: none waits" }).waitFor();

    const phone = await visit(served.browser, {
      viewport: { width: 390, height: 844 },
      colorScheme: "light",
    });
    await lendSession(phone.context, served.url, account);
    await phone.page.goto(`${account.path}/flow`);
    await phone.page.getByRole("button", { name: /^Alerts/ }).click();
    await phone.page.getByText("has no retries left").waitFor();
    const width = await phone.page.evaluate(() => document.documentElement.scrollWidth);
    expect(width).toBeLessThanOrEqual(390);
    if (shots) await phone.page.screenshot({ path: `${shots}/alert-phone.png` });

    await send(served.url, account.keys.ingest, [{ event_type: "task_completed", task_id }]);
    await phone.page.getByText("Nothing waits for anybody").waitFor({ timeout: SLOWEST_MS });
  },
);
