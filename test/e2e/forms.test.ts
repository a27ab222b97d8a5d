/**
 * Forms as people fill them in: what is wrong stands beside its field and has the focus, the keyboard sends, what was
 * made can be copied at once, and closing leads back. And the settings, which stand still while they come.
 */
import type { Page, Route } from "playwright-core";
import { beforeAll, expect, it, vi } from "vitest";
import { lendSession, send, signUp, type Account } from "./account.ts";
import { serveProduct } from "./served.ts";
import { visit, type Visitor } from "./visitor.ts";

/** What the browser says of answers that these tests ask for: refusals of what was typed, and of an ended session. */
const EXPECTED = /^answer: (401|422) |with a status of (401|422)/;

/** What the settings ask for, each by itself. */
const LISTS = /\/api\/(keys|hooks|shares|projects\/\w+\/(channels|settings))\b/;
const FRAME_MS = 16;
const WAITING = { timeout: 30_000, interval: 20 };

const served = serveProduct();
let account: Account;
let reader: Visitor;

beforeAll(async () => {
  account = await signUp(served.url, "Clerks");
  await send(served.url, account.keys.ingest, [
    { event_type: "lesson_learned", metadata: { lesson_id: "first", headline: "Dates are exclusive" } },
  ]);
  await vi.waitFor(async () => expect(await statusOf("/lessons/first")).toBe(200), {
    ...{ timeout: 30_000, interval: 100 },
  });
  reader = await visit(served.browser);
  await lendSession(reader.context, served.url, account);
});

async function statusOf(path: string): Promise<number> {
  const address = `${served.url}/api/projects/${account.project.id}${path}`;
  return (await fetch(address, { headers: { cookie: account.cookie } })).status;
}

/** In the page: what has the focus, by its label, its words or its kind. */
function focused(): string {
  const at = document.activeElement;
  const label = at instanceof HTMLInputElement || at instanceof HTMLTextAreaElement ? at.labels?.[0] : null;
  return (label?.innerText ?? at?.getAttribute("aria-label") ?? at?.textContent ?? "").trim();
}
const expectFocus = (page: Page, name: RegExp) =>
  expect.poll(() => page.evaluate(focused), { timeout: 15_000 }).toMatch(name);

it("the settings come at once and stand still, wherever the address leads", async () => {
  const { page, context } = await visit(served.browser);
  await lendSession(context, served.url, account);
  // One list after the other, as on a slow line: without a place kept for them each pushes down what is below. The
  // page's clock goes on only by what the test gives it: the page waits for them, however slow the machine.
  const held: Route[] = [];
  let holds = true;
  await page.route(LISTS, async (route) => {
    if (holds) held.push(route);
    else await route.continue();
  });
  await page.clock.install();
  await page.clock.pauseAt(Date.now() + 1_000);
  await page.addInitScript(() => {
    Reflect.set(window, "shifted", 0);
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries())
        if (Reflect.get(entry, "hadRecentInput") !== true)
          Reflect.set(
            window,
            "shifted",
            Number(Reflect.get(window, "shifted")) + Number(Reflect.get(entry, "value")),
          );
    }).observe({ type: "layout-shift", buffered: true });
  });
  await page.goto(`${account.path}/settings`);
  await vi.waitFor(async () => {
    await page.clock.runFor(FRAME_MS);
    expect(held.length).toBe(5);
  }, WAITING);
  holds = false;
  for (const route of held) {
    await route.continue();
    await (await route.request().response())?.finished();
    await page.clock.runFor(FRAME_MS);
  }
  const first = page.getByRole("region", { name: "Lessons" }).getByLabel("Held back");
  await vi.waitFor(async () => {
    await page.clock.runFor(FRAME_MS);
    expect(await first.isVisible()).toBe(true);
  }, WAITING);
  expect(await page.evaluate(() => Number(Reflect.get(window, "shifted")))).toBeLessThan(0.02);
  await page.clock.resume();
  await page.goto(`${account.path}/memory?show=lessons`);
  await page.getByRole("link", { name: "Who gets lessons" }).click();
  await page.waitForURL(/settings#lessons$/);
  const place = page.getByRole("region", { name: "Lessons" });
  await place.getByLabel("Held back").waitFor();
  await expect
    .poll(() => place.evaluate((part) => Math.abs(part.getBoundingClientRect().top)))
    .toBeLessThan(300);
  await context.close();
});

