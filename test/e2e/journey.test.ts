/** A new team's first minutes, as a person has them: the served product, a real browser, a real shell. */
import { execFileSync } from "node:child_process";
import type { Page } from "playwright-core";
import { beforeAll, describe, expect, it } from "vitest";
import { send } from "./account.ts";
import { serveProduct } from "./served.ts";
import { isStillMarked, markPage, visit, type Visitor } from "./visitor.ts";

const EMAIL = "ada@example.com";
const PASSWORD = "correct horse battery staple";
const PHONE = { width: 390, height: 844 };

const served = serveProduct();
let desk: Visitor;
let key = "";
let project = "";

beforeAll(async () => {
  desk = await visit(served.browser);
  await desk.context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: served.url });
});

const task = (page: Page, id: string) => page.getByRole("treeitem", { name: new RegExp(`^${id} `) });
const panel = (page: Page) => page.getByRole("complementary", { name: "Selected task" });
/** Waits until the node says all of it; the page is never told to look again. */
const says = (page: Page, id: string, words: string) =>
  page.getByRole("treeitem", { name: new RegExp(`^${id} .*${words}`) }).waitFor();
const sendNow = (...events: object[]) => send(served.url, key, events);

async function signIn(page: Page): Promise<void> {
  await page.getByLabel("Email").fill(EMAIL);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in" }).click();
}

