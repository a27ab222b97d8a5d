/** The Task Flow with what nobody would plan: it shows it for what it is, and never blank. */
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { lendSession, post, send, signUp, type Account } from "./account.ts";
import { serveProduct } from "./served.ts";
import { visit, type Visitor } from "./visitor.ts";

const served = serveProduct();

async function look(account: Account, path: string, width = 1440): Promise<Visitor> {
  const visitor = await visit(served.browser, { viewport: { width, height: width < 768 ? 844 : 900 } });
  await lendSession(visitor.context, served.url, account);
  await visitor.page.goto(`${account.path}/${path}`);
  await visitor.page.locator("[data-connection]").first().waitFor();
  return visitor;
}

/** Nothing sticks out of the window, the answer is there, and the clock can be reached. */
async function expectLayoutHolds(page: Page, width: number): Promise<void> {
  const found = await page.evaluate(() => ({
    scroll_px: document.documentElement.scrollWidth,
    blank: document.querySelector(".headline")?.textContent.trim() ?? "",
    marked: document.querySelectorAll("x-run, [onerror], [onload], iframe, object").length,
  }));
  expect(found.scroll_px).toBeLessThanOrEqual(width);
  expect(found.blank).not.toBe("");
  expect(found.marked).toBe(0);
}

/** A loaded machine must not fail a test. */
const PATIENT = { timeout: 15_000 };

/** As long as a title may be; longer ones are refused, as the first test sees. */
const LONG = "W".repeat(1_024);
const MARKUP = `<img src=x onerror="complain('ran')"><x-run>&amp;</title>`;
const RTL = "\u202Eשלום עולם\u2066 مرحبا";
const CONTROL = "a\u0000b\u0007c\u001b[31md\u2028e";
const EMOJI = "👩‍👩‍👧‍👦🏳️‍🌈".repeat(60);

const TITLES: Record<string, string> = {
  ...{ long: LONG, markup: MARKUP, rtl: RTL, control: CONTROL, emoji: EMOJI, empty: " " },
};

