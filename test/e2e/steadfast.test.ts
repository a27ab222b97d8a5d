/**
 * What nobody planned for: forced colours, a session that ends, a server that goes away and returns. Each is shown for
 * what it is, and nothing jumps while a team works. Hostile texts and empty projects: odd.test.ts.
 */
import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import type { MetricsResponse } from "../../schema/wire/metrics.ts";
import { lendSession, readState, send, signUp, type Account } from "./account.ts";
import { serveProduct } from "./served.ts";
import { isStillMarked, markPage, visit, type Visitor } from "./visitor.ts";

const VIEWS = [
  ...["executive", "flow", "agents", "memory", "metrics", "features"],
  ...["explore", "alerts", "budgets", "calibration", "events"],
] as const;

const served = serveProduct();

async function visitor(
  account: Account,
  options: NonNullable<Parameters<typeof visit>[1]> = {},
): Promise<Visitor> {
  const made = await visit(served.browser, options);
  await lendSession(made.context, served.url, account);
  return made;
}

const sentence = (page: Page) => page.locator(".headline").first();

/** The view has its name and its sentence, in a window that need not be scrolled sideways. */
async function expectWhole(page: Page, account: Account, view: string): Promise<void> {
  await page.goto(`${account.path}/${view}`);
  await page.getByRole("heading", { level: 1 }).first().waitFor();
  await expect
    .poll(async () => (await sentence(page).innerText()).trim(), { message: view, timeout: 15_000 })
    .not.toBe("");
  const wider = await page.evaluate(
    () => document.documentElement.scrollWidth > document.documentElement.clientWidth,
  );
  expect(wider, `${view} sticks out`).toBe(false);
}

it("in forced colours no text is hidden on any view", { timeout: 120_000 }, async () => {
  const account = await signUp(served.url, "Forced colours");
  await send(served.url, account.keys.ingest, [
    { event_type: "feature_requested", feature_id: "f", metadata: { title: "Login" } },
    { event_type: "task_created", feature_id: "f", task_id: "t", metadata: { title: "Form" } },
    { event_type: "task_failed", feature_id: "f", task_id: "t", metadata: { reason: "no" } },
  ]);
  const { page, context, complaints } = await visitor(account, { forcedColors: "active" });
  for (const view of VIEWS) {
    await expectWhole(page, account, view);
    expect(await page.evaluate(unseenTexts), view).toEqual([]);
  }
  expect(complaints).toEqual([]);
  await context.close();
});

/** In the page: texts in the colour of what they stand on. Empty where all can be read. */
function unseenTexts(): string[] {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found: string[] = [];
  const groundOf = (from: Element | null): string => {
    for (let element = from; element !== null; element = element.parentElement) {
      const ground = getComputedStyle(element).backgroundColor;
      if (ground !== "rgba(0, 0, 0, 0)" && ground !== "transparent") return ground;
    }
    return "rgb(255, 255, 255)";
  };
  while (walker.nextNode() !== null) {
    const element = walker.currentNode.parentElement;
    const text = walker.currentNode.textContent?.trim() ?? "";
    if (text === "" || element?.checkVisibility({ visibilityProperty: true }) !== true) continue;
    if (element.closest("svg, script, style") !== null) continue;
    if (getComputedStyle(element).color === groundOf(element)) found.push(text.slice(0, 40));
  }
  return found;
}