// Each test goes on where the one before it ended, as the person does.
describe("from sign-up to a live graph", () => {
  it("signs up in the browser and shows the keys", async () => {
    const { page } = desk;
    await page.goto(served.url);
    await page.getByRole("link", { name: "Create a team" }).first().click();
    await page.getByLabel("Team").fill("Analytical Engines");
    await page.getByLabel("Email").fill(EMAIL);
    await page.getByLabel("Password").fill(PASSWORD);
    await page.getByRole("button", { name: "Create team" }).click();
    await page.getByRole("heading", { name: "Waiting for the first event" }).waitFor();
    project = page.url().replace(/\/start$/, "");
    expect(new URL(project).pathname).toBe("/analytical-engines/main");
    key = await page.getByLabel("API key", { exact: true }).innerText();
    expect(key).toMatch(/^cfk_p[a-z0-9]{15}_[A-Za-z0-9]{12}_[A-Za-z0-9]{32}_[0-9a-f]{24}$/);
    expect(await page.getByLabel("read key", { exact: true }).innerText()).not.toBe(key);
  });

  it("takes the first event from the copied curl command, and says so without a reload", async () => {
    const { page } = desk;
    await markPage(page);
    await page.getByRole("button", { name: "Copy the curl snippet" }).click();
    const snippet = await page.evaluate(() => navigator.clipboard.readText());
    expect(snippet).toContain(`curl ${served.url}/v1/events`);
    expect(snippet).toContain(key);
    const answer = execFileSync("sh", ["-c", snippet], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    expect(JSON.parse(answer)).toMatchObject({ accepted: 1, first_seq: 1 });
    await page.getByRole("heading", { name: "First event received" }).waitFor();
    await page.getByText("task_started from coder-a").first().waitFor();
    expect(await isStillMarked(page)).toBe(true);
  });

  it("has the task on the graph", async () => {
    const { page } = desk;
    await page.getByRole("link", { name: "Open Task Flow" }).click();
    await says(page, "TASK-001", "In progress, coder-a$");
    expect(await page.getByRole("treeitem").count()).toBe(1);
    // Under the pointer the graph holds its layout; here it shall move at once.
    await page.mouse.move(0, 0);
  });

  it("follows the work live: title, progress, wave, block, handoff, end", async () => {
    const { page } = desk;
    const TASK = "TASK-001";
    await sendNow({
      event_type: "task_created",
      task_id: TASK,
      metadata: { title: "Loom cards", files: ["src/loom.ts"] },
    });
    await says(page, TASK, "Loom cards, In progress, coder-a$");
    await sendNow({ event_type: "task_progress", task_id: TASK, metadata: { progress: 0.4 } });
    await says(page, TASK, "In progress 40%");
    await sendNow({
      event_type: "task_created",
      task_id: "TASK-002",
      metadata: { title: "Weave", dependencies: [TASK] },
    });
    await says(page, "TASK-002", "Weave, Pending$");
    expect(await task(page, "TASK-002").getAttribute("aria-level")).toBe("2");
    await sendNow({ event_type: "task_blocked", task_id: TASK, metadata: { reason: "no thread" } });
    await says(page, TASK, "Blocked, coder-a, no thread");
    expect(await task(page, TASK).getAttribute("class")).toContain("s-blocked");
    await sendNow(
      { event_type: "task_unblocked", task_id: TASK },
      { event_type: "handoff", task_id: TASK, metadata: { from_agent: "coder-a", to_agent: "coder-b" } },
    );
    await says(page, TASK, "In progress 40%, coder-b");
    expect(await isStillMarked(page)).toBe(true);
  });

  it("shows a task with its history and its locks beside the graph", async () => {
    const { page } = desk;
    await task(page, "TASK-001").click();
    await panel(page).getByRole("heading", { name: "Loom cards" }).waitFor();
    const history = panel(page).getByRole("list", { name: "Event history" }).getByRole("listitem");
    await history.nth(5).waitFor();
    const lines = await history.allInnerTexts();
    expect(lines).toHaveLength(6);
    expect(lines[0]).toContain("coder-b");
    expect(lines.at(-1)).toContain("started by coder-a");

    await sendNow({
      event_type: "file_locked",
      task_id: "TASK-001",
      agent_id: "coder-b",
      metadata: { path: "src/loom.ts" },
    });
    await panel(page).getByText("locked by coder-b").waitFor();
    await sendNow({
      event_type: "lock_conflict",
      task_id: "TASK-002",
      agent_id: "coder-c",
      metadata: { path: "src/loom.ts", holder_agent_id: "coder-b", holder_task_id: "TASK-001" },
    });
    await panel(page).getByText("coder-c waits on src/loom.ts").waitFor();
    await says(page, "TASK-002", "waits on coder-b");
    await sendNow({ event_type: "task_completed", task_id: "TASK-001", agent_id: "coder-b" });
    await says(page, "TASK-001", "Done, coder-b");
    await panel(page).getByText("locked by coder-b").waitFor({ state: "detached" });
    await history.nth(7).waitFor();
    expect(await isStillMarked(page)).toBe(true);
  });

  it("keeps what is on screen in the address, over a reload and over signing out and in", async () => {
    const { page } = desk;
    const address = page.url();
    expect(address).toContain("task=TASK-001");
    await page.reload();
    await panel(page).getByRole("heading", { name: "Loom cards" }).waitFor();
    await says(page, "TASK-001", "Done, coder-b");
    expect(page.url()).toBe(address);

    await page.getByRole("button", { name: /^Account / }).click();
    await page.getByRole("menuitem", { name: "Sign out" }).click();
    await page.getByRole("link", { name: "Create a team" }).first().waitFor();
    await page.goto(address);
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    expect(await page.content()).not.toContain("Loom cards");
    await signIn(page);
    await panel(page).getByRole("heading", { name: "Loom cards" }).waitFor();
    expect(page.url()).toBe(address);
  });

  it("shows the keys once", async () => {
    const { page } = desk;
    await page.goto(`${project}/start`);
    await page.getByRole("heading", { name: "First event received" }).waitFor();
    await page.getByRole("heading", { name: "Create an API key" }).waitFor();
    const secret = key.split("_")[3] ?? "";
    expect(secret).toHaveLength(32);
    expect(await page.content()).not.toContain(secret);
    await page.goto(`${project}/settings`);
    await page.getByRole("button", { name: "Revoke" }).first().waitFor();
    expect(await page.content()).not.toContain(secret);
  });

  it("keeps the theme that the person chose", async () => {
    const { page } = desk;
    const theme = () => page.locator("html").getAttribute("data-theme");
    const canvas = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    expect(await theme()).toBe("dark");
    const dark = await canvas();
    await page.getByRole("button", { name: "Switch theme" }).click();
    expect(await theme()).toBe("light");
    await page.reload();
    await page.getByRole("button", { name: "Switch theme" }).waitFor();
    expect(await theme()).toBe("light");
    expect(await canvas()).not.toBe(dark);
    await page.getByRole("button", { name: "Switch theme" }).click();
    await page.reload();
    await page.getByRole("button", { name: "Switch theme" }).waitFor();
    expect(await theme()).toBe("dark");
    expect(await canvas()).toBe(dark);
  });

  it("gave the browser nothing to complain of", () => {
    expect(desk.complaints).toEqual([]);
  });
});

describe("on a phone", () => {
  it("lists the tasks in place of the graph, live, and opens one", async () => {
    const phone = await visit(served.browser, { viewport: PHONE, hasTouch: true, isMobile: true });
    const { page } = phone;
    await page.goto(`${project}/flow`);
    await signIn(page);
    const row = page.getByRole("listitem").getByRole("link", { name: /Weave/ });
    await row.waitFor();
    expect(await page.getByRole("tree").count()).toBe(0);
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(width).toBeLessThanOrEqual(PHONE.width);
    await sendNow({ event_type: "task_claimed", task_id: "TASK-002", agent_id: "coder-d" });
    await page.getByRole("listitem").getByText("coder-d").waitFor();
    await row.tap();
    await panel(page).getByRole("heading", { name: "Weave" }).waitFor();

    await page.goto(`${project}/settings`);
    await page.getByRole("button", { name: "Light" }).tap();
    await page.goto(`${project}/flow`);
    await row.waitFor();
    expect(await page.locator("html").getAttribute("data-theme")).toBe("light");
    expect(phone.complaints).toEqual([]);
    await phone.context.close();
  });
});
