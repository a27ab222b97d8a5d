/** A lead looks back: by the slider, by keys, by a link, and comes back to the present. */
import type { Page } from "playwright-core";
import { beforeAll, describe, expect, it } from "vitest";
import { lendSession, send, signUp, type Account } from "./account.ts";
import { serveProduct } from "./served.ts";
import { visit, type Visitor } from "./visitor.ts";

const MINUTE_MS = 60_000;
/** Three hours of work that ended a minute ago. */
const BEGIN_MS = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS - 181 * MINUTE_MS;
const at = (minutes: number) => new Date(BEGIN_MS + minutes * MINUTE_MS).toISOString();
const event = (minutes: number, event_type: string, task_id: string, metadata: object = {}) => ({
  timestamp: at(minutes),
  event_type,
  task_id,
  feature_id: "loom",
  metadata,
});
const LOG = [
  { timestamp: at(0), event_type: "feature_requested", feature_id: "loom", metadata: { title: "Loom" } },
  event(1, "task_created", "WARP", { title: "Set the warp" }),
  event(2, "task_created", "WEAVE", { title: "Weave", dependencies: ["WARP"] }),
  event(10, "task_started", "WARP"),
  event(30, "task_progress", "WARP", { progress: 0.4 }),
  event(60, "task_blocked", "WARP", { reason: "no thread" }),
  event(90, "task_unblocked", "WARP"),
  event(120, "task_completed", "WARP"),
  event(130, "task_started", "WEAVE"),
  event(150, "task_failed", "WEAVE", { reason: "torn" }),
  event(180, "task_reopened", "WEAVE"),
];

const served = serveProduct();
let account: Account;
let desk: Visitor;

beforeAll(async () => {
  account = await signUp(served.url, "Looking Back");
  await send(served.url, account.keys.ingest, LOG);
  desk = await visit(served.browser);
  await lendSession(desk.context, served.url, account);
});

const says = (page: Page, id: string, words: string) =>
  page.getByRole("treeitem", { name: new RegExp(`^${id} .*${words}`) }).waitFor();
const pill = (page: Page, kind: string) => page.locator(`[data-connection="${kind}"]`).waitFor();
const slider = (page: Page) => page.getByRole("slider", { name: "Time travel" });
const clock = (page: Page) => page.getByRole("region", { name: "Time", exact: true });
const live = (page: Page) => page.getByRole("button", { name: "LIVE" });
const seqInAddress = (page: Page, seq: number | null) =>
  page.waitForURL((url) => url.searchParams.get("at") === (seq === null ? null : String(seq)));

