/** History is imported into a project in which somebody has set a budget already: its first day can still be reached. */
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { StateResponse, TimelineResponse } from "../../schema/wire/http.ts";
import { dayText } from "../../app/lib/ui/duration.ts";
import { lendSession, send, signUp, type Account } from "./account.ts";
import { launchBrowser } from "./browser.ts";
import { dataFolder, startServer, type Running } from "./server.ts";
import { visit, type Visitor } from "./visitor.ts";

const DAY_MS = 86_400_000;
/** At noon, so that the day is the same in the browser's time zone. */
const FIRST_DAY_MS = Math.floor(Date.now() / DAY_MS) * DAY_MS - 150 * DAY_MS + DAY_MS / 2;
const dayAt = (day: number, minutes = 0) =>
  new Date(FIRST_DAY_MS + day * DAY_MS + minutes * 60_000).toISOString();
const event = (timestamp: string, event_type: string, task_id: string, metadata: object = {}) => ({
  ...{ timestamp, event_type, task_id, feature_id: "loom", metadata },
});
const spent = (timestamp: string, cost_usd: number) => ({
  ...event(timestamp, "tokens_used", "WARP", { model: "m" }),
  metrics: { input_tokens: 1_000, output_tokens: 100, cost_usd },
});
/** The budget is event 1. */
const HISTORY = [
  { timestamp: dayAt(0), event_type: "feature_requested", feature_id: "loom", metadata: { title: "Loom" } },
  event(dayAt(0, 1), "task_created", "WARP", { title: "Set the warp" }),
  event(dayAt(0, 2), "task_started", "WARP"),
  spent(dayAt(0, 3), 2),
  event(dayAt(40), "task_created", "WEAVE", { title: "Weave" }),
  spent(dayAt(40, 1), 3),
  event(dayAt(40, 2), "task_completed", "WARP"),
  event(dayAt(100), "task_started", "WEAVE"),
];

const folder = dataFolder();
let server: Running;
let browser: Browser;
let account: Account;
let desk: Visitor;

beforeAll(async () => {
  [server, browser] = await Promise.all([startServer(folder.path), launchBrowser()]);
  account = await signUp(server.url, "Looking Further Back");
  desk = await visit(browser);
  await lendSession(desk.context, server.url, account);
});
afterAll(async () => {
  await browser.close();
  await server.stop();
  folder.remove();
});

const says = (page: Page, id: string, words: string) =>
  page.getByRole("treeitem", { name: new RegExp(`^${id} .*${words}`) }).waitFor();
const slider = (page: Page) => page.getByRole("slider", { name: "Time travel" });
async function read<T>(path: string): Promise<T> {
  const reply = await fetch(`${server.url}${path}`, {
    headers: { authorization: `Bearer ${account.keys.read}` },
  });
  expect(reply.status).toBe(200);
  return (await reply.json()) as T;
}

// Each test goes on where the one before it ended.
describe("history behind a budget", () => {
  it("a project in which only a budget was set shows the time at which it was, and no year 1970", async () => {
    const { page } = desk;
    const reply = await fetch(`${server.url}/api/projects/${account.project.id}/budgets`, {
      method: "POST",
      headers: { "content-type": "application/json", cookie: account.cookie, origin: server.url },
      body: JSON.stringify({ scope: "project", limit_usd: 100 }),
    });
    expect(reply.status).toBe(201);
    const { from } = await read<TimelineResponse>("/v1/timeline?buckets=10");
    expect(Date.now() - (from ?? 0)).toBeLessThan(DAY_MS);
    await page.goto(`${account.path}/flow?at=1`);
    await page.locator('[data-connection="past"]').waitFor();
    expect(await page.locator("body").innerText()).not.toMatch(/1970|\b1 Jan\b|\b\d{5,} d\b/);
  });

  it("the slider's first place is the first day of the work", async () => {
    const { page } = desk;
    await send(server.url, account.keys.ingest, HISTORY);
    const { from, to } = await read<TimelineResponse>("/v1/timeline?buckets=10");
    expect([from, to].map((ms) => new Date(ms ?? 0).toISOString())).toEqual([dayAt(0), dayAt(100)]);
    await page.goto(`${account.path}/flow/loom`);
    await says(page, "WEAVE", "In progress");
    await slider(page).focus();
    await page.keyboard.press("Home");
    await page.waitForURL(/[?&]at=1$/);
    await expect
      .poll(() => slider(page).getAttribute("aria-valuetext"))
      .toContain(dayText(FIRST_DAY_MS, Date.now()));
    expect(Number(await slider(page).getAttribute("aria-valuenow"))).toBe(1);
    await page.keyboard.press(".");
    await page.keyboard.press(".");
    await says(page, "WARP", "Pending");
    expect(await slider(page).getAttribute("aria-valuetext")).toContain(dayText(FIRST_DAY_MS, Date.now()));
  });

  it("an address with a day shows the numbers of that day", async () => {
    const { page } = desk;
    const then = encodeURIComponent(dayAt(39));
    const { state, time } = await read<StateResponse>(`/v1/state?at=${then}`);
    expect(new Date(time).toISOString()).toBe(dayAt(0, 3));
    expect(state.usage).toMatchObject({ calls: 1, reported_usd: 2 });
    await page.goto(`${account.path}/flow/loom?at=${then}`);
    await page.waitForURL(/[?&]at=5$/);
    await says(page, "WARP", "In progress");
    expect(await page.getByRole("treeitem", { name: /^WEAVE / }).count()).toBe(0);
    await page.goto(`${account.path}/flow/loom?at=${encodeURIComponent(dayAt(41))}`);
    await says(page, "WARP", "Done");
    await says(page, "WEAVE", "Pending");
    expect(desk.complaints).toEqual([]);
  });
});
