/** First looks at the Task Flow, as somebody with a slow machine has them. */
import { gzipSync } from "node:zlib";
import type { Browser } from "playwright-core";
import type { Account } from "../e2e/account.ts";
import { blockingTime, SLOWER } from "../e2e/blocking.ts";
import { openDesk, type Report } from "./dashboard-desk.ts";
import { watchLoad } from "./dashboard-page.ts";

/** As the issue asks: Chromium on localhost, four times slower. */
const CPU_SLOWDOWN = 4;
const LOADS = 5;

/** Largest paint, blocking time and bytes of script of first looks, each in a browser that kept nothing. */
export async function firstLoads(
  browser: Browser,
  url: string,
  account: Account,
  path: string,
  report: Report,
): Promise<void> {
  const paints: number[] = [];
  const blocked: number[] = [];
  let script_bytes = 0;
  for (let run = 0; run < LOADS; run++) {
    const desk = await openDesk(browser, url, account);
    const scripts: Promise<number>[] = [];
    desk.page.on("response", (response) => {
      if (response.request().resourceType() === "script")
        scripts.push(response.body().then((body) => gzipSync(body, { level: 9 }).length));
    });
    await desk.page.addInitScript(watchLoad);
    await desk.cdp.send("Emulation.setCPUThrottlingRate", { rate: CPU_SLOWDOWN });
    await desk.page.goto(`${account.path}/${path}`);
    await desk.page.locator('[data-connection="live"]').waitFor();
    await desk.page.waitForTimeout(3_000);
    const { paint_ms, blocked_ms } = await desk.page.evaluate(
      () => Reflect.get(window, "loading") as { paint_ms: number; blocked_ms: number },
    );
    paints.push(paint_ms);
    blocked.push(blocked_ms);
    script_bytes = (await Promise.all(scripts)).reduce((sum, bytes) => sum + bytes, 0);
    await desk.context.close();
  }
  report(`largest paint, ${path}, CPU ${CPU_SLOWDOWN}x slower`, "ms", paints, 1_000);
  report(`blocking time, ${path}, CPU ${CPU_SLOWDOWN}x slower`, "ms", blocked, 150);
  const desk = await openDesk(browser, url, account);
  const own_ms = await blockingTime(desk.context, desk.page, async () => {
    await desk.page.goto(`${account.path}/${path}`);
    await desk.page.locator('[data-connection="live"]').waitFor();
    await desk.page.waitForTimeout(3_000);
  });
  await desk.context.close();
  report(`blocking time, ${path}, by the thread's own clock, times ${SLOWER}`, "ms", [own_ms], 150);
  report(`script of the first look, gzipped, ${path}`, "KB", [script_bytes / 1_000], 150);
}