it("a session that ends is told of, and signing in leads back to the very place", async () => {
  const account = await signUp(served.url, "Ended session");
  await send(served.url, account.keys.ingest, [{ event_type: "task_started", task_id: "only" }]);
  const { page, context } = await visitor(account);
  const place = `${account.path}/metrics?window=7d&metric=cost_per_hour`;
  await page.goto(place);
  await expect.poll(() => sentence(page).innerText(), { timeout: 15_000 }).toContain("metric");
  const ended = await fetch(`${served.url}/api/auth/sign-out`, {
    method: "POST",
    headers: { cookie: account.cookie, origin: served.url, "content-type": "application/json" },
    body: "{}",
  });
  expect(ended.status).toBe(200);
  // What is asked of the server now is refused, in words that say what to do.
  await page.getByRole("button", { name: "24 h" }).click();
  await page
    .getByText(/sign in again/i)
    .first()
    .waitFor();
  await page.goto(place);
  await page.waitForURL(/\/sign-in\?/);
  await page.getByLabel("Email").fill(account.email);
  await page.getByLabel("Password").fill(account.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL(place);
  await expect.poll(() => sentence(page).innerText(), { timeout: 15_000 }).toContain("metric");
  await context.close();
});

it("a server that goes away and returns is waited for, and what happened meanwhile is shown", async () => {
  const account = await signUp(served.url, "Away and back");
  await send(served.url, account.keys.ingest, [{ event_type: "task_started", task_id: "first" }]);
  const { page, context } = await visitor(account);
  await page.goto(`${account.path}/flow`);
  const pill = (kind: string) => page.locator(`[data-connection="${kind}"]`).first();
  await pill("live").waitFor();
  await page.getByRole("treeitem").first().waitFor();
  const spoken = () => page.locator("[data-connection] [role=status]").first().textContent();
  await expect.poll(spoken, { timeout: 15_000 }).toBe("Connection: Live");
  await markPage(page);
  await served.server.stop();
  await pill("disconnected").waitFor();
  expect(await page.getByRole("treeitem").count()).toBe(1);
  // What no longer holds is not left for a screen reader, either.
  expect(await spoken()).not.toBe("Connection: Live");
  await served.startAgain(["--port", new URL(served.url).port]);
  await send(served.url, account.keys.ingest, [{ event_type: "task_started", task_id: "second" }]);
  await expect.poll(() => page.getByRole("treeitem").count(), { timeout: 60_000 }).toBe(2);
  await pill("live").waitFor({ timeout: 60_000 });
  expect(await isStillMarked(page)).toBe(true);
  await context.close();
}, 120_000);

/** Three features at work, each a chain of tasks. */
async function teamAtWork(name: string): Promise<Account> {
  const account = await signUp(served.url, name);
  const task = (feature_id: string, n: number) => `${feature_id}-${String(n)}`;
  await send(
    served.url,
    account.keys.ingest,
    ["alpha", "beta", "gamma"].flatMap((feature_id) => [
      { event_type: "feature_requested", feature_id, metadata: { title: `Build ${feature_id}` } },
      ...[1, 2, 3].map((n) => ({
        ...{ event_type: "task_created", feature_id, task_id: task(feature_id, n) },
        metadata: { title: `Step ${String(n)}`, dependencies: n === 1 ? [] : [task(feature_id, n - 1)] },
      })),
      { event_type: "task_started", feature_id, task_id: task(feature_id, 1), agent_id: `at-${feature_id}` },
    ]),
  );
  return account;
}

it("the graph is walked along its edges by the arrows, opened by Enter and left by Escape", async () => {
  const account = await teamAtWork("Walkers");
  const { page, context, complaints } = await visitor(account);
  await page.goto(`${account.path}/flow/alpha`);
  const nodes = page.getByRole("treeitem");
  await expect.poll(() => nodes.count(), { timeout: 15_000 }).toBe(3);
  const focused = () => page.evaluate(() => document.activeElement?.getAttribute("data-key") ?? "");
  await nodes.first().focus();
  const walked = [await focused()];
  for (const key of ["ArrowDown", "ArrowDown", "ArrowUp"]) {
    const before = await focused();
    await page.keyboard.press(key);
    await expect.poll(focused).not.toBe(before);
    walked.push(await focused());
  }
  expect(walked).toEqual(["task:alpha-1", "task:alpha-2", "task:alpha-3", "task:alpha-2"]);
  const ring = () =>
    page.evaluate(() => {
      const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement ?? document.body);
      return `${outlineStyle} ${outlineWidth}`;
    });
  expect(await ring()).toBe("solid 2px");
  await page.keyboard.press("Enter");
  const panel = page.getByRole("complementary", { name: "Selected task" });
  await panel.getByText("Step 2").first().waitFor();
  await page.keyboard.press("Escape");
  await panel.waitFor({ state: "hidden" });
  expect(complaints).toEqual([]);
  await context.close();
});

it(
  "nothing jumps while a team works: rows keep their places, and no region moves",
  { timeout: 120_000 },
  async () => {
    const account = await teamAtWork("Calm");
    const { page, context, complaints } = await visitor(account);
    for (const view of ["flow", "executive", "flow/alpha"]) {
      await expectWhole(page, account, view);
      await page.waitForLoadState("networkidle");
      await page.locator("[data-connection=live]").first().waitFor();
      const places = () =>
        page
          .locator("main a")
          .filter({ hasText: /Build (?:alpha|beta|gamma)|Step/ })
          .evaluateAll((links) =>
            links.map(
              (link) => `${link.textContent.trim()} ${String(Math.round(link.getBoundingClientRect().y))}`,
            ),
          );
      const names = async () => (await places()).map((place) => place.replace(/\d+ min ago|just now/g, ""));
      await page.evaluate(() => {
        Reflect.set(window, "shifted", 0);
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries()) {
            const value: unknown = Reflect.get(entry, "value");
            Reflect.set(window, "shifted", Number(Reflect.get(window, "shifted")) + Number(value));
          }
        }).observe({ type: "layout-shift" });
      });
      const before = await names();
      expect(before.length, view).toBeGreaterThan(2);
      for (const feature_id of ["gamma", "alpha", "beta", "gamma", "beta"]) {
        await send(served.url, account.keys.ingest, [
          {
            ...{
              event_type: "task_progress",
              feature_id,
              task_id: `${feature_id}-1`,
              agent_id: `at-${feature_id}`,
            },
            metadata: { message: "on it" },
          },
        ]);
      }
      // What was sent last has been drawn, and perhaps what the room said of it.
      const head = await readHead(account);
      if (view.startsWith("flow")) await expect.poll(() => eventOnScreen(page)).toBeGreaterThanOrEqual(head);
      else await figuresDrawn(page);
      expect(await names(), view).toEqual(before);
      // The room may say something of its own meanwhile; what moves a region under its reader weighs ten times as much.
      expect(await page.evaluate(() => Number(Reflect.get(window, "shifted"))), view).toBeLessThan(0.01);
    }
    expect(complaints).toEqual([]);
    await context.close();
  },
);

/** Where the clock at the foot stands. */
async function eventOnScreen(page: Page): Promise<number> {
  const words = await page.getByText(/^event [\d,]+ of [\d,]+$/).innerText();
  return Number(/[\d,]+/.exec(words)?.[0].replaceAll(",", ""));
}

/** What is asked for next is answered by a figure that stands out: on the screen, it was drawn. */
async function figuresDrawn(page: Page): Promise<void> {
  await page.route(/\/metrics\?/, async (route) => {
    const response = await route.fetch();
    const answer = (await response.json()) as MetricsResponse;
    const rows = answer.rows.map((row) => ({ ...row, value: 4_321 }));
    await route.fulfill({ response, json: { ...answer, rows } });
  });
  await page.getByText(/4,321/).first().waitFor({ timeout: 45_000 });
  await page.unrouteAll({ behavior: "ignoreErrors" });
}

/** The seq of the last event. */
async function readHead(account: Account): Promise<number> {
  return (await readState(served.url, account.keys.read)).seq;
}