describe("bad input", () => {
  it("[P2] hostile titles, cycles and 500 dependencies are drawn, found, opened and listed", async () => {
    const account = await signUp(served.url, "Bad input");
    const task = (task_id: string, title: string, dependencies: string[] = []) => ({
      ...{ event_type: "task_created", task_id, feature_id: "bad", agent_id: "plan" },
      metadata: { title, dependencies },
    });
    const endless = await post(
      served.url,
      account.keys.ingest,
      JSON.stringify([{ timestamp: new Date().toISOString(), ...task("endless", "W".repeat(10_000)) }]),
    );
    expect(endless.status).toBe(422);
    const many = Array.from({ length: 500 }, (_, n) => `many-${String(n)}`);
    await send(served.url, account.keys.ingest, [
      { event_type: "feature_requested", feature_id: "bad", metadata: { title: LONG } },
      ...Object.entries(TITLES).map(([id, title]) => task(id, title)),
      task("ring-a", "Ring A", ["ring-c"]),
      task("ring-b", "Ring B", ["ring-a"]),
      task("ring-c", "Ring C", ["ring-b", "ring-c"]),
      task("lone", "Waits for five hundred", many),
    ]);
    await send(
      served.url,
      account.keys.ingest,
      many.map((id) => task(id, `Part ${id}`)),
    );
    const desk = await look(account, "flow/bad?waves=all");
    const { page } = desk;
    await page.getByRole("tree").waitFor();
    await expectLayoutHolds(page, 1440);

    // Words find a task among 510; Enter opens it; the filter is in the address.
    await page.keyboard.press("/");
    await page.keyboard.type("ring");
    await page.getByText("3 of 510", { exact: true }).waitFor();
    expect(new URL(page.url()).searchParams.get("q")).toBe("ring");
    const ring = page.getByRole("treeitem");
    await expect.poll(() => ring.count(), PATIENT).toBe(3);
    await page.keyboard.press("Enter");
    await page.getByRole("complementary", { name: "Selected task" }).getByText("Ring A").first().waitFor();
    await page.reload();
    await expect.poll(() => ring.count(), PATIENT).toBe(3);
    await page.getByRole("link", { name: "Show all" }).click();
    await expect.poll(() => ring.count(), PATIENT).toBeGreaterThan(3);

    // A cycle has no path out: the longest chain stops before it closes, and the key lights it alone.
    await page.keyboard.press("Escape");
    await page.getByRole("complementary", { name: "Selected task" }).waitFor({ state: "hidden" });
    await page.keyboard.press("c");
    await expect.poll(() => new URL(page.url()).searchParams.get("path"), PATIENT).toBe("1");
    await page.keyboard.press("c");
    await expect.poll(() => new URL(page.url()).searchParams.get("path"), PATIENT).toBeNull();

    for (const id of ["lone", ...Object.keys(TITLES)]) {
      await page.goto(`${account.path}/flow/bad?task=${id}`);
      const panel = page.getByRole("complementary", { name: "Selected task" });
      await panel.getByText("Status", { exact: true }).waitFor();
      await expectLayoutHolds(page, 1440);
    }
    await page.goto(`${account.path}/flow`);
    await page.getByRole("link", { name: /WWW/ }).first().waitFor();
    await expectLayoutHolds(page, 1440);
    expect(desk.complaints).toEqual([]);
    await desk.context.close();

    const phone = await look(account, "flow/bad", 390);
    await phone.page
      .getByRole("heading", { name: /^Pending|Next on the critical path/ })
      .first()
      .waitFor();
    await expectLayoutHolds(phone.page, 390);
    // The clock and LIVE stay where they are while the list is scrolled.
    const clock = phone.page.getByRole("button", { name: "LIVE" });
    const before = await clock.boundingBox();
    await phone.page.mouse.wheel(0, 1_500);
    await expect.poll(() => phone.page.evaluate(() => scrollY), PATIENT).toBeGreaterThan(200);
    expect(await clock.boundingBox()).toEqual(before);
    await phone.page.goto(`${account.path}/flow/bad?task=long`);
    await phone.page.getByRole("complementary", { name: "Selected task" }).waitFor();
    await expectLayoutHolds(phone.page, 390);
    expect(phone.complaints).toEqual([]);
    await phone.context.close();
  });

  it("an empty project and one with a single event say what would fill them, and Share asks in place", async () => {
    const account = await signUp(served.url, "Nothing");
    const desk = await look(account, "flow");
    await desk.page
      .getByText(/No tasks yet/)
      .first()
      .waitFor();
    await send(served.url, account.keys.ingest, [{ event_type: "task_started", task_id: "only" }]);
    const node = desk.page.getByRole("treeitem");
    await node.waitFor();
    expect(await node.count()).toBe(1);
    await expectLayoutHolds(desk.page, 1440);
    await desk.page.getByRole("button", { name: "Share", exact: true }).click();
    const dialog = desk.page.getByRole("dialog", { name: "Share this Task Flow" });
    await dialog.getByLabel("Link name").fill("For the board");
    await dialog.getByRole("button", { name: "Create link" }).click();
    await dialog.getByText("/s/").first().waitFor();
    await dialog.getByRole("button", { name: "Done" }).click();
    await dialog.waitFor({ state: "hidden" });
    expect(desk.complaints).toEqual([]);
    await desk.context.close();
  });

  it("a task that is chosen by an address nobody knows is no error", async () => {
    const account = await signUp(served.url, "Unknown");
    await send(served.url, account.keys.ingest, [{ event_type: "task_started", task_id: "only" }]);
    const query = `task=${encodeURIComponent(LONG.slice(0, 900))}&q=${"x".repeat(300)}&agent=nobody&role=%00&status=x&waves=-1,9e9&at=x`;
    const desk = await look(account, `flow?${query}`);
    await desk.page.getByText("Not in the live picture").waitFor();
    await desk.page.getByText("0 of 1", { exact: true }).waitFor();
    await expectLayoutHolds(desk.page, 1440);
    expect(desk.complaints).toEqual([]);
    await desk.context.close();
  });
});
