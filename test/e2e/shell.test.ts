/** Everywhere in the dashboard: the palette, the keys, the theme, the executive overview, and the same by a link. */
import type { Page } from "playwright-core";
import { beforeAll, describe, expect, it } from "vitest";
import { lendSession, send, signUp, type Account } from "./account.ts";
import { serveProduct } from "./served.ts";
import { visit, type Visitor } from "./visitor.ts";

const HOSTILE = `<img src=x onerror="complain('markup')"> ${"w".repeat(300)}`;
const served = serveProduct();
let account: Account;
let desk: Visitor;
let page: Page;

beforeAll(async () => {
  account = await signUp(served.url, "Gas Town");
  await send(served.url, account.keys.ingest, [
    { event_type: "feature_requested", feature_id: "convoy", metadata: { title: "Convoy Stage & Launch" } },
    { event_type: "feature_requested", feature_id: "hostile", metadata: { title: HOSTILE } },
    {
      event_type: "task_created",
      task_id: "gt-1",
      feature_id: "convoy",
      metadata: { title: "Error detection" },
    },
    { event_type: "task_claimed", task_id: "gt-1", feature_id: "convoy", agent_id: "nux" },
    { event_type: "task_started", task_id: "gt-1", feature_id: "convoy", agent_id: "nux" },
    { event_type: "task_created", task_id: "gt-2", feature_id: "hostile", metadata: { title: HOSTILE } },
    { event_type: "task_failed", task_id: "gt-2", feature_id: "hostile", metadata: { reason: "no route" } },
    {
      event_type: "tokens_used",
      task_id: "gt-1",
      feature_id: "convoy",
      agent_id: "nux",
      metadata: { model: "claude-sonnet-5", cost_source: "reported" },
      metrics: { input_tokens: 1_200, output_tokens: 480, cost_usd: 0.7777 },
    },
  ]);
  desk = await visit(served.browser);
  ({ page } = desk);
  await lendSession(desk.context, served.url, account);
});

const main = () => page.getByRole("main");
const call = (path: string, body: object) =>
  fetch(served.url + path, {
    method: "POST",
    headers: { cookie: account.cookie, origin: served.url, "content-type": "application/json" },
    body: JSON.stringify(body),
  });