it("a dialog is filled in, refused, mended, sent and left by the keyboard alone", async () => {
  const { page } = reader;
  const { keyboard } = page;
  await page.goto(`${account.path}/settings`);
  const opener = page.getByRole("button", { name: "Create a key" });
  await opener.focus();
  await keyboard.press("Enter");
  await expectFocus(page, /^Key name/);
  await keyboard.press("Enter");
  await page.getByText("Give the key a name.").waitFor();
  await expectFocus(page, /^Key name/);
  const field = page.getByLabel("Key name");
  expect(await field.getAttribute("aria-invalid")).toBe("true");
  const said = await field.getAttribute("aria-describedby");
  expect(await page.locator(`[id="${said ?? ""}"]`).innerText()).toBe("Give the key a name.");
  await keyboard.type("CI");
  await keyboard.press("Enter");
  await page.getByText(/^cfk_/).first().waitFor();
  await expectFocus(page, /^Copy the new API key/);
  await keyboard.press("Escape");
  await expectFocus(page, /^Create a key$/);
  await page.getByRole("row", { name: /^CI .*Working/ }).waitFor();
});

it("a refusal of the server stands beside its field too, and several lines are sent by Ctrl-Enter", async () => {
  const { page } = reader;
  await page.goto(`${account.path}/settings#intake`);
  const intake = page.getByRole("region", { name: "Intake" });
  await intake.getByLabel("Branch patterns").fill("no/part/is/named");
  await page.keyboard.press("Control+Enter");
  await intake.getByText(/^no\/part\/is\/named: /).waitFor();
  await expectFocus(page, /^Branch patterns/);
  await intake.getByLabel("Branch patterns").fill("{feature}/{task}");
  await page.keyboard.press("Control+Enter");
  await intake.getByText(/^Saved\./).waitFor();

  await page.goto(`${account.path}/memory?lesson=first`);
  const opener = page.getByRole("button", { name: "Judge…" });
  await opener.click();
  await expectFocus(page, /^helpful/);
  await page.getByRole("dialog").getByLabel("Why").fill("It saved an hour");
  await page.keyboard.press("Control+Enter");
  await page.getByText(/^You judged it\./).waitFor();
  await expectFocus(page, /^Judge…$/);
  expect(reader.complaints.filter((text) => !EXPECTED.test(text))).toEqual([]);
});

it("a list keeps its place when a lesson comes, and says that there is one", async () => {
  const { page } = reader;
  await page.goto(`${account.path}/memory?show=lessons`);
  const list = page.getByRole("region", { name: "Lessons", exact: true }).getByRole("listitem");
  await list.getByText("Dates are exclusive").waitFor();
  await send(served.url, account.keys.ingest, [
    {
      event_type: "lesson_learned",
      metadata: { lesson_id: "second", headline: "Weeks begin on Monday", importance: 10 },
    },
  ]);
  await page.getByRole("button", { name: "Show 1 new" }).click();
  await list.getByText("Weeks begin on Monday").waitFor();
  expect(await page.getByRole("button", { name: /^Show \d+ new$/ }).count()).toBe(0);
});

it("whose session ended is told so where it shows, and comes back by signing in", async () => {
  const { page, context, complaints } = await visit(served.browser);
  await lendSession(context, served.url, account);
  await page.goto(`${account.path}/settings`);
  await page.getByRole("button", { name: "Rename" }).waitFor();
  await context.clearCookies();
  await page.getByLabel("Project name").fill("Other");
  await page.keyboard.press("Enter");
  const project = page.getByRole("region", { name: "Project" });
  await project.getByText("You are signed out.").waitFor();
  await project.getByRole("link", { name: "Sign in" }).click();
  await page.getByLabel("Email").fill(account.email);
  await page.getByLabel("Password").fill(account.password);
  await page.keyboard.press("Enter");
  await page.waitForURL(`${account.path}/settings`);
  await page.getByRole("button", { name: "Rename" }).waitFor();
  expect(complaints.filter((text) => !EXPECTED.test(text))).toEqual([]);
  await context.close();
});
