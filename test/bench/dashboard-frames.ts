/** Frames and presses: what a hand at the picture feels. */
import type { Browser } from "playwright-core";
import type { Account } from "../e2e/account.ts";
import { openDesk, openGraph, type Desk, type Report, type Say } from "./dashboard-desk.ts";
import { interactions, pan, watchFrames, type Frames } from "./dashboard-page.ts";
import { check } from "./figure.ts";
import { quantile } from "./machine.ts";

const PAN_MS = 6_000;
const STREAM_MS = 15_000;
/** The median frame of a screen of 60 Hz; a tenth above for the clock's grain. */
const FRAME_MS = 1_000 / 60;
const LATE_MS = FRAME_MS * 1.5;

function tellFrames(what: string, { intervals_ms, long_ms }: Frames, report: Report): void {
  const seconds = intervals_ms.reduce((sum, ms) => sum + ms, 0) / 1_000;
  const late = intervals_ms.filter((ms) => ms > LATE_MS).length;
  report(`${what}: frames a second`, "", [intervals_ms.length / seconds]);
  report(`${what}: frames later than one and a half, share`, "%", [(100 * late) / intervals_ms.length]);
  report(`${what}: frame, p95`, "ms", [quantile(intervals_ms, 0.95)]);
  report(`${what}: long tasks`, "/s", [long_ms.length / seconds]);
  report(`${what}: longest task`, "ms", [Math.max(0, ...long_ms)]);
}

/** While a hand pans all that the project ever did. */
export async function framesOfPast(
  browser: Browser,
  url: string,
  past: Account,
  report: Report,
  say: Say,
): Promise<void> {
  const desk = await openDesk(browser, url, past);
  await desk.page.addInitScript(watchFrames);
  await openGraph(desk.page, past, "view=all&waves=all");
  const drawn = await desk.page.getByRole("treeitem").count();
  const label = await desk.page.getByRole("tree").getAttribute("aria-label");
  say(`  ${label ?? ""} ${drawn} nodes are drawn`);
  tellFrames("panning the whole town", await pan(desk.page, PAN_MS), report);
  await desk.page.keyboard.press("f");
  await desk.page.waitForTimeout(1_000);
  tellFrames("panning it from afar", await pan(desk.page, PAN_MS), report);
  check(desk.complaints.length === 0, `the browser complained: ${desk.complaints.join("; ")}`);
  await desk.context.close();
}

/** While a team works. */
export async function framesOfStream(live: Desk, rate_per_s: number, report: Report): Promise<void> {
  tellFrames(`streaming ${rate_per_s} events/s`, await pan(live.page, STREAM_MS, false), report);
  tellFrames(`panning while it streams`, await pan(live.page, STREAM_MS), report);
  const taken_ms = await interactions(live.page);
  report(
    `interaction to next paint while it streams, p95 of ${taken_ms.length}`,
    "ms",
    [quantile(taken_ms, 0.95)],
    100,
  );
}