// Each test goes on where the one before it ended.
describe("the past on screen", () => {
  it("opens by dragging the slider, and the whole view follows", async () => {
    const { page } = desk;
    // What is foretold takes its part of the axis once it is known.
    const foretold = page.waitForResponse(/\/forecast\?/);
    await page.goto(`${account.path}/flow/loom`);
    await says(page, "WEAVE", "In progress|Pending");
    await pill(page, "live");
    expect(await live(page).getAttribute("aria-pressed")).toBe("true");
    await foretold;
    const box = await slider(page).locator("svg").first().boundingBox();
    if (box === null) throw new Error("the slider is drawn");
    await page.mouse.move(box.x + box.width - 2, box.y + 22);
    await page.mouse.down();
    // Minute 60: the warp is blocked.
    for (const share of [0.9, 0.7, 0.5, 0.4]) await page.mouse.move(box.x + box.width * share, box.y + 22);
    await page.mouse.up();
    await says(page, "WARP", "Blocked");
    await says(page, "WEAVE", "Pending");
    await pill(page, "past");
    expect(await page.locator('[data-connection="past"]').innerText()).toMatch(/Viewing .*live is \d/s);
    expect(await live(page).getAttribute("aria-pressed")).toBe("false");
    await page.waitForURL(/[?&]at=6$/);
    expect(await slider(page).getAttribute("aria-valuetext")).toMatch(/, event 6 of 11$/);
  });

  it("steps by keys, one event each", async () => {
    const { page } = desk;
    await page.keyboard.press(",");
    await says(page, "WARP", "In progress 40%");
    await page.keyboard.press(".");
    await says(page, "WARP", "Blocked");
    await page.keyboard.press(".");
    await says(page, "WARP", "In progress 40%");
    await seqInAddress(page, 7);
    await slider(page).focus();
    await page.keyboard.press("Home");
    await page.getByText("At this moment no task was known.").waitFor();
    await page.keyboard.press("End");
    await pill(page, "live");
    await says(page, "WEAVE", "Pending|In progress");
    await seqInAddress(page, null);
  });

  it("opens by an address, by seq and by time, over a reload and to whom it is sent", async () => {
    const { page } = desk;
    await page.goto(`${account.path}/flow/loom?at=6&task=WARP`);
    await says(page, "WARP", "Blocked");
    const panel = page.getByRole("complementary", { name: "Selected task" });
    // Ages count to the moment: it has only just been blocked.
    await panel.getByText("just now").waitFor();
    const history = panel.getByRole("list", { name: "Event history" }).getByRole("link");
    await history.first().waitFor();
    expect(await history.count()).toBe(4);
    await page.reload();
    await says(page, "WARP", "Blocked");
    await history.filter({ hasText: "40" }).click();
    await seqInAddress(page, 5);
    await says(page, "WARP", "In progress 40%");
    await page.goto(`${account.path}/flow/loom?at=${encodeURIComponent(at(61))}`);
    await says(page, "WARP", "Blocked");
    await seqInAddress(page, 6);
    await page.goto(`${account.path}/flow/loom?at=999`);
    await page.getByRole("alert").getByText("has not happened").waitFor();
    await live(page).click();
    await pill(page, "live");
  });

  it("shows the events until the moment, and refuses what makes no sense in it", async () => {
    const { page } = desk;
    await page.goto(`${account.path}/flow/loom?at=6`);
    await says(page, "WARP", "Blocked");
    await page.getByRole("button", { name: "More views" }).click();
    await page.getByRole("link", { name: "Events" }).click();
    await page.getByText(/^6 events until/).waitFor();
    const rows = page.getByRole("list", { name: "Events" }).getByRole("listitem");
    await rows.nth(5).waitFor();
    expect(await rows.count()).toBe(6);
    const pause = page.getByRole("button", { name: /Pause/ });
    expect(await pause.getAttribute("aria-disabled")).toBe("true");
    await live(page).click();
    await rows.nth(10).waitFor();
    expect(await pause.getAttribute("aria-disabled")).toBeNull();
    expect(await live(page).count()).toBe(0);
  });

  it("plays to the present, while new events are folded underneath", async () => {
    const { page } = desk;
    await page.goto(`${account.path}/flow/loom?at=9&speed=1000`);
    await says(page, "WEAVE", "In progress");
    await send(served.url, account.keys.ingest, [event(180.5, "task_merged", "WARP")]);
    await clock(page).getByText("event 9 of 12").waitFor();
    await says(page, "WEAVE", "In progress");
    await page.mouse.move(0, 0);
    await page.keyboard.press(" ");
    await says(page, "WEAVE", "Failed");
    await pill(page, "live");
    await says(page, "WARP", "Merged|Done");
    await seqInAddress(page, null);
  });

  it("returns at once by the key, and by going back", async () => {
    const { page } = desk;
    await page.keyboard.press(",");
    await pill(page, "past");
    await seqInAddress(page, 11);
    await page.keyboard.press("l");
    await pill(page, "live");
    await seqInAddress(page, null);
    await page.goBack();
    await pill(page, "past");
    await seqInAddress(page, 11);
    expect(desk.complaints).toEqual([]);
  });

  it("keeps clock and LIVE at hand on a phone", async () => {
    const phone = await visit(served.browser, {
      viewport: { width: 390, height: 844 },
      hasTouch: true,
      isMobile: true,
    });
    await lendSession(phone.context, served.url, account);
    const { page } = phone;
    await page.goto(`${account.path}/flow/loom?at=6`);
    await page.getByRole("listitem").getByText("no thread").waitFor();
    await clock(page).getByText("event 6 of 12").waitFor();
    expect(await slider(page).isVisible()).toBe(false);
    await live(page).tap();
    await pill(page, "live");
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    expect(phone.complaints).toEqual([]);
    await phone.context.close();
  });
});