describe("the overview", () => {
  it("answers first, says what is unknown, and shows hostile titles as text", async () => {
    await page.goto(`${account.path}/executive`);
    await page.getByText(/^Two features are open; when they land is unknown/).waitFor();
    await main().getByRole("heading", { name: "The Board" }).waitFor();
    expect(await main().getByText("No opinion yet").count()).toBeGreaterThan(0);
    await main().getByText("No budget is set for a month").waitFor();
    await main().getByText("$0.78").first().waitFor();
    expect(await main().locator("img").count()).toBe(0);
    await page.setViewportSize({ width: 375, height: 800 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(375);
    await page.setViewportSize({ width: 1440, height: 900 });
    expect(desk.complaints).toEqual([]);
  });

  it("draws a budget once there is one", async () => {
    const made = await call(`/api/projects/${account.project.id}/budgets`, {
      scope: "project",
      period: "month",
      limit_usd: 10,
    });
    expect(made.status).toBe(201);
    await main().getByText("$9.22 left").waitFor();
    await main()
      .getByText(/No cone of how it ends yet/)
      .waitFor();
  });
});

describe("the palette", () => {
  it("opens by Ctrl-K and by /, finds a task by half a word, and goes there", async () => {
    await page.keyboard.press("Control+k");
    const field = page.getByRole("combobox", { name: "Go to or do" });
    await field.waitFor();
    await page.keyboard.type("err det");
    const option = page.getByRole("option", { name: /Error detection/ });
    await option.waitFor();
    expect(await option.getAttribute("aria-selected")).toBe("true");
    expect(await field.getAttribute("aria-activedescendant")).toBe(await option.getAttribute("id"));
    await page.keyboard.press("Enter");
    await page.waitForURL(`${account.path}/flow/convoy?task=gt-1`);
    await page.getByRole("complementary", { name: "Selected task" }).waitFor();
    // The Task Flow has a search of its own behind it.
    await page.goto(`${account.path}/executive`);
    await page.getByRole("heading", { name: "The Board" }).waitFor();
    await page.keyboard.press("/");
    await field.waitFor();
    await page.keyboard.type("nothing is called so");
    await page.getByText("Nothing here is called so.").waitFor();
    await page.keyboard.press("Escape");
    await field.waitFor({ state: "detached" });
  });

  it("does things, too", async () => {
    // The browser tells the page of a change of the system a moment later.
    const shows = (theme: string) => page.locator(`html[data-theme=${theme}]`).waitFor();
    await page.keyboard.press("Control+k");
    await page.getByRole("combobox", { name: "Go to or do" }).waitFor();
    await page.keyboard.type("theme of");
    await page.getByRole("option", { name: "Theme of the system" }).waitFor();
    await page.keyboard.press("Enter");
    await page.emulateMedia({ colorScheme: "light" });
    await shows("light");
    await page.emulateMedia({ colorScheme: "dark" });
    await shows("dark");
    await page.emulateMedia({ colorScheme: "light" });
    await page.reload();
    await shows("light");
  });
});

it("the keys lead from view to view and from row to row, and the sheet lists them", async () => {
  await page.goto(`${account.path}/flow`);
  await page.getByRole("heading", { name: "COO Task Flow" }).waitFor();
  await page.keyboard.press("1");
  await page.waitForURL(`${account.path}/executive`);
  await main()
    .getByRole("link", { name: /Convoy Stage/ })
    .first()
    .waitFor();
  await page.keyboard.press("j");
  const focused = () => page.evaluate(() => document.activeElement?.textContent ?? "");
  const first = await focused();
  await page.keyboard.press("j");
  expect(await focused()).not.toBe(first);
  await page.keyboard.press("k");
  expect(await focused()).toBe(first);
  await page.keyboard.press("?");
  const sheet = page.getByRole("dialog", { name: "Keys" });
  for (const words of ["Open Executive", "Open Task flow", "Next row", "Search", "Go anywhere, do anything"])
    await sheet.getByText(words, { exact: true }).waitFor();
  await page.keyboard.press("Escape");
  await page.keyboard.press("2");
  await page.waitForURL(`${account.path}/flow`);
});

describe("a link to how it goes", () => {
  it("has a tab for it, without costs and names, and a preview with its name", async () => {
    const made = await call("/api/shares", {
      project: account.project.id,
      name: "For <the> board",
      views: ["flow", "metrics"],
      redactions: ["cost", "name", "text"],
    });
    const { token } = (await made.json()) as { token: string };
    const html = await (await fetch(`${served.url}/s/${token}`)).text();
    expect(html).toContain('<meta property="og:title" content="For &lt;the&gt; board · Gas Town">');
    expect(html).not.toContain(token);
    expect((await fetch(`${served.url}/share-card.png`)).headers.get("content-type")).toBe("image/png");

    const guest = await visit(served.browser);
    await guest.page.goto(`${served.url}/s/${token}`);
    await guest.page.getByRole("link", { name: "Executive" }).click();
    await guest.page.getByRole("heading", { name: "CEO Executive Overview" }).waitFor();
    await guest.page.getByRole("heading", { name: "The Board" }).waitFor();
    const words = await guest.page.getByRole("main").innerText();
    expect(words).toContain("redacted");
    expect(words).not.toMatch(/\$|nux/);
    await guest.page.getByRole("link", { name: "Task flow" }).click();
    await guest.page.getByRole("heading", { name: "COO Task Flow" }).waitFor();
    expect(guest.complaints).toEqual([]);
  });
});

it.each([
  ["/sign-inn", "There is nothing at this address"],
  ["agentz", "There is nothing at this address"],
  ["../nope/flow", "There is no such project"],
])("at an address of nothing it says so, and loads once: %s", async (path, says) => {
  const visitor = await visit(served.browser);
  await lendSession(visitor.context, served.url, account);
  let loads = 0;
  visitor.page.on("request", (request) => (loads += request.isNavigationRequest() ? 1 : 0));
  const asked = visitor.page.waitForResponse(/version\.json$/);
  await visitor.page.goto(path.startsWith("/") ? `${served.url}${path}` : `${account.path}/${path}`);
  await visitor.page.getByText("not on the org chart").waitFor();
  await asked;
  expect(await visitor.page.locator("main").innerText()).toContain(says);
  // What says so stands still, and leads on: a page that loads itself again would take its words away.
  await visitor.page.getByRole("link", { name: "Go to the start page" }).click();
  await visitor.page.waitForURL(`${account.path}/**`);
  expect(loads).toBe(1);
  await visitor.context.close();
});

it("on paper there is the view, in the light theme, and nothing of the frame", async () => {
  await page.goto(`${account.path}/executive`);
  await page.getByText(/^Two features are open/).waitFor();
  await page.emulateMedia({ media: "print", colorScheme: "dark" });
  expect(await page.getByRole("navigation", { name: "Views" }).first().isVisible()).toBe(false);
  expect(await page.getByRole("button", { name: "Search tasks, features, agents" }).isVisible()).toBe(false);
  expect(await main().getByRole("heading", { name: "The Board" }).isVisible()).toBe(true);
  await page.emulateMedia({ media: "screen" });
});

it("a server that is away leaves the picture, with the age of the data", async () => {
  await served.server.stop();
  const pill = page.locator("[data-connection=disconnected]");
  await pill.waitFor();
  await pill.getByText(/^data .+ old · retrying/).waitFor();
  expect(await main().getByRole("heading", { name: "The Board" }).isVisible()).toBe(true);
});
